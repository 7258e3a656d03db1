"""`ragft ask` and `ragft search`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app
from rag_ft.places import DEFAULT_INDEX

IndexOption = Annotated[Path, typer.Option("--index", "-i", help="Folder of the index.")]
KOption = Annotated[int, typer.Option("-k", min=1, max=100, help="How many paragraphs to read.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
AsOfOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Answer for the law as it stood on this day.")
]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    index: IndexOption = DEFAULT_INDEX,
    reader: Annotated[
        str | None,
        typer.Option(
            help="Reader folder or hub id, or 'quotes' [default: data/readers/CURRENT, else quotes]"
        ),
    ] = None,
    k: KOption = 5,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the index, with citations, or say that it cannot be answered."""
    from rag_ft.cli.printing import print_answer, print_json
    from rag_ft.pipeline import check_question, open_pipeline

    check_question(question)  # before an index and its models are opened in vain
    pipeline = open_pipeline(index, reader)
    answer = pipeline.ask(question, k=k, as_of=as_of.date() if as_of else None)
    print_json(answer) if as_json else print_answer(answer)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for, in quotes.")],
    index: IndexOption = DEFAULT_INDEX,
    k: KOption = 5,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the paragraphs nearest to a question, with the score of each stage."""
    from rag_ft.cli.printing import print_hits, print_json
    from rag_ft.pipeline import open_index

    hits = open_index(index).search(question, k=k, as_of=as_of.date() if as_of else None)
    print_json(hits) if as_json else print_hits(hits)
