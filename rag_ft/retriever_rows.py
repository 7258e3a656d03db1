"""Rows that train a retriever: a question, the passage that answers it, passages that only look so."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rag_ft.errors import DataFormatError, PathNotFoundError


@dataclass(frozen=True, slots=True)
class RetrieverRow:
    """One pair and its hard negatives.

    `gold` names every passage that answers the question, by its text, so that none of them
    is taken for a negative in a batch; rows that share one belong to one fold.
    """

    question: str
    positive: str
    negatives: tuple[str, ...] = ()
    gold: tuple[str, ...] = ()

    @property
    def answers(self) -> frozenset[str]:
        """Every text that answers the question."""
        return frozenset((self.positive, *self.gold))


def save_retriever_rows(rows: Iterable[RetrieverRow], path: str | Path) -> None:
    """Write rows as JSON lines."""
    lines = (json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
    Path(path).write_text("".join(lines), encoding="utf-8")


def load_retriever_rows(path: str | Path) -> list[RetrieverRow]:
    """Read JSON lines of `question`, `positive`, `negatives`, `gold`; the first two are required.

    Raises:
        PathNotFoundError: there is no such file.
        DataFormatError: a row cannot be read; its line is named.
    """
    file = Path(path)
    if not file.is_file():
        raise PathNotFoundError(f"{file}: no such file of retriever rows")
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise DataFormatError(f"{file}: not readable as UTF-8 text: {error}") from None
    rows = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                rows.append(_row(json.loads(line)))
            except (ValueError, TypeError, AttributeError) as error:
                raise DataFormatError(f"{file}, line {number}: no retriever row: {error}") from None
    if not rows:
        raise DataFormatError(f"{file}: holds no row; expected one JSON object a line")
    return rows


def _row(values: dict[str, object]) -> RetrieverRow:
    question, positive = values.get("question"), values.get("positive")
    if not (isinstance(question, str) and question and isinstance(positive, str) and positive):
        raise ValueError("question and positive must be texts")
    lists = [values.get("negatives") or [], values.get("gold") or []]
    if not all(isinstance(each, list) and all(isinstance(text, str) for text in each) for each in lists):
        raise ValueError("negatives and gold must be lists of texts")
    negatives, gold = (tuple(map(str, each)) for each in lists if isinstance(each, list))
    return RetrieverRow(question, positive, negatives, gold)
