"""A name is absent only where no paragraph of the whole index has it, in whatever spelling."""

from pathlib import Path

import pytest

from rag_ft.indexing import build_index
from rag_ft.institutions import document_aliases
from rag_ft.pipeline.premises import find_premises, prove_absence
from rag_ft.retrieval.passage_index import PassageIndex
from tests.conftest import FakeEncoder

NOTICE = """# Notice 902 on harbours
number 902

1.1 The Harbour Modernisation Agency shall count its boats.

1.2 A bank shall ask the Bureau of Tides (the "BOT") for a table.

1.3 The Penang Council shall report to Acme Harbour Bank.

1.4 What Project
Lantern found is told to the U.S. Coastal Commission.
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "notice.md").write_text(NOTICE, encoding="utf-8")
    (folder / "guide.md").write_text("# Guide\n1.1 BOT is no body of this guide.\n", encoding="utf-8")
    return build_index([folder], Path(tmp_path_factory.mktemp("index")), FakeEncoder())


def absent(question: str, index: PassageIndex) -> tuple[str, ...]:
    premises = find_premises(question)
    assert premises, f"no name in {question}"
    proof = prove_absence(premises, index, lambda document: document_aliases(index.document(document)))
    if proof is None:
        return ()
    assert proof.paragraphs_searched == len(index)
    assert proof.index_generation == index.generation
    return proof.names


@pytest.mark.parametrize(
    "question",
    [
        "What does the Harbour Modernization Agency count?",
        "What does Acme Harbour Bank Pte Ltd hear?",
        "What did Project Lantern find?",
        "What is the US Coastal Commission told?",
        "What does the Bureau of Tides hold?",
    ],
)
def test_another_spelling_of_a_name_is_found(question: str, index: PassageIndex) -> None:
    assert absent(question, index) == ()


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What does the Harbour Agency of Tides hold?", ("Harbour Agency of Tides",)),
        ("What did Project Ladder find?", ("Project Ladder",)),
        ("What did Project Lantern tell the Penang Coastal Commission?", ("Penang Coastal Commission",)),
        ("What does Notice 903 say?", ("Notice 903", "903")),
    ],
)
def test_words_that_stand_apart_make_no_name(
    question: str, names: tuple[str, ...], index: PassageIndex
) -> None:
    assert absent(question, index) == names
