from collections.abc import Sequence

import pytest

from rag_ft.evaluation.citations import citation_scores, contains, gold_judge, split_statements
from rag_ft.schema import Gold, Passage, Question


@pytest.mark.parametrize(
    ("answer", "statements"),
    [
        ("It is so [1].", ["It is so [1]."]),
        ("It is so. [1] And so [2][3].", ["It is so. [1]", "And so [2][3]."]),
        ("It is so. [1]", ["It is so. [1]"]),
        ("One [1]. Two.", ["One [1].", "Two."]),
        ("[1]", []),
        ("", []),
    ],
)
def test_statements_keep_their_marks(answer: str, statements: list[str]) -> None:
    assert split_statements(answer) == statements


def judge_by(table: dict[frozenset[str], bool]):
    """Judge by a table from sets of labels to what they support."""

    def supports(_: str, passages: Sequence[Passage]) -> bool:
        return table.get(frozenset(passage.label for passage in passages), False)

    return supports


@pytest.mark.parametrize(
    ("supported", "recall", "precision"),
    [
        ([{"a", "b"}, {"a"}, {"b"}], 1.0, 1.0),  # each alone
        ([{"a", "b"}], 1.0, 1.0),  # only together: both are needed
        ([{"a", "b"}, {"a"}], 1.0, 0.5),  # b neither supports nor is needed
        ([{"a"}], 0.0, 0.0),  # the set does not support it, so no citation is precise
        ([], 0.0, 0.0),
    ],
)
def test_alce_on_a_statement_with_two_citations(
    make_passage, supported: list[set[str]], recall: float, precision: float
) -> None:
    cited = {1: make_passage(label="a"), 2: make_passage(label="b")}
    judge = judge_by({frozenset(labels): True for labels in supported})
    scores = citation_scores("It is so [1][2].", cited, judge)
    assert scores is not None
    assert (scores.recall, scores.precision) == (recall, precision)


def test_alce_over_three_statements(make_passage) -> None:
    cited = {1: make_passage(label="a"), 2: make_passage(label="b")}
    # First recalled by a alone (b is idle), second uncited, third not supported.
    scores = citation_scores(
        "First [1][2]. Second. Third [2].", cited, judge_by({frozenset("ab"): True, frozenset("a"): True})
    )
    assert scores is not None
    assert scores.recall == pytest.approx(1 / 3)
    assert scores.precision == pytest.approx(1 / 3)


def test_a_citation_to_nowhere_spoils_its_statement(make_passage) -> None:
    yes = judge_by({frozenset("a"): True})
    for cited in ({1: make_passage(label="a")}, {1: make_passage(label="a"), 2: None}):
        scores = citation_scores("It is so [1][2].", cited, yes)
        assert scores is not None
        assert (scores.recall, scores.precision) == (0.0, 0.0)


def test_without_marks_what_is_cited_is_cited_by_all(make_passage) -> None:
    scores = citation_scores("One. Two.", {1: make_passage(label="a")}, judge_by({frozenset("a"): True}))
    assert scores is not None
    assert (scores.recall, scores.precision) == (1.0, 1.0)


def test_no_citation_at_all_scores_nought() -> None:
    scores = citation_scores("One. Two.", {}, lambda *_: True)
    assert scores is not None
    assert (scores.recall, scores.precision) == (0.0, 0.0)
    assert citation_scores("[1]", {}, lambda *_: True) is None


def test_the_gold_judge_asks_for_the_gold_paragraph(make_passage) -> None:
    judge = gold_judge(Question("q?", gold=(Gold("primer/records.md", "1.1"),)))
    assert judge("anything", [make_passage(label="9.9"), make_passage(label="1.1")])
    assert not judge("anything", [make_passage(label="9.9")])


def test_without_gold_the_words_decide(make_passage) -> None:
    judge = gold_judge(Question("q?"))
    passage = make_passage("Under this notice a bank keeps its records for at least five years.")
    assert judge("Banks keep records for five years.", [passage])
    assert not judge("Banks keep records for six years.", [passage])
    assert not judge("The Bank of England keeps records for five years.", [passage])
    assert not judge("Insurers publish premiums.", [passage])
    assert not contains("[1]", [passage])
