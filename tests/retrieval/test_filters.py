"""Filters hold within the search: k paragraphs come back where there are so many."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rag_ft.cli.app import app
from rag_ft.errors import UsageError
from rag_ft.indexing import build_index
from rag_ft.retrieval.filters import Filters
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Document, DocumentInfo, Paragraph, Span
from tests.conftest import FakeEncoder

INFOS = (
    DocumentInfo(
        "old",
        "Notice 626",
        "notice",
        "626",
        issued=date(2015, 4, 24),
        revised=date(2022, 3, 1),
        applies_to=("banks",),
    ),
    DocumentInfo(
        "new", "Notice 626", "notice", "MAS Notice 626", issued=date(2024, 3, 28), applies_to=("banks",)
    ),
    DocumentInfo("guide", "Guidelines to lanterns", "guideline", "626", issued=date(2019, 1, 1)),
    DocumentInfo("act", "Lantern Act 2001", "act", issued=date(2001, 5, 5)),
    DocumentInfo("undated", "A page", "information", applies_to=("insurers", "licensed banks")),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return build_index([_document(info) for info in INFOS], tmp_path_factory.mktemp("i"), FakeEncoder())


def _document(info: DocumentInfo) -> Document:
    """Twelve paragraphs of words; the Act's match a question about lanterns best."""
    words = "lantern lantern keeper" if info.kind == "act" else "lantern of a bank"
    lines = [f"{words} {number} {info.id}." for number in range(12)]
    spans, start = [], 0
    for line in lines:
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    labels = [Paragraph(str(number + 1), (span,)) for number, span in enumerate(spans)]
    return Document(info, "\n".join(lines), tuple(labels))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"new", "guide", "act", "undated"}),
        ({"superseded": True}, {"old", "new", "guide", "act", "undated"}),
        ({"kind": "Act"}, {"act"}),
        ({"number": "Notice No. 626"}, {"new", "guide"}),
        ({"number": "626", "kind": "notice"}, {"new"}),
        ({"title": "lantern"}, {"guide", "act"}),
        ({"document": "undated"}, {"undated"}),
        ({"applies_to": "bank"}, {"new", "undated"}),
        ({"force": "binding"}, {"new", "act"}),
        ({"force": "not binding"}, {"guide", "undated"}),
        ({"issued_from": date(2019, 1, 1)}, {"new", "guide"}),
        ({"issued_to": date(2019, 1, 1)}, {"guide", "act"}),
        ({"issued_from": date(2022, 1, 1), "issued_to": date(2023, 1, 1), "superseded": True}, {"old"}),
    ],
)
def test_filters_choose_documents_and_k_come_back(
    index: PassageIndex, filters: dict[str, Any], expected: set[str]
) -> None:
    hits = index.search("lantern keeper", k=12 * len(expected), **filters)
    assert {hit.passage.document.id for hit in hits} == expected
    assert len(hits) == 12 * len(expected)
    assert len(index.search("lantern keeper", k=7, **filters)) == 7


def test_the_version_is_that_of_the_day_within_filters(index: PassageIndex) -> None:
    for day, expected in (
        (date(2023, 1, 1), {"old"}),
        (date(2025, 1, 1), {"new"}),
        (date(2010, 1, 1), set()),
    ):
        hits = index.search("lantern", k=12, as_of=day, kind="notice")
        assert {hit.passage.document.id for hit in hits} == expected


@pytest.mark.parametrize(
    ("filters", "fault"),
    [
        ({"colour": "red"}, "no filter is called colour: the filters are kind, number"),
        ({"kind": "law"}, "kind is 'law': it is one of act, regulations"),
        ({"force": "strong"}, "force is 'strong': it is one of binding, not binding"),
        ({"issued_from": date(2020, 1, 2), "issued_to": date(2020, 1, 1)}, "after issued_to 2020-01-01"),
    ],
)
def test_wrong_filters_are_refused(filters: dict[str, Any], fault: str) -> None:
    with pytest.raises(UsageError, match=fault):
        Filters.of(filters)


def test_the_command_hands_filters_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: dict[str, Any] = {}

    class Index:
        def search(self, _question: str, **values: Any) -> list[object]:
            asked.update(values)
            return []

    monkeypatch.setattr("rag_ft.pipeline.open_index", lambda _folder: Index())
    command = [
        "search",
        "q",
        "--kind",
        "notice",
        "--force",
        "binding",
        "--issued-from",
        "2024-01-31",
        "--superseded",
    ]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.exception
    chosen = {name: value for name, value in asked.items() if value is not None}
    assert chosen == {
        "k": 5,
        "kind": "notice",
        "force": "binding",
        "issued_from": date(2024, 1, 31),
        "superseded": True,
    }
