"""What `ragft train` reads, calls and shows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from rag_ft.cli.printing import print_json
from rag_ft.errors import UsageError
from rag_ft.network import go_offline, silence_telemetry
from rag_ft.plain_json import as_plain
from rag_ft.schema import Example
from rag_ft.training.retriever_settings import RetrieverConfig
from rag_ft.training.settings import TrainingConfig

if TYPE_CHECKING:
    # Its module imports transformers.
    from rag_ft.training.progress import TrainingEvent
    from rag_ft.training.reports import TrainingReport


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the command line names to train on; `force` passes the quality gate by.

    Without a file of examples they are made from the index. Of `questions` a retriever
    learns, with the `corpus` of a public set in its own `layout`; a reader is held against
    quotes by them.
    """

    index: Path
    examples: Path | None
    dev: Path | None
    texts: tuple[Path, ...]
    force: bool
    questions: tuple[Path, ...] = ()
    layout: str | None = None
    corpus: Path | None = None


def run_training(
    config: TrainingConfig | RetrieverConfig,
    inputs: Inputs,
    folder: Path,
    *,
    resume: bool,
    offline: bool,
    as_json: bool,
) -> None:
    """Train, adapt or fine-tune as a configuration says, show it while it runs, and print the report.

    A grounded reader is then held against quotes, and promoted if it wins.

    Raises:
        UsageError: nothing to train on was named, or something that this task does not take.
    """
    silence_telemetry()
    if offline:
        go_offline()
    # What is imported from here on imports the hub's client, which reads its environment once.
    if isinstance(config, RetrieverConfig):
        from rag_ft.cli.retriever_run import run_retriever

        run_retriever(config, inputs, folder, resume=resume, offline=offline, as_json=as_json)
    else:
        _run_reader(config, inputs, folder, resume=resume, offline=offline, as_json=as_json)


def _run_reader(
    config: TrainingConfig, inputs: Inputs, folder: Path, *, resume: bool, offline: bool, as_json: bool
) -> None:
    from rag_ft.cli.promoting import print_promotion, try_to_promote
    from rag_ft.evaluation.promoting import development_questions
    from rag_ft.training.adaptation import adapt_base
    from rag_ft.training.loop import is_main_process
    from rag_ft.training.run import train_reader
    from rag_ft.training.texts import load_texts

    download = not offline
    questions = _held_questions(inputs)
    if questions is not None:
        # A wrong file is said before hours of training, not after.
        development_questions(questions)
    with training_progress(shown=is_main_process()) as progress:
        if config.task == "adapt":
            if not inputs.texts:
                raise UsageError(
                    "adapt: name the documents to adapt to: --texts PATH (more than one may be given)"
                )
            report = adapt_base(
                load_texts(inputs.texts), config, folder, resume=resume, download=download, progress=progress
            )
        else:
            report = train_reader(
                _examples(inputs),
                config,
                folder,
                dev=_dev(inputs),
                gate=None if inputs.force else _gate,
                resume=resume,
                download=download,
                progress=progress,
            )
    if not is_main_process():
        return
    if not as_json:
        print_report(report)
    is_base = config.task == "adapt"
    promotion = None if is_base else try_to_promote(folder, inputs.index, questions)
    if as_json:
        print_json({**as_plain(report), "promotion": as_plain(promotion)})
    elif promotion is not None:
        print_promotion(promotion)


def run_export(
    reader: Path,
    output: Path | None,
    *,
    merge: bool,
    dtype: str,
    shard: str | None,
    engine: bool,
    examples: Path | None,
    offline: bool,
) -> None:
    """Write a reader in another form, or put the CPU engine into its folder, and say where.

    Raises:
        UsageError: nothing to do was named, or no folder to write to.
    """
    silence_telemetry()
    if offline:
        go_offline()
    from rag_ft.example_rows import load_examples
    from rag_ft.training.engine import add_engine
    from rag_ft.training.export import export_reader

    rewrites = merge or shard is not None or dtype != "float32"
    if rewrites and output is None:
        raise UsageError("export: name the new folder: --output FOLDER")
    if not rewrites and not engine and output is None:
        raise UsageError("export: say what to make: --merge, --dtype bfloat16, --shard SIZE or --engine")
    console = Console()
    if output is not None:
        held_out = reader / "run" / "dev.jsonl"
        examples = examples or (held_out if held_out.is_file() else None)
        reader = export_reader(reader, output, dtype=dtype, shard=shard, download=not offline)
        console.print(Text(f"Exported to {reader}"))
    if engine:
        report = add_engine(reader, load_examples(examples) if examples else None)
        console.print(
            Text(
                f"Engine in {report.folder}: {report.megabytes:.0f} MB, torch's answer to "
                f"{report.agreement:.1%} of {report.checked} questions, "
                f"{report.engine_seconds:.3f} s a question (torch {report.torch_seconds:.3f} s)"
            )
        )


@contextmanager
def training_progress(*, shown: bool) -> Iterator[Callable[["TrainingEvent"], None] | None]:
    """Show a bar on a terminal, and a line for every loss and score everywhere; both on stderr."""
    if not shown:
        yield None
        return
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("step"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        bar = bars.add_task("steps", total=None)

        def show(event: "TrainingEvent") -> None:
            bars.update(bar, completed=event.step, total=event.steps or None)
            console.print(Text(event_line(event)), soft_wrap=True)

        yield show


def event_line(event: "TrainingEvent") -> str:
    """Return one line for an event of a run."""
    if event.note:
        return event.note
    parts = [f"step {event.step}/{event.steps}", f"epoch {event.epoch:.2f}"]
    if event.loss is not None:
        parts.append(f"loss {event.loss:.4f}")
    if event.learning_rate is not None:
        parts.append(f"rate {event.learning_rate:.2e}")
    if event.tokens_per_second is not None:
        parts.append(f"{event.tokens_per_second:,.0f} tokens/s")
    parts += [f"dev {name} {value:.4f}" for name, value in event.scores.items()]
    return "  ".join(parts)


def print_report(report: "TrainingReport") -> None:
    """Print what a run did and where its reader lies."""
    table = Table(title=str(report.folder), title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    early = ", stopped early" if report.stopped_early else ""
    left_out = f", {len(report.left_out)} left out" if report.left_out else ""
    for name, value in (
        ("examples", f"{report.examples:,} (development {report.dev_examples:,}{left_out})"),
        ("steps", f"{report.steps:,}, best {report.best_step:,}{early}"),
        ("parameters", f"{report.parameters:,}, trained {report.trainable_parameters:,}"),
        (
            "speed",
            f"{report.tokens_per_second:,.0f} tokens/s without padding, {report.seconds:,.0f} s in all",
        ),
        ("device", f"{report.device}, {report.precision}"),
        *((f"dev {name}", f"{value:.4f}") for name, value in report.scores.items()),
    ):
        table.add_row(name, value)
    Console().print(table)


def _examples(inputs: Inputs) -> Iterable[Example]:
    if inputs.examples is not None:
        from rag_ft.example_rows import load_examples

        return load_examples(inputs.examples)
    from rag_ft.examples import make_examples
    from rag_ft.pipeline import open_index

    return make_examples(open_index(inputs.index))


def _held_questions(inputs: Inputs) -> Path | None:
    """Give the file of questions that a reader is held against quotes by."""
    if inputs.layout or inputs.corpus:
        raise UsageError(
            "train: --layout and --corpus train a retriever; "
            "a reader learns from examples: ragft examples --public FOLDER, then --examples"
        )
    if len(inputs.questions) > 1:
        raise UsageError("train: a reader is held against quotes by one file of --questions")
    return inputs.questions[0] if inputs.questions else None


def _gate(examples: Sequence[Example]) -> None:
    from rag_ft.examples import check_examples

    check_examples(examples).require()


def _dev(inputs: Inputs) -> Iterator[Example] | None:
    from rag_ft.example_rows import load_examples

    return load_examples(inputs.dev) if inputs.dev else None
