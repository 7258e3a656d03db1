"""What is embedded of a passage: its words whole, its context as far as it fits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ft.retrieval.embedding_input import (
    EmbeddingInput,
    fitted_inputs,
    passage_budget,
    passage_context,
    passage_input,
)
from rag_ft.schema import DocumentInfo, Passage, Span
from tests.conftest import FakeEncoder

NOTICE = DocumentInfo("pdf/626.pdf", "Prevention of Money Laundering", "notice", "626")
PASSAGE = Passage("id", NOTICE, "6.3(b)", "6 CDD > When to perform it", (Span(0, 10),), "one two three")


def count(texts: list[str]) -> list[int]:
    """Words and two special tokens, as the fake encoder counts."""
    return FakeEncoder().count_tokens(texts)


@pytest.mark.parametrize(
    ("info", "heading", "expected"),
    [
        (NOTICE, "6 CDD > When to perform it", "626 Prevention of Money Laundering. When to perform it"),
        (NOTICE, "", "626 Prevention of Money Laundering"),
        (replace(NOTICE, title="MAS Notice 626"), "CDD", "MAS Notice 626. CDD"),
        (
            DocumentInfo("a", "Banking Act 1970", "act", "BA1970"),
            "PART 2 > Licences",
            "Banking Act 1970. Licences",
        ),
    ],
)
def test_the_context(info: DocumentInfo, heading: str, expected: str) -> None:
    assert passage_context(replace(PASSAGE, document=info, heading=heading)) == expected


def test_what_fits_is_whole() -> None:
    expected = "626 Prevention of Money Laundering. When to perform it\none two three"
    assert passage_input(PASSAGE) == expected
    assert fitted_inputs([PASSAGE], count, 14) == [EmbeddingInput(expected, 14)]


def test_the_context_gives_way() -> None:
    expected = EmbeddingInput("626 Prevention of Money\none two three", 9)
    assert fitted_inputs([PASSAGE, PASSAGE], count, 9) == [expected, expected]
    assert fitted_inputs([PASSAGE], count, 5) == [EmbeddingInput("one two three", 5)]


def test_a_passage_that_is_too_long_by_itself_is_told_and_not_cut() -> None:
    assert fitted_inputs([PASSAGE], count, 4) == [EmbeddingInput("one two three", 5)]


@given(
    words=st.integers(1, 30), title=st.integers(1, 20), heading=st.integers(0, 20), limit=st.integers(4, 40)
)
def test_the_words_are_always_there_and_nothing_is_over_that_need_not_be(
    words: int, title: int, heading: int, limit: int
) -> None:
    passage = replace(
        PASSAGE,
        document=replace(NOTICE, title="title " * title),
        heading="heading " * heading,
        text="word " * words,
    )
    (fitted,) = fitted_inputs([passage], count, limit)
    assert fitted.text.endswith(passage.text)
    assert count([fitted.text]) == [fitted.n_tokens]
    assert fitted.n_tokens <= max(limit, words + 2)


def test_the_budget_leaves_room_for_the_context() -> None:
    assert passage_budget(256) == 224
    assert passage_budget(40) == 20
