import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ft.parsing.labels import Count, read_label


@pytest.mark.parametrize(
    ("text", "body", "form", "length"),
    [
        ("6.3 A widget", "6.3", "decimal", 3),
        ("6.14A A widget", "6.14A", "decimal", 5),
        ("4.1. Widgets", "4.1", "decimal", 4),
        ("6-13-2 A widget", "6-13-2", "dash", 6),
        ("1-4-6A A widget", "1-4-6A", "dash", 6),
        ("14-A A widget", "14-A", "dash", 4),
        ("B-10 A widget", "B-10", "dash", 4),
        ("11A WIDGETS", "11A", "bare", 3),
        ("55ZZA. A widget", "55ZZA", "dot", 6),
        ("3.—(1) A widget", "3", "dot", 2),
        ("(b) a widget", "b", "paren", 3),
        ("(IVA) Widgets", "IVA", "paren", 5),
        ("(3A) A widget", "3A", "paren", 4),
        ("ii) a widget", "ii", "half", 3),
        ("VII. Widgets", "VII", "point", 4),
    ],
)
def test_a_label_is_read_whole(text: str, body: str, form: str, length: int) -> None:
    label = read_label(text)
    assert label is not None
    assert (label.body, label.form, label.length) == (body, form, length)


@pytest.mark.parametrize(
    "text",
    [
        "A widget",
        "28 March 2024",
        "12 months after",
        "5 per cent of",
        "0.5% a year",
        "2020s saw",
        "(see above)",
    ],
)
def test_words_are_no_label(text: str) -> None:
    assert read_label(text) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [("(a)", "(b)"), ("(h)", "(i)"), ("(iv)", "(v)"), ("(3)", "(3A)"), ("(3A)", "(3B)"), ("(3B)", "(4)")],
)
def test_the_next_label_follows(before: str, after: str) -> None:
    one, other = read_label(f"{before} x"), read_label(f"{after} x")
    assert one is not None
    assert other is not None
    assert any(late.follows(early) for early in one.counts for late in other.counts)


def test_the_numeral_between_four_and_five_is_read_as_inserted() -> None:
    label = read_label("(IVA) Widgets")
    assert label is not None
    assert Count("ROMAN", (4, 1)) in label.counts


@given(st.integers(1, 400), st.integers(1, 400))
def test_whole_numbers_keep_their_order(one: int, other: int) -> None:
    first, second = read_label(f"({one}) x"), read_label(f"({other}) x")
    assert first is not None
    assert second is not None
    assert second.counts[0].is_after(first.counts[0]) == (other > one)
    assert second.counts[0].follows(first.counts[0]) == (other == one + 1)
