"""How the terminal shows an evaluation: a bar while it runs, then a table of measures by system."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rag_ft.cli.printing import print_json
from rag_ft.cli.progress import bars
from rag_ft.evaluation.asking import OnProgress
from rag_ft.evaluation.gate import GateVerdict
from rag_ft.evaluation.report import tables as report_tables
from rag_ft.evaluation.report.summary import summary
from rag_ft.evaluation.report.tables import group_tables
from rag_ft.evaluation.results import Evaluation


@contextmanager
def asking_progress() -> Iterator[OnProgress]:
    """Show a bar on stderr, a line a system, where it is a terminal."""
    with bars(transient=False) as advance:
        yield advance


def print_evaluation(evaluation: Evaluation, *, as_json: bool) -> None:
    """Print the tables of measures, or the whole result as JSON."""
    if as_json:
        sys.stdout.write(evaluation.to_json() + "\n")
        return
    console = Console()
    for sentence in summary(evaluation):
        console.print(Text(sentence))
    for table in group_tables(evaluation):
        console.print(_rich(table))
    for system in evaluation.systems:
        if system.status == "not run":
            console.print(Text(f"Not run: {system.name}: {system.reason}", style="yellow"))


def print_files(files: dict[str, Path]) -> None:
    """Say on stderr what was written, since stdout may be the JSON."""
    Console(stderr=True).print(Text(f"Written: {', '.join(str(file) for file in files.values())}"))


def print_gate(verdicts: Sequence[GateVerdict], *, as_json: bool) -> None:
    """Print a line for each measure held, failures last where the eye ends."""
    if as_json:
        print_json(list(verdicts))
        return
    for verdict in sorted(verdicts, key=lambda each: not each.passed):
        Console().print(Text(verdict.as_line(), style="" if verdict.passed else "red"), soft_wrap=True)


def _rich(table: report_tables.Table) -> Table:
    shown = Table(title=table.title, title_justify="left")
    for position, column in enumerate(table.columns):
        shown.add_column(Text(column), justify="left" if position == 0 else "right")
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))
    return shown
