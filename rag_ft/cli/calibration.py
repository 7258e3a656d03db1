"""`ragft calibrate`."""

from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app
from rag_ft.cli.options import KOption
from rag_ft.places import DEFAULT_INDEX


@app.command()
def calibrate(
    questions: Annotated[list[Path], typer.Argument(help="Question files with answers, JSON lines or CSV.")],
    index: Annotated[
        list[Path] | None,
        typer.Option("--index", "-i", help="Folder of the index; once, or once for each question file."),
    ] = None,
    reader: Annotated[str | None, typer.Option(help="Reader folder or hub id, or 'quotes'.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The score file to write.")] = Path(
        "data/score.json"
    ),
    split: Annotated[str, typer.Option(help="Which rows of the files to use; '' for all.")] = "dev",
    k: KOption = 5,
    risk: Annotated[float, typer.Option(min=0.0, max=1.0, help="Highest rate of misleading answers.")] = 0.05,
) -> None:
    """Fit what `ragft ask` answers and abstains by, on questions whose answers are known."""
    from rag_ft.cli.calibrating import run_calibration

    run_calibration(questions, index or [DEFAULT_INDEX], reader, output, split, k, risk)
