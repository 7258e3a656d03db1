"""`ragft index` and `ragft status`."""

from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app
from rag_ft.cli.options import IndexOption
from rag_ft.places import DEFAULT_INDEX


@app.command("index")
def index_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files and folders; without any, those it knows are refreshed."),
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    prune: Annotated[bool, typer.Option("--prune", help="Drop documents whose files are gone.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Parse and embed everything anew.")] = False,
    encoder: Annotated[str | None, typer.Option("--encoder", help="Encoder: a folder or a hub name.")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Never download an encoder.")] = False,
    wait: Annotated[
        float, typer.Option("--wait", min=0.0, help="Seconds to wait for another build to end.")
    ] = 0.0,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Add documents to an index, or bring it up to date with them."""
    from rag_ft.cli.index_printing import build_progress, print_build
    from rag_ft.indexing import update_index
    from rag_ft.network import go_offline

    if offline:
        go_offline()
    with build_progress() as progress:
        report = update_index(
            paths or None,
            index,
            encoder_name=encoder,
            prune=prune,
            rebuild=rebuild,
            offline=offline,
            wait=wait,
            progress=progress,
        )
    print_build(report, index, as_json=json)


@app.command("status")
def status_command(
    index: IndexOption = DEFAULT_INDEX,
    check: Annotated[bool, typer.Option("--check", help="Hash every file and say what is damaged.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Say what an index holds, and with --check whether its files are sound."""
    from rag_ft.cli.index_printing import print_status
    from rag_ft.indexing import index_status

    status = index_status(index, check=check)
    print_status(status, as_json=json)
    if status.faults:
        raise typer.Exit(1)
