"""`ragft examples`."""

from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app
from rag_ft.cli.options import IndexOption
from rag_ft.places import DEFAULT_INDEX


@app.command("examples")
def examples_command(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write the examples, as JSON lines.")
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    questions: Annotated[
        Path | None, typer.Option("--questions", help="People's questions: JSON lines or CSV, .gz or not.")
    ] = None,
    public: Annotated[
        list[Path] | None, typer.Option("--public", help="Public question sets: files, or a folder of them.")
    ] = None,
    public_index: Annotated[
        Path, typer.Option("--public-index", help="Folder of the index of the public sets; made if missing.")
    ] = Path("index/public"),
    structure: Annotated[
        bool, typer.Option("--structure/--no-structure", help="Ask the documents' own structure.")
    ] = True,
    dev: Annotated[
        Path | None, typer.Option("--dev", help="Where to write a development part, of documents apart.")
    ] = None,
    dev_share: Annotated[float, typer.Option(min=0, max=0.5, help="Its share of the rows.")] = 0.1,
    tokenizer: Annotated[
        Path | None,
        typer.Option("--tokenizer", help="Folder of the reader's tokenizer; else tokens are estimated."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws other questions and other distractors.")] = 0,
    limit: Annotated[int | None, typer.Option(min=1, help="Most examples to make.")] = None,
    preview: Annotated[
        int | None, typer.Option(min=0, help="Print so many rows as a person reads them; 20 without -o.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Never download an encoder.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Make training examples: questions, the passages that search returns, cited answers."""
    from rag_ft.cli.examples_making import ExamplesOrder, make_and_print

    make_and_print(
        ExamplesOrder(
            index=index,
            questions=questions,
            public=tuple(public or ()),
            public_index=public_index,
            structure=structure,
            output=output,
            dev=dev,
            dev_share=dev_share if dev else 0.0,
            tokenizer=tokenizer,
            seed=seed,
            limit=limit,
            preview=preview,
            offline=offline,
        ),
        as_json=json,
    )
