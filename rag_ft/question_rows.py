"""Question files, JSON lines or CSV, plain or gzipped, into `Question` rows."""

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TextIO

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.schema import Gold, Question

_MOST_FAULTS_NAMED = 5
_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})


def load_questions(path: str | Path) -> list[Question]:
    """Read question rows; only `question` is required of a row, unknown keys are passed over.

    JSON lines hold `question, id, answer, alternatives, answerable, gold, as_of, split, style`,
    where `gold` is a list of `{document, paragraph, quote}` and `alternatives` one of answers.
    CSV has the same columns but `alternatives`, and `document`, `paragraph` and `quote` in the
    place of `gold`. A row without an id gets its line number.

    Raises:
        PathNotFoundError: there is no such file.
        DataFormatError: a row cannot be read, two rows share an id, or there is no row;
            the first faults are named with their lines.
    """
    file = Path(path)
    if not file.is_file():
        raise PathNotFoundError(f"{file}: no such question file")
    questions: list[Question] = []
    faults: list[str] = []
    lines_by_id: dict[str, int] = {}
    try:
        with open_text(file) as stream:
            for line, row in _rows(file, stream):
                try:
                    question = question_from_row(row, str(line))
                except ValueError as error:
                    faults.append(f"line {line}: {error}")
                    continue
                if question.id in lines_by_id:
                    faults.append(
                        f"line {line}: id {question.id!r} stands on line {lines_by_id[question.id]}"
                    )
                lines_by_id.setdefault(question.id, line)
                questions.append(question)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise DataFormatError(f"{file}: not readable as text: {error}") from None
    if faults:
        more = f" and {len(faults) - _MOST_FAULTS_NAMED} more" if len(faults) > _MOST_FAULTS_NAMED else ""
        raise DataFormatError(f"{file}: {'; '.join(faults[:_MOST_FAULTS_NAMED])}{more}")
    if not questions:
        raise DataFormatError(f"{file}: holds no question; expected one JSON object a line, or CSV")
    return questions


def open_text(file: Path) -> TextIO:
    """Open a UTF-8 text file, through gzip where its name ends in .gz."""
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")


def _rows(file: Path, stream: TextIO) -> Iterator[tuple[int, object]]:
    """Give every row with its line; a JSON line that does not parse comes as its ValueError."""
    name = file.name.removesuffix(".gz")
    if name.endswith(".csv"):
        reader = csv.DictReader(stream)
        for cells in reader:
            yield reader.line_num, cells
        return
    for line, text in enumerate(stream, start=1):
        if text.strip():
            try:
                yield line, json.loads(text)
            except json.JSONDecodeError as error:
                yield line, ValueError(f"no JSON: {error.msg} at column {error.colno}")


def question_from_row(row: object, default_id: str) -> Question:
    """Turn one mapping into a Question.

    Raises:
        ValueError: a value has the wrong type; says which key.
    """
    if isinstance(row, ValueError):
        raise row
    if not isinstance(row, Mapping):
        raise ValueError(f"expected an object with a question, found {type(row).__name__}")
    question = _text(row, "question")
    if not question:
        raise ValueError("question is missing or empty")
    return Question(
        question=question,
        id=_text(row, "id") or default_id,
        answer=_text(row, "answer"),
        answerable=_truth(row, "answerable"),
        gold=_gold(row),
        as_of=_date(row, "as_of"),
        split=_text(row, "split"),
        style=_text(row, "style"),
        alternatives=_texts(row, "alternatives"),
    )


def _text(row: Mapping[str, object], key: str) -> str | None:
    value = row.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and key == "id":
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"{key}: expected text, found {value!r}")
    return value.strip() or None


def _texts(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = row.get(key)
    if value is None or value == "":
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{key}: expected a list of texts, found {value!r}")
    return tuple(value)


def _truth(row: Mapping[str, object], key: str) -> bool | None:
    value = row.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"{key}: expected true or false, found {value!r}")


def _date(row: Mapping[str, object], key: str) -> date | None:
    text = _text(row, key)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{key}: expected a date as 2025-07-01, found {text!r}") from None


def _gold(row: Mapping[str, object]) -> tuple[Gold, ...]:
    given = row.get("gold")
    if given is None or given == "":
        return (_one_gold(row),) if row.get("document") else ()
    if not isinstance(given, list) or not all(isinstance(item, Mapping) for item in given):
        raise ValueError("gold: expected a list of {document, paragraph, quote}")
    return tuple(_one_gold(item) for item in given)


def _one_gold(item: Mapping[str, object]) -> Gold:
    document = _text(item, "document")
    if document is None:
        raise ValueError("gold: document is missing")
    return Gold(document, _text(item, "paragraph"), _text(item, "quote"))
