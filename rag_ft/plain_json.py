"""Dataclasses as what JSON holds: the one way in which ragft writes an Answer or a report for machines."""

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

from rag_ft.schema import Answer, Question


def as_plain(value: Any) -> Any:  # noqa: ANN401  JSON has no one type
    """Turn dataclasses, tuples, paths and dates (ISO 8601) into JSON's own types."""
    if isinstance(value, Answer):
        # A property, which a machine cannot ask for.
        return {**_fields(value), "is_grounded": value.is_grounded}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, dict):
        return {key: as_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def answer_row(question: Question, answer: Answer) -> dict[str, Any]:
    """Give an answer as a row of a file of answers: the question's id and day, then the answer."""
    return {"id": question.id, "as_of": as_plain(question.as_of), **as_plain(answer)}


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401
    return {field.name: as_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
