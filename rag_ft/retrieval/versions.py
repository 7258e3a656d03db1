"""Versions: which of the documents of one family is in force on a day.

Documents of one kind and number are versions of one thing, told apart by the date on
which they were last revised, else issued. A version begins on that date, or on the day it
takes effect where one of its copies names a later one; the version in force is the last
that has begun. Of a clean and a marked-up copy of one version the clean one prevails. What
has no number (a policy statement, a report) is no version of anything. Acts go by their
titles, which stay the same through their revisions.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Literal

from rag_ft.schema import DocumentInfo

VersionState = Literal["in force", "superseded", "not yet in force", "marked-up copy"]

_VERSIONED = {"act", "regulations", "notice", "direction", "guideline", "code", "circular"}
_BY_TITLE = {"act", "regulations"}
# "MAS Notice No. 626" and "626" are one number, "Guidelines to 824" and "824" two.
_PREFIX = re.compile(r"^(?:mas\s+)?(?:notice\s+)?(?:no\.?\s+)?")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-"})


def family(info: DocumentInfo) -> tuple[str, str] | None:
    """Return what a document is a version of, None where it stands for itself."""
    if info.kind not in _VERSIONED:
        return None
    name = info.title if info.kind in _BY_TITLE else info.number
    if not name:
        return None
    plain = " ".join(name.translate(_PLAIN).casefold().split())
    return info.kind, plain if info.kind in _BY_TITLE else _PREFIX.sub("", plain)


def version_states(infos: Sequence[DocumentInfo], as_of: date) -> list[VersionState]:
    """Say of each document how it stands on a day, among all the others."""
    states: list[VersionState] = ["in force"] * len(infos)
    families: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for position, info in enumerate(infos):
        if name := family(info):
            families[name].append(position)
        elif _begins([info]) > as_of:
            states[position] = "not yet in force"
    for members in families.values():
        for position, state in _family_states([infos[position] for position in members], as_of):
            states[members[position]] = state
    return states


def _family_states(infos: Sequence[DocumentInfo], as_of: date) -> list[tuple[int, VersionState]]:
    """Say how each document of one family stands."""
    versions: defaultdict[date, list[int]] = defaultdict(list)
    for position, info in enumerate(infos):
        versions[info.version or date.min].append(position)
    begun = {day: _begins([infos[position] for position in copies]) for day, copies in versions.items()}
    current = max(
        (day for day in begun if begun[day] <= as_of), key=lambda day: (begun[day], day), default=None
    )
    found: list[tuple[int, VersionState]] = []
    for day, copies in versions.items():
        has_clean = any(infos[position].variant == "clean" for position in copies)
        for position in copies:
            if begun[day] > as_of:
                found.append((position, "not yet in force"))
            elif day != current:
                found.append((position, "superseded"))
            elif has_clean and infos[position].variant == "tracked":
                found.append((position, "marked-up copy"))
            else:
                found.append((position, "in force"))
    return found


def _begins(copies: Sequence[DocumentInfo]) -> date:
    """Return the first day of a version; an undated one has always been."""
    known = [day for info in copies for day in (info.version, info.effective) if day]
    return max(known, default=date.min)
