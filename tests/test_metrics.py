import math

import pytest

from rag_ft.metrics import (
    citation_f1,
    exact_match,
    normalise_answer,
    retrieval_measures,
    rouge_l,
    token_f1,
    token_overlap,
)


def test_normalisation_is_squads() -> None:
    assert normalise_answer(" The  Monetary-Authority, of a Place! ") == "monetaryauthority of place"
    assert normalise_answer("S$20,000") == "s20000"


@pytest.mark.parametrize(
    ("prediction", "reference", "expected"),
    [("The bank.", "bank", 1.0), ("a bank", "the banks", 0.0), ("", "", 1.0), ("", "bank", 0.0)],
)
def test_exact_match(prediction: str, reference: str, expected: float) -> None:
    assert exact_match(prediction, reference) == expected


def test_token_f1_by_hand() -> None:
    # Prediction has 4 words, reference 3, 2 in common: P 1/2, R 2/3, F1 4/7.
    assert token_overlap("five years after completion", "five years only") == pytest.approx(
        (1 / 2, 2 / 3, 4 / 7)
    )
    # A word counts as often as both hold it: common = {no: 1}, P 1/2, R 1/1.
    assert token_f1("no no", "no") == pytest.approx(2 / 3)
    assert token_f1("yes", "no") == 0.0
    assert token_f1("the", "a") == 1.0  # both empty once the articles are gone
    assert token_f1("the", "no") == 0.0


def test_rouge_l_by_hand() -> None:
    # The longest common subsequence of "the cat sat down" and "the dog sat" is "the sat":
    # P 2/4, R 2/3, F 4/7.
    assert rouge_l("the cat sat down", "the dog sat") == pytest.approx(4 / 7)
    assert rouge_l("sat the", "the sat") == pytest.approx(1 / 2)  # order matters: LCS is one word
    assert rouge_l("regulated", "regulates") == 1.0  # stemmed
    assert rouge_l("", "the sat") == 0.0


def test_citation_f1_by_hand() -> None:
    assert citation_f1([1, 2], [2, 3]) == pytest.approx(1 / 2)
    assert citation_f1([1, 1], [1]) == 1.0
    assert citation_f1([], []) == 1.0
    assert citation_f1([], [1]) == 0.0
    assert citation_f1([1], []) == 0.0


def test_retrieval_measures_by_hand() -> None:
    rankings = {"two-gold": ["x", "a", "y", "b"], "first": ["c"], "missed": ["z"]}
    relevant = {"two-gold": {"a", "b"}, "first": {"c"}, "missed": {"d"}, "not-run": {"e"}, "no-gold": set()}
    values = retrieval_measures(
        rankings, relevant, ("R@1", "R@2", "R@10", "Success@2", "RR@10", "AP@10", "nDCG@10")
    )
    assert values["R@1"] == {"two-gold": 0.0, "first": 1.0, "missed": 0.0, "not-run": 0.0}
    assert values["R@2"]["two-gold"] == 0.5
    assert values["R@10"]["two-gold"] == 1.0
    assert values["Success@2"]["two-gold"] == 1.0
    assert values["RR@10"]["two-gold"] == 0.5
    # Precision at the two hits: 1/2 and 2/4; averaged over 2 relevant.
    assert values["AP@10"]["two-gold"] == pytest.approx(1 / 2)
    ideal = 1 + 1 / math.log2(3)
    assert values["nDCG@10"]["two-gold"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert all(values[name]["missed"] == 0.0 for name in values)


def test_cut_off_average_precision_still_divides_by_all_relevant() -> None:
    values = retrieval_measures({"q": ["a"]}, {"q": {"a", "b", "c", "d"}}, ("AP@10", "R@10"))
    assert values["AP@10"]["q"] == pytest.approx(1 / 4)
    assert values["R@10"]["q"] == pytest.approx(1 / 4)


def test_no_ranking_at_all_scores_zero() -> None:
    assert retrieval_measures({}, {"q": {"a"}}, ("R@10",)) == {"R@10": {"q": 0.0}}
