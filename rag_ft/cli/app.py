"""The commands, by the file that holds each; heavy imports stay inside the commands."""

import typer

app = typer.Typer(
    name="ragft",
    help="Cited answers from the documents of the Monetary Authority of Singapore.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

# Each file hangs its commands on `app`.
from rag_ft.cli import (  # noqa: E402
    asking,  # noqa: F401
    calibration,  # noqa: F401
    diffing,  # noqa: F401
    evaluation,  # noqa: F401
    examples,  # noqa: F401
    fetching,  # noqa: F401
    indexing,  # noqa: F401
    promotion,  # noqa: F401
    training,  # noqa: F401
)
