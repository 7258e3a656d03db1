"""Which version is in force on a day, by hand."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ft.parsing import iter_documents
from rag_ft.retrieval.versions import family, version_states
from rag_ft.schema import DocumentInfo

OLD = DocumentInfo("old", "Notice 626", "notice", "626", issued=date(2015, 4, 24), revised=date(2022, 3, 1))
MARCH = DocumentInfo(
    "march", "Notice 626", "notice", "626", issued=date(2024, 3, 28), effective=date(2024, 4, 1)
)
JUNE = DocumentInfo(
    "june",
    "Notice 626",
    "notice",
    "626",
    issued=date(2024, 3, 28),
    revised=date(2025, 6, 30),
    effective=date(2024, 4, 1),
)
TRACKED = DocumentInfo(
    "tracked",
    "Notice 626 (Amendment) 2025",
    "notice",
    "626",
    issued=date(2024, 3, 28),
    revised=date(2025, 6, 30),
    effective=date(2025, 7, 1),
    variant="tracked",
)
ALL = (OLD, MARCH, JUNE, TRACKED)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 2, 28), ["not yet in force"] * 4),
        (date(2022, 3, 1), ["in force", "not yet in force", "not yet in force", "not yet in force"]),
        (date(2024, 3, 31), ["in force", "not yet in force", "not yet in force", "not yet in force"]),
        (date(2024, 4, 1), ["superseded", "in force", "not yet in force", "not yet in force"]),
        # revised on 30 June, and in force, as the marked-up copy says, from 1 July
        (date(2025, 6, 30), ["superseded", "in force", "not yet in force", "not yet in force"]),
        (date(2025, 7, 1), ["superseded", "superseded", "in force", "marked-up copy"]),
        (date(2030, 1, 1), ["superseded", "superseded", "in force", "marked-up copy"]),
    ],
)
def test_the_version_of_a_day(day: date, expected: list[str]) -> None:
    assert version_states(ALL, day) == expected
    assert version_states(ALL[::-1], day) == expected[::-1]


def test_a_marked_up_copy_serves_where_no_clean_one_is() -> None:
    assert version_states((OLD, TRACKED), date(2026, 1, 1)) == ["superseded", "in force"]


def test_statements_are_no_versions_of_each_other() -> None:
    statements = [
        DocumentInfo(f"mps-{year}", "Monetary Policy Statement", "statement", issued=date(year, 4, 14))
        for year in (2022, 2023, 2024)
    ]
    assert version_states(statements, date(2023, 12, 1)) == ["in force", "in force", "not yet in force"]


def test_undated_documents_give_way_to_dated_ones() -> None:
    undated = DocumentInfo("undated", "Notice 626", "notice", "626")
    assert version_states((undated,), date(1990, 1, 1)) == ["in force"]
    assert version_states((undated, MARCH), date(2026, 1, 1)) == ["superseded", "in force"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"kind": "notice", "number": "626"}, {"kind": "notice", "number": "MAS Notice 626"}, True),
        ({"kind": "notice", "number": "PSN01"}, {"kind": "notice", "number": "Notice No. psn01"}, True),
        ({"kind": "notice", "number": "824"}, {"kind": "guideline", "number": "824"}, False),
        ({"kind": "guideline", "number": "Guidelines to 824"}, {"kind": "guideline", "number": "824"}, False),
        ({"kind": "act", "title": "Owners’ Act 2011"}, {"kind": "act", "title": "Owners' Act 2011"}, True),
        ({"kind": "act", "title": "Act 2011"}, {"kind": "act", "title": "Act 2012"}, False),
    ],
)
def test_families(first: dict[str, Any], second: dict[str, Any], same: bool) -> None:
    names = [family(DocumentInfo(**{"id": "x", "title": "T", **each})) for each in (first, second)]
    assert None not in names
    assert (names[0] == names[1]) is same


def test_what_has_no_number_stands_for_itself() -> None:
    assert family(DocumentInfo("x", "A report", "information", None)) is None
    assert family(DocumentInfo("x", "A notice", "notice", None)) is None


_days = st.integers(0, 20).map(lambda days: date(2020, 1, 1) + timedelta(days))
_infos = st.builds(
    DocumentInfo,
    id=st.just("x"),
    title=st.just("Notice"),
    kind=st.just("notice"),
    number=st.sampled_from(["1", "2"]),
    issued=st.none() | _days,
    revised=st.none() | _days,
    effective=st.none() | _days,
    variant=st.sampled_from(["clean", "tracked"]),
)


@given(infos=st.lists(_infos, max_size=8), day=_days)
def test_every_family_that_has_begun_has_one_version_in_force(infos: list[DocumentInfo], day: date) -> None:
    states = version_states(infos, day)
    for number in ("1", "2"):
        members = [(info, state) for info, state in zip(infos, states, strict=True) if info.number == number]
        in_force = [info for info, state in members if state == "in force"]
        if any(state != "not yet in force" for _, state in members):
            assert len({info.version for info in in_force}) == 1
            assert len({info.variant for info in in_force}) == 1
        else:
            assert in_force == []


def test_the_real_notice_626(shared: Path) -> None:
    names = ("mas-notice-626-2025-06-30.pdf", "mas-notice-626-2025-06-30-tracked.pdf")
    infos = [doc.info for name in names for doc in iter_documents(shared / "corpus" / "pdf" / name, name)]
    assert version_states(infos, date(2026, 1, 1)) == ["in force", "marked-up copy"]
