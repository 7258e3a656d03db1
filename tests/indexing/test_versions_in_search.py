"""Search answers by the version of a day; older ones are kept, marked, and can be asked for."""

from datetime import date
from pathlib import Path

import pytest

from rag_ft.indexing import build_index, index_status
from rag_ft.retrieval.passage_index import PassageIndex
from tests.conftest import FakeEncoder


def write(folder: Path, name: str, threshold: str, **declared: str) -> None:
    front = "\n".join(f"{key}: {value}" for key, value in declared.items())
    text = f"1. A bank must identify a customer above S${threshold}.\n"
    (folder / name).write_text(
        f"---\ntitle: Notice 9\nkind: notice\nnumber: '9'\n{front}\n---\n# Notice 9\n\n{text}"
    )


@pytest.fixture
def index(tmp_path: Path) -> PassageIndex:
    folder = tmp_path / "notices"
    folder.mkdir()
    write(folder, "2015.md", "5,000", issued="2015-04-24")
    write(folder, "2025.md", "20,000", issued="2015-04-24", revised="2025-06-30")
    write(
        folder,
        "2025-tracked.md",
        "25,00020,000",
        issued="2015-04-24",
        revised="2025-06-30",
        effective="2025-07-01",
        variant="tracked",
    )
    return build_index([folder], tmp_path / "index", FakeEncoder())


def found(index: PassageIndex, **options: object) -> list[str]:
    hits = index.search("When must a bank identify a customer?", k=5, **options)  # type: ignore[arg-type]
    return sorted(hit.passage.document.id for hit in hits)


def test_today_only_the_version_in_force_answers(index: PassageIndex) -> None:
    assert found(index) == ["notices/2025.md"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2015, 4, 23), []),
        (date(2015, 4, 24), ["notices/2015.md"]),
        (date(2025, 6, 30), ["notices/2015.md"]),
        (date(2025, 7, 1), ["notices/2025.md"]),
    ],
)
def test_as_of_a_day(index: PassageIndex, day: date, expected: list[str]) -> None:
    assert found(index, as_of=day) == expected


def test_every_version_can_be_asked_for(index: PassageIndex) -> None:
    every = ["notices/2015.md", "notices/2025-tracked.md", "notices/2025.md"]
    assert {passage.document.id for passage in index.passages()} == set(every)
    assert found(index, superseded=True, document="notices/2015.md") == ["notices/2015.md"]
    assert found(index, superseded=True, document="notices/2025-tracked.md") == ["notices/2025-tracked.md"]


def test_status_marks_them(index: PassageIndex, tmp_path: Path) -> None:
    status = index_status(tmp_path / "index", as_of=date(2026, 1, 1))
    assert {document.info.id: document.state for document in status.documents} == {
        "notices/2015.md": "superseded",
        "notices/2025.md": "in force",
        "notices/2025-tracked.md": "marked-up copy",
    }
