"""Versions: which of the documents of one family is in force on a day.

Documents of one kind and number are versions of one thing. The version in force is the
last one that had begun by that day; of a clean and a marked-up copy of one version the
clean one prevails. What has no number (a policy statement, a report) is no version of
anything. Acts are numbered by their titles, which never change with a revision.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Literal

from rag_ft.schema import DocumentInfo

VersionState = Literal["in force", "superseded", "not yet in force", "marked-up copy"]

_VERSIONED = {"act", "regulations", "notice", "direction", "guideline", "code", "circular"}
_BY_TITLE = {"act", "regulations"}


def family(info: DocumentInfo) -> tuple[str, str] | None:
    """Return what a document is a version of, None where it stands for itself."""
    if info.kind not in _VERSIONED:
        return None
    name = info.title if info.kind in _BY_TITLE else info.number
    return (info.kind, " ".join(name.casefold().split())) if name else None


def begins(info: DocumentInfo) -> date:
    """Return the first day of a version: revised and taken effect, whichever is later."""
    known = [day for day in (info.issued, info.revised, info.effective) if day]
    return max(known, default=date.min)


def version_states(infos: Sequence[DocumentInfo], as_of: date) -> list[VersionState]:
    """Say of each document how it stands on a day, among all the others."""
    states: list[VersionState] = [
        "in force" if begins(info) <= as_of else "not yet in force" for info in infos
    ]
    families: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for position, info in enumerate(infos):
        if states[position] == "in force" and (name := family(info)):
            families[name].append(position)
    for members in families.values():
        last = max(begins(infos[position]) for position in members)
        current = [position for position in members if begins(infos[position]) == last]
        has_clean = any(infos[position].variant == "clean" for position in current)
        for position in members:
            if position not in current:
                states[position] = "superseded"
            elif has_clean and infos[position].variant == "tracked":
                states[position] = "marked-up copy"
    return states
