"""Institutions known by name: Singapore's authorities, standard setters, foreign regulators, banks.

Curated from the names that MAS documents and their readers use; a name missing here is
still found by its pattern. Aliases are other names of the same institution, never of a
parent, a subsidiary or a predecessor. A person's own list adds to it (`listing.py`).
"""

from dataclasses import dataclass
from typing import Literal, cast

from rag_ft.institutions.known_names import NAMES

InstitutionKind = Literal[
    "authority",
    "central bank",
    "ministry",
    "agency",
    "court",
    "standard setter",
    "bank",
    "company",
    "role",
    "document",
    "name",
]


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution: its canonical name, its kind, and the other names it goes by."""

    name: str
    kind: InstitutionKind
    aliases: tuple[str, ...] = ()


MAS = Institution("Monetary Authority of Singapore", "authority", ("MAS", "M.A.S."))


def _read_table() -> tuple[Institution, ...]:
    rows = [MAS]
    for kind, lines in NAMES.items():
        for line in lines.strip().splitlines():
            name, *aliases = line.strip().split("|")
            rows.append(Institution(name, cast("InstitutionKind", kind), tuple(aliases)))
    return tuple(rows)


KNOWN_INSTITUTIONS: tuple[Institution, ...] = _read_table()
