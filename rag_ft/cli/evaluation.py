"""`ragft eval`: systems side by side on a file of questions."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app
from rag_ft.places import DEFAULT_INDEX


class Only(StrEnum):
    """What `--only` takes."""

    RETRIEVAL = "retrieval"


@app.command("eval")
def eval_command(
    questions: Annotated[Path, typer.Argument(help="Questions: JSON lines or CSV, .gz or not.")],
    systems: Annotated[
        list[Path] | None, typer.Argument(help="Systems as YAML; without any, `ragft ask` as it stands.")
    ] = None,
    index: Annotated[
        Path, typer.Option("--index", "-i", help="Index of the systems that name none.")
    ] = DEFAULT_INDEX,
    only: Annotated[Only | None, typer.Option(help="Judge the search alone.")] = None,
    split: Annotated[str | None, typer.Option(help="Ask only the rows of this split: dev or test.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print the whole result as JSON.")] = False,
) -> None:
    """Compare systems on questions: retrieval, answers, citations, trust, abstention, latency."""
    from rag_ft.cli.evaluation_printing import asking_progress, print_evaluation
    from rag_ft.evaluation import evaluate

    with asking_progress() as on_progress:
        evaluation = evaluate(
            questions,
            systems or (),
            index=index,
            only="retrieval" if only else None,
            split=split,
            seed=seed,
            on_progress=on_progress,
        )
    print_evaluation(evaluation, as_json=json)
