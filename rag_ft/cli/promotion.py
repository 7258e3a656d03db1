"""`ragft promote`."""

from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app
from rag_ft.cli.options import IndexOption
from rag_ft.places import DEFAULT_INDEX


@app.command("promote")
def promote_command(
    reader: Annotated[Path, typer.Argument(help="A reader folder.")],
    index: IndexOption = DEFAULT_INDEX,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions", help="Questions; their dev rows count [default: a shipped set that fits]"
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Hold a reader against quotes, and let it answer `ragft ask` if it wins; else exit 1."""
    from rag_ft.cli.printing import print_json
    from rag_ft.cli.promoting import print_promotion, promote

    promotion = promote(reader, index, questions)
    print_json(promotion) if json else print_promotion(promotion)
    if not promotion.promoted:
        raise typer.Exit(1)
