"""Write a report: JSON first, and the rest from what the JSON says."""

from pathlib import Path

from rag_ft.errors import UsageError
from rag_ft.evaluation.report.html import html_report
from rag_ft.evaluation.report.markdown import markdown_report
from rag_ft.evaluation.results import Evaluation


def write_report(evaluation: Evaluation, folder: str | Path) -> dict[str, Path]:
    """Write `results.json`, `report.md` and `report.html` into a folder.

    Args:
        evaluation: what was found.
        folder: made where it is not.

    Returns:
        The three files by kind: "json", "markdown", "html".

    Raises:
        UsageError: the folder cannot be written.
    """
    into = Path(folder)
    files = {
        "json": into / "results.json",
        "markdown": into / "report.md",
        "html": into / "report.html",
    }
    try:
        into.mkdir(parents=True, exist_ok=True)
        evaluation.save(files["json"])
        saved = Evaluation.load(files["json"])
        files["markdown"].write_text(markdown_report(saved), encoding="utf-8")
        files["html"].write_text(html_report(saved), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{into}: cannot be written: {error.strerror}") from None
    return files
