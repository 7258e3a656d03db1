import math

import pytest

from rag_ft.evaluation.citations import gold_judge
from rag_ft.evaluation.scoring import (
    CitedPassage,
    Rubric,
    Score,
    is_answerable,
    rank_gold,
    score_answer,
    score_searches,
)
from rag_ft.schema import Gold, Hit, Question

QUOTE = "five years"
RECORDS = Gold("primer/records.md", "1.1", QUOTE)


def asked(**fields) -> Question:
    return Question(
        **{"question": "How long?", "id": "q", "answer": "five years", "gold": (RECORDS,), **fields}
    )


def judged(row: Question, answer, cited) -> Score:
    return score_answer(row, answer, cited, Rubric(gold_judge))


def counted(row: Question, answer, cited) -> dict:
    return judged(row, answer, cited).tallies


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"answerable": False}, False),
        ({"answer": None}, True),
        ({"gold": ()}, True),
        ({"answer": None, "gold": ()}, None),
    ],
)
def test_what_counts_as_answerable(fields: dict, expected: bool | None) -> None:
    assert is_answerable(asked(**fields)) is expected


def test_a_right_and_cited_answer(make_passage, make_answer) -> None:
    found = make_passage()
    tallies = counted(asked(), make_answer("five years [1]", [found]), [CitedPassage(1, found)])
    assert tallies == {
        "coverage": (1, 1),
        "answerable_coverage": (1, 1),
        "right": (1, 1),
        "exact_match": (1, 1),  # marks are no part of the words
        "token_f1": (1, 1),
        "rouge_l": (1, 1),
        "gold_document_cited": (1, 1),
        "gold_paragraph_cited": (1, 1),
        "gold_quote_cited": (1, 1),
        "hallucinated_institution": (0, 1),
        "wrong_figure": (0, 1),
        "citation_recall": (1, 1),
        "citation_precision": (1, 1),
        "risk": (0, 1),
        "misleading": (0, 1),
    }


def test_the_right_document_but_another_paragraph(make_passage, make_answer) -> None:
    other = make_passage("Something else.", label="2.1")
    tallies = counted(asked(), make_answer("two years [1]", [other]), [CitedPassage(1, other)])
    assert tallies["gold_document_cited"] == (1, 1)
    assert tallies["gold_paragraph_cited"] == (0, 1)
    assert tallies["gold_quote_cited"] == (0, 1)
    assert tallies["token_f1"] == (pytest.approx(0.5), 1)


def test_an_abstention_scores_nought_where_there_is_an_answer(make_answer) -> None:
    tallies = counted(asked(), make_answer("The passages do not answer.", abstained=True), [])
    assert tallies["coverage"] == tallies["answerable_coverage"] == (0, 1)
    assert tallies["abstention_precision"] == (0, 1)
    assert all(
        tallies[name] == (0, 1) for name in ("exact_match", "token_f1", "rouge_l", "gold_paragraph_cited")
    )


def test_an_unanswerable_question_judges_only_the_abstention(make_answer) -> None:
    row = asked(answerable=False, answer=None, gold=())
    assert counted(row, make_answer("", abstained=True), []) == {
        "coverage": (0, 1),
        "abstention_recall": (1, 1),
        "abstention_precision": (1, 1),
        "misleading": (0, 1),
    }
    assert counted(row, make_answer("Surely."), []) == {
        "coverage": (1, 1),
        "abstention_recall": (0, 1),
        "hallucinated_institution": (0, 1),
        "wrong_figure": (0, 1),
        "citation_recall": (0, 1),
        "citation_precision": (0, 1),
        "risk": (1, 1),
        "misleading": (1, 1),
    }


def test_a_row_of_unknown_answerability_says_nothing_of_abstention(make_answer) -> None:
    row = asked(answer=None, gold=())
    assert counted(row, make_answer("", abstained=True), []) == {"coverage": (0, 1)}


def test_a_citation_to_nowhere_counts_for_nothing(make_answer) -> None:
    tallies = counted(asked(), make_answer("five years"), [CitedPassage(1, None)])
    assert tallies["gold_document_cited"] == (0, 1)


def test_faults_are_named_in_words(make_passage, make_answer) -> None:
    found = make_passage()
    score = judged(
        asked(), make_answer("The Bank of England says six years [1]", [found]), [CitedPassage(1, found)]
    )
    assert score.tallies["hallucinated_institution"] == score.tallies["wrong_figure"] == (1, 1)
    assert score.faults == (
        "institution that no cited passage names: Bank of England",
        "figure that no cited passage holds: six years",
    )


def test_the_number_of_a_cited_paragraph_is_no_wrong_figure(make_passage, make_answer) -> None:
    found = make_passage(label="12.3", number="626")
    text = "Under paragraph 12.3 of Notice 626, five years [1]."
    assert counted(asked(), make_answer(text, [found]), [CitedPassage(1, found)])["wrong_figure"] == (0, 1)


def hits(*passages) -> list[Hit]:
    return [Hit(each, 1.0, rank) for rank, each in enumerate(passages, start=1)]


def test_a_gold_paragraph_counts_once_and_at_its_first_rank(make_passage) -> None:
    gold, again, other = make_passage(), make_passage("More of five years."), make_passage(label="9.9")
    assert rank_gold(asked(), hits(other, gold, again)) == ["other-1", "gold-0", "other-3"]


def test_one_hit_may_reach_two_gold_paragraphs(make_passage) -> None:
    row = asked(
        gold=(Gold("primer/records.md", "1.1(a)", "five"), Gold("primer/records.md", "1.1(b)", "years"))
    )
    assert rank_gold(row, hits(make_passage())) == ["gold-0", "gold-1"]


def test_searches_by_hand(make_passage) -> None:
    first, second = make_passage(label="1.1"), make_passage(label="2.2")
    rows = [
        asked(id="a"),
        asked(id="b", gold=(RECORDS, Gold("primer/records.md", "3.3"))),
        asked(id="no-gold", gold=()),
        asked(id="unanswerable", answerable=False),
    ]
    tallies = score_searches(rows, {"a": hits(first, second), "b": hits(second, first)}, Rubric(gold_judge))
    assert set(tallies) == {"a", "b"}
    assert tallies["a"]["R@1"] == tallies["a"]["AP@10"] == tallies["a"]["nDCG@10"] == (1, 1)
    assert tallies["b"]["R@1"] == tallies["b"]["Success@1"] == (0, 1)
    assert tallies["b"]["R@5"] == (0.5, 1)
    assert tallies["b"]["Success@5"] == (1, 1)
    assert tallies["b"]["RR@10"] == (0.5, 1)
    assert tallies["b"]["AP@10"] == (0.25, 1)
    ideal = 1 + 1 / math.log2(3)
    assert tallies["b"]["nDCG@10"] == (pytest.approx(1 / math.log2(3) / ideal), 1)
