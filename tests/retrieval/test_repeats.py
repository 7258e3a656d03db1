"""Repeats stand behind what is distinct."""

from rag_ft.retrieval.repeats import repeats_last
from rag_ft.schema import DocumentInfo, Passage

OLD = DocumentInfo("old", "Notice 1", "notice", number="1")
NEW = DocumentInfo("new", "Notice 1", "notice", number="1")
STATEMENTS = [DocumentInfo(name, name, "statement") for name in ("s1", "s2")]


def passage(name: str, info: DocumentInfo, label: str, text: str) -> Passage:
    return Passage(name, info, label, "", (), text)


def order(*passages: Passage, k: int) -> list[str]:
    return [p.id for p in repeats_last(passages, k)]


def test_the_same_words_in_sibling_documents_come_once() -> None:
    first = passage("a", STATEMENTS[0], "9", "The band is kept.")
    second = passage("b", STATEMENTS[1], "7", "The band  is kept")
    other = passage("c", STATEMENTS[1], "8", "Growth slowed.")
    assert order(first, second, other, k=2) == ["a", "c", "b"]


def test_the_same_paragraph_of_another_version_comes_once() -> None:
    first = passage("a", NEW, "6.1", "Above S$20,000.")
    second = passage("b", OLD, "6.1", "Above S$5,000.")
    assert order(first, second, passage("c", OLD, "6.2", "More."), k=2) == ["a", "c", "b"]


def test_a_figure_apart_is_no_repeat() -> None:
    first = passage("a", STATEMENTS[0], "1", "The limit is S$1,000.")
    assert order(first, passage("b", STATEMENTS[1], "1", "The limit is S$2,000."), k=2) == ["a", "b"]


def test_repeats_fill_the_list_where_nothing_else_is_left() -> None:
    first = passage("a", STATEMENTS[0], "9", "The band is kept.")
    assert order(first, passage("b", STATEMENTS[1], "7", "The band is kept."), k=2) == ["a", "b"]
