"""What `ragft train` does for `task: retriever`: rows mined from an index, then the encoder trained."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from rag_ft.cli.examples_printing import making_progress
from rag_ft.cli.printing import print_json
from rag_ft.cli.training_run import Inputs, training_progress
from rag_ft.errors import UsageError
from rag_ft.examples.hard_negatives import mine_retriever_rows, structure_questions
from rag_ft.question_rows import load_questions
from rag_ft.retriever_rows import RetrieverRow, load_retriever_rows, save_retriever_rows
from rag_ft.training.retriever_settings import RetrieverConfig

if TYPE_CHECKING:
    from rag_ft.training.retriever import RetrieverReport

# The rows of a run stay beside its model: a resumed run learns from the same.
_ROWS = "rows.jsonl"


def run_retriever(
    config: RetrieverConfig, inputs: Inputs, folder: Path, *, resume: bool, offline: bool, as_json: bool
) -> None:
    """Mine rows or read them, train on them, and print the report.

    Raises:
        UsageError: an option was given that no retriever takes, or nothing to learn from.
    """
    if inputs.dev or inputs.texts:
        raise UsageError(
            "train: a retriever takes neither --dev nor --texts: its development part is held out "
            "by gold passage, and dev_share says how much"
        )
    kept = folder / _ROWS
    if resume and kept.is_file():
        rows = load_retriever_rows(kept)
    else:
        rows = load_retriever_rows(inputs.examples) if inputs.examples else _mine(config, inputs, offline)
        folder.mkdir(parents=True, exist_ok=True)
        save_retriever_rows(rows, kept)
    from rag_ft.training.retriever import train_retriever

    with training_progress(shown=True) as progress:
        report = train_retriever(rows, config, folder, resume=resume, offline=offline, progress=progress)
    print_retriever_report(report, as_json=as_json)


def print_retriever_report(report: "RetrieverReport", *, as_json: bool) -> None:
    """Print what a run did, and how its encoder is put to use."""
    if as_json:
        print_json(report)
        return
    table = Table(title=report.folder, title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_row("rows", f"{report.rows:,} (development {report.dev_rows:,})")
    table.add_row("dev MRR@10, base", f"{report.base_score:.4f}")
    for epoch, score in enumerate(report.scores, start=1):
        kept = ", kept" if epoch == report.kept_epoch else ""
        table.add_row(f"dev MRR@10, epoch {epoch}", f"{score:.4f}{kept}")
    Console().print(table)
    used = f"ragft index PATH --rebuild --encoder {report.folder}"
    Console().print(
        used if report.kept_epoch else "No epoch beat the base, whose weights are kept.", style="dim"
    )


def _mine(config: RetrieverConfig, inputs: Inputs, offline: bool) -> list[RetrieverRow]:
    from rag_ft.retrieval.passage_index import PassageIndex

    rows: list[RetrieverRow] = []
    if inputs.layout is not None:
        rows += _mine_public(config, inputs, inputs.layout)
    index = PassageIndex.load(inputs.index, offline=offline)
    own = [] if inputs.layout else [row for file in inputs.questions for row in load_questions(file)]
    asked = [*own, *structure_questions(index, config.seed, config.structure_questions)]
    with making_progress() as on_progress:
        rows += mine_retriever_rows(
            index, asked, negatives=config.negatives, depth=config.depth, on_progress=on_progress
        )
    if not rows:
        raise UsageError(
            f"{inputs.index}: no question has a gold paragraph there: name others with --questions, "
            "or set structure_questions above 0"
        )
    return rows


def _mine_public(config: RetrieverConfig, inputs: Inputs, layout: str) -> list[RetrieverRow]:
    """Ask a public set of its own corpus, where a gold place is meant as it is written."""
    from rag_ft.evaluation.benchmark import ensure_index, is_exactly
    from rag_ft.evaluation.layouts import load_benchmark
    from rag_ft.retrieval.passage_index import PassageIndex
    from rag_ft.retrieval.search_settings import SearchSettings

    if not inputs.questions:
        raise UsageError(f"train: name the questions of {layout} with --questions")
    rows: list[RetrieverRow] = []
    for file in inputs.questions:
        benchmark = load_benchmark(layout, file, inputs.corpus)
        ensure_index(benchmark, inputs.index)
        index = PassageIndex.load(
            inputs.index, settings=SearchSettings(handles=False, suppress_repeats=False)
        )
        with making_progress() as on_progress:
            rows += mine_retriever_rows(
                index,
                benchmark.questions,
                negatives=config.negatives,
                depth=config.depth,
                answers=is_exactly,
                on_progress=on_progress,
            )
        index.close()
    return rows
