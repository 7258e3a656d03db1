"""A hit that is subject to another paragraph brings it, behind itself."""

from datetime import date
from pathlib import Path

import pytest

from rag_ft.indexing import build_index
from rag_ft.retrieval.cross_references import DocumentNames, related
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.retrieval.search_settings import SearchSettings
from rag_ft.schema import DocumentInfo, Passage, Reference
from tests.conftest import FakeEncoder

NOTICE = """---
title: "Notice 901 on lanterns"
number: "901"
kind: notice
date: 2024-03-01
---
# Notice 901 on lanterns
1.1 Subject to paragraph 1.3, a keeper shall light the lantern at dusk.

1.2 A keeper shall paint the ladder each spring, as paragraph 1.4 says.

1.3 No flame is needed where snow lies.

1.4 Ladders are blue.

1.5 Except as section 7 of the Oil Act 2001 allows, no keeper may burn oil.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    documents = tmp_path_factory.mktemp("documents") / "d"
    documents.mkdir()
    (documents / "notice.md").write_text(NOTICE, encoding="utf-8")
    where = tmp_path_factory.mktemp("index")
    build_index([documents], where, FakeEncoder()).close()
    return where


def search(folder: Path, question: str, k: int = 2, **settings: int) -> list[tuple[str, float | None]]:
    index = PassageIndex.load(folder, FakeEncoder(), settings=SearchSettings(**settings))
    found = [(hit.passage.label, hit.stages.hop) for hit in index.search(question, k=k)]
    index.close()
    return found


def test_what_a_hit_is_subject_to_stands_behind_it(folder: Path) -> None:
    question = "When must the keeper light the lantern at dusk?"
    index = PassageIndex.load(folder, FakeEncoder())
    first, second = index.search(question, k=2)
    assert (first.passage.label, second.passage.label) == ("1.1", "1.3")
    assert first.stages.hop is None
    assert second.score == second.stages.hop == pytest.approx(0.8 * first.score)
    index.close()
    assert "1.3" not in [label for label, _ in search(folder, question, hops=0)]


def test_what_is_only_mentioned_is_not_brought(folder: Path) -> None:
    found = dict(search(folder, "Must the keeper paint the ladder in spring?", k=5))
    assert found["1.4"] is None


def test_no_hop_leads_out_of_what_is_searched(folder: Path) -> None:
    index = PassageIndex.load(folder, FakeEncoder())
    assert index.search("light the lantern at dusk", as_of=date(2020, 1, 1), number="901") == []
    index.close()


def test_relations_are_read_off_the_words_before() -> None:
    references = (Reference("paragraph 2", None, "2"), Reference("paragraph 3", None, "3"))
    text = "Despite paragraph 2, a bank acts. It reads paragraph 3."
    passage = Passage("p", DocumentInfo("d", "D"), "1", "", (), text, references=references)
    assert [(relation, each.paragraph) for relation, each in related(passage)] == [
        ("despite", "2"),
        ("refers to", "3"),
    ]


def test_documents_are_found_as_others_name_them() -> None:
    infos = [
        DocumentInfo("old", "Notice 626", "notice", "626", issued=date(2015, 4, 24)),
        DocumentInfo("new", "Notice 626", "notice", "626", issued=date(2024, 3, 28)),
        DocumentInfo("tracked", "Notice 626", "notice", "626", variant="tracked"),
        DocumentInfo("act", "Banking Act 1970", "act"),
    ]
    names = DocumentNames(infos)
    assert [infos[at].id for at in names.find("MAS Notice 626")] == ["new", "old"]
    assert [infos[at].id for at in names.find("Banking Act 1970")] == ["act"]
    assert names.find("Notice 62") == []
