"""`ragft ask` and `ragft search`."""

from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app
from rag_ft.cli.options import (
    AsOfOption,
    IndexOption,
    IssuedFromOption,
    IssuedToOption,
    JsonOption,
    KOption,
)
from rag_ft.places import DEFAULT_INDEX

ReaderOption = Annotated[
    str | None,
    typer.Option(help="Reader folder or hub id, or 'quotes' [default: data/readers/CURRENT, else quotes]"),
]


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question, in quotes; '-' reads questions from standard input.")
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    reader: ReaderOption = None,
    k: KOption = 5,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="Questions: text, one a line, JSON lines or CSV.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where the answers go, as JSON lines; resumed.")
    ] = None,
    risk: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Highest rate of misleading answers accepted.")
    ] = 0.05,
    score: Annotated[
        Path | None, typer.Option(help="Score file of ragft calibrate [default: the shipped one]")
    ] = None,
    institutions: Annotated[
        Path | None, typer.Option(help="Your own list of institutions: one name a line, or CSV.")
    ] = None,
) -> None:
    """Answer a question from the index, with citations, or say that it cannot be answered."""
    from rag_ft.cli.answering import Asked, answer_questions

    asked = Asked(question, file, output, k, as_of, as_json)
    answer_questions(asked, index, reader, risk, score, institutions)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for, in quotes.")],
    index: IndexOption = DEFAULT_INDEX,
    k: KOption = 5,
    as_of: AsOfOption = None,
    kind: Annotated[str | None, typer.Option(help="Only documents of this kind: notice, act, ...")] = None,
    number: Annotated[str | None, typer.Option(help="Only documents of this number: 626, PSN01.")] = None,
    title: Annotated[str | None, typer.Option(help="Only documents with these words in the title.")] = None,
    applies_to: Annotated[str | None, typer.Option(help="Only documents that apply to these: banks.")] = None,
    force: Annotated[
        str | None, typer.Option(help="Only what is 'binding' in law, or 'not binding'.")
    ] = None,
    issued_from: IssuedFromOption = None,
    issued_to: IssuedToOption = None,
    superseded: Annotated[bool, typer.Option("--superseded", help="Every version, old ones too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the paragraphs nearest to a question, with the score of each stage."""
    from rag_ft.cli.printing import print_hits, print_json
    from rag_ft.pipeline import open_index

    filters = {
        "kind": kind,
        "number": number,
        "title": title,
        "applies_to": applies_to,
        "force": force,
        "issued_from": issued_from,
        "issued_to": issued_to,
        "superseded": superseded,
    }
    hits = open_index(index).search(question, k=k, as_of=as_of, **filters)
    print_json(hits) if as_json else print_hits(hits)
