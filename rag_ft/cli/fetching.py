"""`ragft fetch`."""

from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app


@app.command("fetch")
def fetch_command(
    files: Annotated[
        list[str] | None, typer.Argument(help="Files of the list to fetch; all without any.")
    ] = None,
    sources: Annotated[
        Path | None, typer.Option("--sources", help="List of sources [default: data/sources.yaml].")
    ] = None,
    folder: Annotated[Path, typer.Option("--to", help="Folder for the files.")] = Path("data/fetched"),
    max_mb: Annotated[float, typer.Option("--max-mb", help="Largest file, in MB.")] = 64.0,
    seconds: Annotated[float, typer.Option("--seconds", help="Longest download of one file.")] = 600.0,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Download published documents, politely, and only what is new."""
    from rag_ft.cli.fetch_printing import fetch_progress, print_fetch
    from rag_ft.fetching import Limits, fetch_sources, load_sources

    limits = Limits(bytes=int(max_mb * 1e6), seconds=seconds)
    with fetch_progress() as progress:
        report = fetch_sources(
            load_sources(sources), folder, only=files or (), limits=limits, progress=progress
        )
    print_fetch(report, as_json=json)
    if report.failed:
        raise typer.Exit(1)
