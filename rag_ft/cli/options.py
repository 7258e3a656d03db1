"""Options that several commands take, each written once."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day: write it as in 2025-06-30") from None


IndexOption = Annotated[Path, typer.Option("--index", "-i", help="Folder of the index.")]
KOption = Annotated[int, typer.Option("-k", min=1, max=100, help="How many paragraphs to read.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
AsOfOption = Annotated[
    date | None,
    typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Answer for the law as it stood on this day."),
]
IssuedFromOption = Annotated[
    date | None, typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Only versions of this day or later.")
]
IssuedToOption = Annotated[
    date | None, typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Only versions of this day or earlier.")
]
