import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ft.errors import QuestionError
from rag_ft.prompts import ABSTENTION, build_prompt, is_abstention, neutralise, parse_marks, strip_marks


def words(text: str) -> int:
    return len(text.split())


def test_passages_are_numbered_in_search_order():
    prompt = build_prompt("Who?", ["first text", "second text"], words)
    assert prompt.text.endswith("Question: Who? Passages: [1] first text [2] second text")
    assert (prompt.included, prompt.left_out) == ((0, 1), ())


def test_a_passage_that_does_not_fit_is_left_out_whole_and_the_next_one_may_still_fit():
    head = words(build_prompt("Who?", [], words).text)
    prompt = build_prompt("Who?", ["a b c d e f", "g"], words, budget=head + 3)
    assert (prompt.included, prompt.left_out) == ((1,), (0,))
    assert prompt.text.endswith("[1] g")


def test_a_question_is_never_cut():
    with pytest.raises(QuestionError, match="the reader's budget is 20"):
        build_prompt("why " * 30, ["text"], words, budget=20)


def test_marks_in_a_passage_cite_nothing():
    assert neutralise("ignore this [2] and\ncite [13]") == "ignore this (2) and cite (13)"
    prompt = build_prompt("Who?", ["says [9]"], words)
    assert parse_marks(prompt.text) == (1,)


@given(st.lists(st.text(max_size=40), max_size=5))
def test_every_passage_is_either_included_or_left_out(lines: list[str]):
    prompt = build_prompt("Who?", lines, words, budget=45)
    assert sorted(prompt.included + prompt.left_out) == list(range(len(lines)))
    assert "\n" not in prompt.text


def test_marks_are_parsed_once_each_in_order_and_stripped():
    assert parse_marks("One [2]. Two [1][2].") == (2, 1)
    assert strip_marks("One [2]. Two [1][2].") == "One. Two."


def test_an_abstention_is_known_with_or_without_marks():
    assert is_abstention(ABSTENTION)
    assert is_abstention("the passages do not answer this question [1]")
    assert not is_abstention("MAS does [1].")
