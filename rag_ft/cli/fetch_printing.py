"""What `ragft fetch` shows."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from rag_ft.cli.printing import print_json
from rag_ft.fetching import FetchedFile, FetchReport


@contextmanager
def fetch_progress() -> Iterator[Callable[[FetchedFile, int, int], None]]:
    """Tell of each file as it is done, on stderr."""
    console = Console(stderr=True)

    def tell(file: FetchedFile, number: int, total: int) -> None:
        size = f" ({file.size / 1e6:.1f} MB)" if file.size else ""
        why = f": {file.why}" if file.why else size
        console.print(Text(f"{number}/{total} {file.file}: {file.outcome}{why}"))

    yield tell


def print_fetch(report: FetchReport, *, as_json: bool) -> None:
    """Print what was fetched and the next step."""
    if as_json:
        print_json(report)
        return
    counts = Counter(file.outcome for file in report.files)
    console = Console()
    console.print(
        Text(", ".join(f"{number} {outcome}" for outcome, number in counts.items()) or "nothing listed")
    )
    if counts["new"] or counts["changed"]:
        console.print(Text(f"Index them: ragft index {report.folder}"))
