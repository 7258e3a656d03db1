"""Files of public sets read with their faults named: JSON, JSON lines, gzip."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.question_rows import open_text


def read_json(path: Path) -> Any:  # noqa: ANN401  JSON has no one type
    """Read one JSON file.

    Raises:
        PathNotFoundError: there is no such file.
        DataFormatError: it is no JSON.
    """
    _require(path)
    try:
        with open_text(path) as stream:
            return json.load(stream)
    except (OSError, EOFError, ValueError) as error:
        raise DataFormatError(f"{path}: not readable as JSON: {error}") from None


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each object of a file of JSON lines with its line.

    Raises:
        PathNotFoundError: there is no such file.
        DataFormatError: a line is no JSON object.
    """
    _require(path)
    try:
        with open_text(path) as stream:
            for line, text in enumerate(stream, start=1):
                if not text.strip():
                    continue
                row = json.loads(text)
                if not isinstance(row, dict):
                    raise DataFormatError(
                        f"{path}: line {line}: expected an object, found {type(row).__name__}"
                    )
                yield line, row
    except (OSError, EOFError, ValueError) as error:
        raise DataFormatError(f"{path}: not readable as JSON lines: {error}") from None


def missing_key(path: Path, where: str, key: object, layout: str) -> DataFormatError:
    """Say that a file lacks what its layout has."""
    return DataFormatError(f"{path}: {where}: {key} is missing or of another kind; is this {layout}?")


def _require(path: Path) -> None:
    if not path.is_file():
        raise PathNotFoundError(f"{path}: no such file")
