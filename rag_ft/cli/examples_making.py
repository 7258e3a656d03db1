"""What `ragft examples` opens, calls and writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from rag_ft.cli.examples_printing import making_progress, print_example, print_report
from rag_ft.cli.index_printing import build_progress
from rag_ft.cli.outputs import check_output
from rag_ft.example_rows import write_examples
from rag_ft.examples.gate import ExampleCounts, GateLimits
from rag_ft.examples.making import ExampleMaker
from rag_ft.examples.tokens import estimate_tokens, token_counter
from rag_ft.network import go_offline
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Example

if TYPE_CHECKING:
    from rag_ft.examples.public_index import PublicIndex

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ExamplesOrder:
    """What the command line asks for."""

    index: Path
    questions: Path | None
    public: tuple[Path, ...]
    public_index: Path
    structure: bool
    output: Path | None
    dev: Path | None
    dev_share: float
    tokenizer: Path | None
    seed: int
    limit: int | None
    preview: int | None
    offline: bool


def make_and_print(order: ExamplesOrder, *, as_json: bool) -> None:
    """Make examples, write them as they come, preview the first and report on all."""
    if order.offline:
        go_offline()
    for file in (order.output, order.dev):
        if file is not None:
            check_output(file)
    count_tokens = token_counter(order.tokenizer) if order.tokenizer else estimate_tokens
    shown = order.preview if order.preview is not None else (0 if order.output else _SHOWN)
    maker = ExampleMaker(
        PassageIndex.load(order.index, offline=order.offline),
        order.questions,
        seed=order.seed,
        structure=order.structure,
        public=_public(order),
        # Without a file there is nothing to make beyond what is shown.
        limit=order.limit if order.output else shown,
        dev_share=order.dev_share,
        count_tokens=count_tokens,
    )
    counts = ExampleCounts(GateLimits(), count_tokens)
    dev: list[Example] = []
    with making_progress() as on_progress:
        made = _trained_on(maker, counts, shown, dev, maker.examples(on_progress))
        if order.output is not None:
            write_examples(order.output, made)
        else:
            for _ in made:
                pass
    if order.dev is not None:
        write_examples(order.dev, dev)
    print_report(counts.report(), maker.skipped, maker.kinds, order.output, len(dev), as_json=as_json)


def _trained_on(
    maker: ExampleMaker, counts: ExampleCounts, shown: int, dev: list[Example], made: Iterator[Example]
) -> Iterator[Example]:
    """Pass the training part on as it is made, counted and shown; the smaller part is gathered."""
    console = Console()
    for number, example in enumerate(made, start=1):
        if number <= shown:
            print_example(console, number, example)
        if maker.is_dev(example):
            dev.append(example)
        else:
            counts.add(example)
            yield example


def _public(order: ExamplesOrder) -> "PublicIndex | None":
    if not order.public:
        return None
    from rag_ft.examples.public_index import index_public_sets

    with build_progress() as progress:
        return index_public_sets(order.public, order.public_index, offline=order.offline, progress=progress)
