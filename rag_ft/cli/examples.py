"""`ragft examples`."""

from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app
from rag_ft.places import DEFAULT_INDEX


@app.command("examples")
def examples_command(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write the examples, as JSON lines.")
    ] = None,
    index: Annotated[Path, typer.Option("--index", "-i", help="Folder of the index.")] = DEFAULT_INDEX,
    questions: Annotated[
        Path | None, typer.Option("--questions", help="People's questions: JSON lines or CSV, .gz or not.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws other questions and other distractors.")] = 0,
    limit: Annotated[int | None, typer.Option(min=1, help="Most examples to make.")] = None,
    preview: Annotated[
        int | None, typer.Option(min=0, help="Print so many rows as a person reads them; 20 without -o.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Make training examples: questions, the passages that search returns, cited answers."""
    from rag_ft.cli.examples_printing import making_progress, new_counts, print_report, write_and_count
    from rag_ft.examples import ExampleMaker
    from rag_ft.retrieval.passage_index import PassageIndex

    shown = preview if preview is not None else (0 if output else 20)
    most = limit if output else shown
    maker = ExampleMaker(PassageIndex.load(index), questions, seed=seed, limit=most)
    counts = new_counts()
    with making_progress() as on_progress:
        write_and_count(maker.examples(on_progress), output, shown, counts)
    print_report(counts.report(), maker.skipped, output, as_json=json)
