"""Which documents a search may answer from: versions in force, and what the caller asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

from rag_ft.errors import UsageError
from rag_ft.retrieval.versions import version_states
from rag_ft.schema import DocumentInfo


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on documents; all that are given must hold.

    `title` and `applies_to` match as parts of the text, `number` and `document` whole, all
    without regard to case; `superseded` lets every version through.
    """

    kind: str | None = None
    number: str | None = None
    title: str | None = None
    document: str | None = None
    applies_to: str | None = None
    superseded: bool = False

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """Check the names of filters.

        Raises:
            UsageError: a name is not a filter.
        """
        names = [entry.name for entry in fields(cls)]
        if unknown := sorted(set(values) - set(names)):
            raise UsageError(f"no filter is called {', '.join(unknown)}: the filters are {', '.join(names)}")
        return cls(**values)

    def allow(self, infos: Sequence[DocumentInfo], as_of: date, *, marked_up: bool = False) -> list[bool]:
        """Say of each document whether a search as of a day may return it.

        `marked_up` lets marked-up copies through, for a question that asks about one.
        """
        states = version_states(infos, as_of)
        answering = {"in force", "marked-up copy"} if marked_up else {"in force"}
        return [
            (self.superseded or state in answering) and self._matches(info)
            for info, state in zip(infos, states, strict=True)
        ]

    def _matches(self, info: DocumentInfo) -> bool:
        return (
            _equal(self.kind, info.kind)
            and _equal(self.number, info.number)
            and _equal(self.document, info.id)
            and _within(self.title, info.title)
            and _within(self.applies_to, "\n".join(info.applies_to))
        )


def _equal(wanted: str | None, value: str | None) -> bool:
    return wanted is None or (value is not None and wanted.casefold() == value.casefold())


def _within(wanted: str | None, value: str) -> bool:
    return wanted is None or wanted.casefold() in value.casefold()
