"""Outputs are tried before the work begins, so that no long run ends with nowhere to write."""

from pathlib import Path

from rag_ft.errors import UsageError


def check_output(file: Path) -> None:
    """Make the folder of a file and see that the file can be written; what it holds is left alone.

    Raises:
        UsageError: it cannot be written, with the reason.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        was_there = file.exists()
        with file.open("a", encoding="utf-8"):
            pass
        if not was_there:
            file.unlink()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"{file}: cannot be written ({reason}): name another place") from None
