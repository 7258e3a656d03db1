"""The commands, by the file that holds each; heavy imports stay inside the commands."""

import typer

app = typer.Typer(
    name="ragft",
    help="Cited answers from the documents of the Monetary Authority of Singapore.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

from rag_ft.cli import indexing  # noqa: E402, F401  each module adds its commands on import
