"""`ragft diff`: what changed between two documents, or inside a marked-up one."""

from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app


@app.command("diff")
def diff(
    earlier: Annotated[Path, typer.Argument(help="A document, or a marked-up one on its own.")],
    later: Annotated[Path | None, typer.Argument(help="The document to compare it with.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Print the paragraphs that changed between two documents, or the amendments inside one."""
    from rag_ft.cli.diff_printing import print_changes
    from rag_ft.parsing.difference import compare_files

    print_changes(compare_files(earlier, later), as_json)
