"""No passage whose casefolded words hold a name is left out, whatever letters they are written in."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag_ft.retrieval.passage_db import PassageReader, PassageWriter
from rag_ft.retrieval.word_search import FOLDED_TO_ASCII, WordSearch
from rag_ft.schema import Document, DocumentInfo, Passage, Span

INFO = DocumentInfo("a.md", "Straits Act 1990", number="ST-1")


def written(path: Path, *texts: str, heading: str = "") -> WordSearch:
    """A database of two documents, the second of one passage about something else."""
    path.unlink(missing_ok=True)
    writer = PassageWriter(path)
    for info, own in ((INFO, texts), (DocumentInfo("b.md", "Rivers"), ("Nothing here.",))):
        made = [
            Passage(f"{info.id}-{n}", info, str(n), heading, (Span(0, len(text)),), text, ())
            for n, text in enumerate(own)
        ]
        hashes = [bytes(16)] * len(made)
        writer.add_document(Document(info, "", ()), made, hashes, file=None, content="")
    writer.close()
    return WordSearch(PassageReader(path))


@pytest.mark.parametrize(
    ("spelling", "found"),
    [
        (["council"], [0, 1]),  # "councillors" too: the caller reads what is found
        (["harbour", "council"], [1]),
        (["straits", "council"], [0, 1]),  # from the title
        (["st", "1", "own"], [0, 1]),  # from the number
        (["tolls", "quay"], [0, 1, 2]),  # "tolls" is the heading, "quays" in two texts
        (["zürich"], [2]),
        (["absent"], []),
        ([], [0, 1, 2]),
    ],
)
def test_every_word_is_looked_for_in_text_heading_title_and_number(
    spelling: list[str], found: list[int], tmp_path: Path
) -> None:
    texts = ("The councillors own quays.", "The HARBOUR Council\nowns a Quay.", "ZÜRICH has one quay.")
    search = written(tmp_path / "db", *texts, heading="Tolls")
    assert [int(p.label) for p in search.candidates(0, [spelling])] == found
    # Another document's passages are never among them, nor counted from them.
    assert [p.text for p in search.candidates(1, [spelling])] == ([] if spelling else ["Nothing here."])


def test_any_spelling_will_do(tmp_path: Path) -> None:
    search = written(tmp_path / "db", "Red boats.", "Blue boats.", "Green boats.")
    found = search.candidates(0, [["red"], ["blue", "boats"], ["yellow"]])
    assert [p.text for p in found] == ["Red boats.", "Blue boats."]
    assert search.candidates(0, []) == []


def test_the_letters_that_like_does_not_fold_are_all_known() -> None:
    folded = {chr(code) for code in range(128, 0x110000) if any(c.isascii() for c in chr(code).casefold())}
    pattern = re.compile("[a-z]", re.IGNORECASE)
    matched = {chr(code) for code in range(128, 0x110000) if pattern.match(chr(code))}
    assert set(FOLDED_TO_ASCII) == folded | matched


LETTERS = st.text(alphabet="aAkKsSfi\u212aſﬁßüÜé’\u2011 \n\0_%Σς", max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(LETTERS, min_size=1, max_size=4), name=LETTERS)
def test_none_that_holds_the_words_is_left_out(texts: list[str], name: str, tmp_path: Path) -> None:
    words = re.findall(r"\w+", name.casefold())
    search = written(tmp_path / "db", *texts)
    found = {p.id for p in search.candidates(0, [words])}
    assert found >= {
        f"a.md-{n}" for n, text in enumerate(texts) if all(word in text.casefold() for word in words)
    }


def test_a_document_without_passages_holds_nothing(tmp_path: Path) -> None:
    search = written(tmp_path / "db")
    assert search.candidates(0, [["council"]]) == []
