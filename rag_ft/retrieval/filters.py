"""Which documents a search may answer from: versions in force, and what the caller asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

from rag_ft.errors import UsageError
from rag_ft.retrieval.versions import family, version_states
from rag_ft.schema import LEGAL_FORCE, DocumentInfo

# The instruments that bind, in MAS's own terms; the others guide, inform or propose.
_BINDING = frozenset({"act", "regulations", "notice", "direction"})
_FORCES = ("binding", "not binding")


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on documents; all that are given must hold.

    `title` and `applies_to` match as parts of the text, `number`, `kind` and `document`
    whole, all without regard to case; "MAS Notice 626" and "626" are one number.
    `issued_from` and `issued_to` bound the date of the version, both days included: what has
    no date is left out. `force` is "binding" or "not binding". `superseded` lets every
    version through.

    Raises:
        UsageError: a kind, a force or a date that there is not.
    """

    kind: str | None = None
    number: str | None = None
    title: str | None = None
    document: str | None = None
    applies_to: str | None = None
    force: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    superseded: bool = False

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, tuple(LEGAL_FORCE))
        _one_of("force", self.force, _FORCES)
        if self.issued_from and self.issued_to and self.issued_from > self.issued_to:
            raise UsageError(f"issued_from is {self.issued_from}, after issued_to {self.issued_to}")

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """Check the names of filters.

        Raises:
            UsageError: a name is not a filter, or a value is none.
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
            and self._is_numbered(info)
            and _equal(self.document, info.id)
            and _within(self.title, info.title)
            and _within(self.applies_to, "\n".join(info.applies_to))
            and (self.force is None or (self.force.casefold() == "binding") == (info.kind in _BINDING))
            and self._is_dated(info)
        )

    def _is_numbered(self, info: DocumentInfo) -> bool:
        if self.number is None or info.number is None:
            return self.number is None
        # Written otherwise ("MAS Notice 626"), it is compared as versions of one thing are.
        named = DocumentInfo("", "", "notice", self.number), DocumentInfo("", "", "notice", info.number)
        return family(named[0]) == family(named[1])

    def _is_dated(self, info: DocumentInfo) -> bool:
        if self.issued_from is None and self.issued_to is None:
            return True
        day = info.version
        return day is not None and (self.issued_from or date.min) <= day <= (self.issued_to or date.max)


def _one_of(name: str, value: str | None, known: Sequence[str]) -> None:
    if value is not None and value.casefold() not in known:
        raise UsageError(f"{name} is {value!r}: it is one of {', '.join(known)}")


def _equal(wanted: str | None, value: str | None) -> bool:
    return wanted is None or (value is not None and wanted.casefold() == value.casefold())


def _within(wanted: str | None, value: str) -> bool:
    return wanted is None or wanted.casefold() in value.casefold()
