"""The bar that long commands show: on stderr, on a terminal only, so that no output is mixed with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

# What is done, how much of it, and of how much; None where nobody knows yet.
Advance = Callable[[str, int, int | None], None]


@contextmanager
def bars(*, transient: bool = True) -> Iterator[Advance]:
    """Show a bar for each name that is advanced; `transient` ones vanish at the end."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=transient) as shown:
        tasks: dict[str, TaskID] = {}

        def advance(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(name, total=total)
            shown.update(tasks[name], completed=done, total=total)

        yield advance
