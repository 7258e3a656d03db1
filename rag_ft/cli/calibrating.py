"""Calibration on the command line: indexes and question files paired, progress, what it gives."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from rag_ft.cli.outputs import check_output
from rag_ft.cli.progress import bars
from rag_ft.errors import DataFormatError, UsageError
from rag_ft.evaluation.calibrating import calibrate, describe_files
from rag_ft.pipeline import Pipeline, open_index, open_reader
from rag_ft.pipeline.calibration import find_threshold
from rag_ft.question_rows import load_questions


def run_calibration(
    files: Sequence[Path],
    indexes: Sequence[Path],
    reader: str | None,
    output: Path,
    split: str,
    k: int,
    risk: float,
) -> None:
    """Fit a score file on question files and say what it promises.

    Raises:
        UsageError: there is neither one index nor one for each file, or `output` cannot be written.
        DataFormatError: a file has no row of the split, or there is too little to fit.
    """
    if len(indexes) not in (1, len(files)):
        raise UsageError(f"{len(indexes)} indexes for {len(files)} question files: name one, or one for each")
    check_output(output)
    folders = list(indexes) * (len(files) if len(indexes) == 1 else 1)
    read = open_reader(reader)
    opened = {folder: Pipeline(open_index(folder), read) for folder in dict.fromkeys(folders)}
    sets = []
    for file, folder in zip(files, folders, strict=True):
        rows = [row for row in load_questions(file) if not split or row.split == split]
        if not rows:
            raise DataFormatError(f"{file}: no row of split {split!r}; --split '' takes every row")
        sets.append((opened[folder], rows))
    arguments = " ".join([*map(str, files), *(f"--index {folder}" for folder in indexes)])
    provenance = {
        "command": f"ragft calibrate {arguments} --reader {reader or 'quotes'} --split '{split}' -k {k}",
        "questions": describe_files(files),
        "indexes": ", ".join(f"{folder} {each.index.generation}" for folder, each in opened.items()),
    }
    with bars() as advance:
        model = calibrate(
            sets,
            k=k,
            provenance=provenance,
            progress=lambda done, total: advance("asking", done, total),
        )
    model.save(output)
    threshold = find_threshold(model.outcomes, risk)
    Console().print(
        Text(f"{output}: {threshold.describe()}; threshold {threshold.value:.3f}"), soft_wrap=True
    )
