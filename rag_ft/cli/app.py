"""The commands, by the file that holds each; heavy imports stay inside the commands."""

import typer

app = typer.Typer(
    name="ragft",
    help="Cited answers from the documents of the Monetary Authority of Singapore.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

# Each file hangs its commands on `app`, in the order in which `ragft --help` lists them.
from rag_ft.cli import asking, evaluation, examples, fetching, indexing  # noqa: E402, F401
