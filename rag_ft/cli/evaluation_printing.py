"""How the terminal shows an evaluation: a bar while it runs, then a table of measures by system."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from rag_ft.evaluation.measures import MEASURES, Measure
from rag_ft.evaluation.results import Estimate, Evaluation
from rag_ft.evaluation.runner import OnProgress


@contextmanager
def asking_progress() -> Iterator[OnProgress]:
    """Show a bar on stderr, a line a system, where it is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        tasks: dict[str, int] = {}

        def advance(system: str, done: int, total: int) -> None:
            if system not in tasks:
                tasks[system] = bar.add_task(system, total=total)
            bar.update(tasks[system], completed=done)  # type: ignore[arg-type]

        yield advance


def print_evaluation(evaluation: Evaluation, *, as_json: bool) -> None:
    """Print the table of measures, or the whole result as JSON."""
    if as_json:
        sys.stdout.write(evaluation.to_json() + "\n")
        return
    console = Console()
    questions = evaluation.questions
    table = Table(
        title=f"{len(questions.rows)} questions of {questions.source}: {questions.answerable} answerable, "
        f"{questions.unanswerable} not; 95% intervals",
        title_justify="left",
    )
    ran = [system for system in evaluation.systems if system.status == "ran"]
    table.add_column("measure")
    for system in ran:
        table.add_column(Text(system.name), justify="right")
    for measure in MEASURES:
        estimates = [system.measures.get(measure.name) for system in ran]
        if any(estimates):
            table.add_row(measure.title, *(shown_estimate(measure, each) for each in estimates))
    if ran:
        console.print(table)
    for system in evaluation.systems:
        if system.status == "not run":
            console.print(Text(f"Not run: {system.name}: {system.reason}", style="yellow"))


def shown_estimate(measure: Measure, estimate: Estimate | None) -> str:
    """Write an estimate as a person reads it: value, interval, and over how many questions."""
    if estimate is None:
        return ""
    if measure.unit == "seconds":
        return f"{estimate.value:.3f} s ({estimate.low:.3f} to {estimate.high:.3f})"
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f}) of {estimate.questions}"
