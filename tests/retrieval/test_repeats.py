"""Repeats stand behind what is distinct."""

from itertools import count

from rag_ft.retrieval.repeats import repeats_last
from rag_ft.schema import DocumentInfo, Passage, Span

OLD = DocumentInfo("old", "Notice 1", "notice", number="1")
NEW = DocumentInfo("new", "Notice 1", "notice", number="1")
STATEMENTS = [DocumentInfo(name, name, "statement") for name in ("s1", "s2")]


def passage(name: str, info: DocumentInfo, label: str, text: str, *spans: tuple[int, int]) -> Passage:
    return Passage(name, info, label, "", tuple(Span(*span) for span in spans or _anywhere()), text)


def _anywhere() -> list[tuple[int, int]]:
    """A span that no other passage has."""
    start = next(_starts) * 1000
    return [(start, start + 10)]


_starts = count(1)


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


def test_a_limb_that_its_paragraph_holds_comes_after_what_is_new() -> None:
    whole = passage("whole", NEW, "6.3", "When: (a) one; (b) two.", (0, 5), (5, 12), (12, 20))
    limb = passage("limb", NEW, "6.3(b)", "When: two.", (0, 5), (14, 20))
    other = passage("other", NEW, "6.4", "Other.", (30, 40))
    assert order(whole, limb, other, k=2) == ["whole", "other", "limb"]
    assert order(limb, whole, other, k=2) == ["limb", "whole", "other"]
    elsewhere = passage("limb", OLD, "9(b)", "When: two.", (0, 5), (14, 20))
    assert order(whole, elsewhere, other, k=2) == ["whole", "limb", "other"]
