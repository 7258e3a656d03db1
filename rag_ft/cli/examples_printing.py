"""What `ragft examples` shows: a bar, rows as a person reads them, and the report."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rag_ft.cli.printing import print_json
from rag_ft.cli.progress import bars
from rag_ft.examples.gate import GateReport
from rag_ft.examples.making import OnProgress
from rag_ft.schema import Example


@contextmanager
def making_progress() -> Iterator[OnProgress]:
    """Show a bar on stderr, where it is a terminal."""
    with bars() as advance:
        advance("examples", 0, None)
        yield lambda done, total: advance("examples", done, total)


def print_example(console: Console, number: int, example: Example) -> None:
    """Print one row as a person reads it: question, passages, target."""
    console.print(Text(f"{number}. {example.question}", style="bold"))
    for mark, passage in enumerate(example.passages, start=1):
        shown = Text(f"   [{mark}] {'*' if passage.gold else ' '} {passage.text}")
        shown.stylize("green" if passage.gold else "dim")
        console.print(shown)
    console.print(Text(f"   -> {example.target}", style="yellow" if example.abstain else "green"))
    console.print(Text(f"      {example.template or example.family}, {example.source}\n", style="dim"))


def print_report(
    report: GateReport,
    skipped: Mapping[str, int],
    kinds: Mapping[str, str],
    output: Path | None,
    dev_rows: int = 0,
    *,
    as_json: bool = False,
) -> None:
    """Print what the set is and whether training will take it; `kinds` are the documents' by their id."""
    if as_json:
        print_json(report)
        return
    console = Console()
    table = Table(
        title=f"{output or 'Examples'}: {report.rows:,} rows", title_justify="left", show_header=False
    )
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    for name, value in _lines(report):
        table.add_row(name, value)
    if dev_rows:
        table.add_row("rows held out for development, of other documents", f"{dev_rows:,}")
    for reason, number in sorted(skipped.items()):
        table.add_row(f"left out: {reason}", f"{number:,}")
    console.print(table)
    _print_counts(console, f"{len(report.families)} families", report.families)
    origins = Counter[str]()
    for source, number in report.sources.items():
        # A public set is named below its shelf: "qa/xquad_en/...".
        origins[kinds.get(source) or "/".join(source.split("/")[:2])] += number
    _print_counts(console, "Rows by origin", dict(origins.most_common()))
    for fault in report.faults:
        console.print(Text(f"Training would refuse these: {fault}", style="red"))


def _print_counts(console: Console, title: str, counts: Mapping[str, int]) -> None:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    for name, number in counts.items():
        table.add_row(name, f"{number:,}")
    console.print(table)


def _lines(report: GateReport) -> Iterator[tuple[str, str]]:
    rows = max(report.rows, 1)
    yield "unique questions", f"{report.unique_questions:,} ({report.unique_questions / rows:.0%})"
    yield "answers that are no yes or no", f"{report.answers:,}"
    yield "unique among them", f"{report.unique_answers:,} ({report.unique_answer_share:.0%})"
    yield "yes or no", f"{report.yes_no:,}"
    yield "abstentions", f"{report.abstentions:,} ({report.abstention_share:.0%})"
    yield "answers that cite no gold passage", f"{report.ungrounded:,}"
    yield "near duplicates", f"{report.near_duplicates:,}"
    yield "rows with passages cut", f"{report.cut:,}"
    yield "rows with an institution swapped", f"{report.swapped:,} ({report.swapped / rows:.0%})"
    yield "templates", f"{len(report.templates):,}"
    yield "words a question, median and most", "{:,} / {:,}".format(*report.question_words)
    yield "words an answer, median and most", "{:,} / {:,}".format(*report.answer_words)
    for size, number in report.passages.items():
        yield f"rows of {size} passages", f"{number:,}"
