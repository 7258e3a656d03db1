"""What `ragft index` and `ragft status` show."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rag_ft.cli.printing import print_json
from rag_ft.cli.progress import bars
from rag_ft.indexing.report import BuildReport
from rag_ft.indexing.report import Progress as ProgressCall
from rag_ft.indexing.status import IndexStatus
from rag_ft.prompts import one_line

_LISTED = 20


@contextmanager
def build_progress() -> Iterator[ProgressCall]:
    """Show a bar for each stage of a build, on a terminal only; it goes to stderr."""
    with bars() as advance:
        yield lambda stage, done, total: advance(stage, done, total)


def print_build(report: BuildReport, index: Path, *, as_json: bool) -> None:
    """Print what a build did."""
    if as_json:
        print_json(report)
        return
    console = Console()
    title = f"{index}, generation {report.generation}" + ("" if report.is_new else " (nothing had changed)")
    table = Table(title=Text(title, style="table.title"), title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    for name, value in (
        ("documents", f"{report.documents:,}"),
        ("pages", f"{report.pages:,}"),
        ("passages", f"{report.passages:,}"),
        ("seconds", f"{report.seconds:.1f}"),
        ("files added, changed, moved", f"{report.added}, {report.changed}, {report.moved}"),
        ("files unchanged", f"{report.unchanged}"),
        ("embedded, reused", f"{report.embedded:,}, {report.reused:,}"),
    ):
        table.add_row(name, value)
    console.print(table)
    _list(console, "Skipped", report.skipped)
    _list(
        console,
        "Duplicates, indexed once",
        tuple((name, f"same as {kept}") for name, kept in report.duplicates),
    )
    _list(
        console, "Gone from the disk, still indexed (--prune drops them)", tuple((n, "") for n in report.gone)
    )
    _list(console, "Removed", tuple((name, "") for name in report.removed))
    _list(console, "Notes", report.notes)


def print_status(status: IndexStatus, *, as_json: bool) -> None:
    """Print what an index holds, or what is wrong with it."""
    if as_json:
        print_json(status)
        return
    console = Console()
    for fault in status.faults:
        console.print(Text(f"{fault.file}: {fault.what}: {fault.remedy}"))
    if status.manifest is None:
        return
    manifest = status.manifest
    table = Table(title=Text(str(status.path), style="table.title"), title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    states = Counter(document.state for document in status.documents)
    for name, value in (
        ("generation", f"{manifest.generation}, {manifest.created:%Y-%m-%d %H:%M} UTC"),
        ("documents", f"{manifest.documents:,} ({', '.join(f'{n} {state}' for state, n in states.items())})"),
        ("pages", f"{manifest.pages:,}"),
        ("passages", f"{manifest.passages:,}"),
        ("encoder", f"{manifest.encoder.name} ({manifest.encoder.weights_sha256[:12]})"),
        ("embedded by", manifest.backend),
        ("vectors", manifest.vectors.describe()),
        ("size", f"{status.size / 1e6:,.1f} MB"),
        ("made from", "\n".join(manifest.roots) or "documents in memory"),
        ("files", "every hash as written" if status.checked else "sizes as written; --check hashes them"),
    ):
        table.add_row(name, Text(value))
    console.print(table)
    listing = Table(title="Documents", title_justify="left", expand=True)
    listing.add_column("document", ratio=1, overflow="fold")
    listing.add_column("version", no_wrap=True)
    listing.add_column("state")
    listing.add_column("passages", justify="right")
    for document in status.documents:
        info = document.info
        version = info.version.isoformat() if info.version else ""
        named = Text.assemble(one_line(info.title), "\n", (one_line(info.id), "dim"))
        listing.add_row(named, version, document.state, str(document.passages))
    console.print(listing)
    _list(console, "Not indexed", tuple((r.document, f"{r.state}: {r.why}") for r in status.not_indexed))


def _list(console: Console, title: str, rows: tuple[tuple[str, str], ...]) -> None:
    if not rows:
        return
    console.print(Text(f"{title}: {len(rows)}", style="bold"))
    for name, why in rows[:_LISTED]:
        console.print(Text(f"  {name}" + (f": {why}" if why else "")))
    if len(rows) > _LISTED:
        console.print(Text(f"  and {len(rows) - _LISTED} more (--json lists them all)"))
