"""Our measures against reference implementations on fifty cases each, to the fourth decimal."""

import math
import random
import string
from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from rag_ft.evaluation.citations import citation_scores
from rag_ft.evaluation.results import RowResult
from rag_ft.evaluation.risk_coverage import risk_coverage
from rag_ft.metrics import exact_match, retrieval_measures, rouge_l, token_f1
from rag_ft.schema import Passage

CASES = range(50)
# Stems of these are themselves, so that the reference needs no stemmer.
_WORDS = "the a bank must keep ledger for ten day and no firm Authority risk, cash. an! limit".split()


def texts(case: int) -> tuple[str, str]:
    draw = random.Random(case)  # noqa: S311
    first = [draw.choice(_WORDS) for _ in range(draw.randint(1, 14))]
    second = [word if draw.random() < 0.6 else draw.choice(_WORDS) for word in first[: draw.randint(1, 14)]]
    return " ".join(first), " ".join(second)


@pytest.mark.parametrize("case", CASES)
def test_exact_match_and_f1_are_squads_definitions(case: int) -> None:
    """Lower case, no ASCII punctuation, no articles; F1 over bags of words, 1 where both are empty."""
    prediction, reference = texts(case)
    one, two = (
        [
            word
            for word in "".join(c for c in text.lower() if c not in string.punctuation).split()
            if word not in ("a", "an", "the")
        ]
        for text in (prediction, reference)
    )
    assert exact_match(prediction, reference) == float(one == two)
    left = list(two)
    same = 0
    for word in one:
        if word in left:
            left.remove(word)
            same += 1
    expected = 2 * same / (len(one) + len(two)) if one and two else float(one == two)
    assert token_f1(prediction, reference) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("case", CASES)
def test_rouge_l_is_lins_definition(case: int) -> None:
    prediction, reference = texts(case)
    one, two = (
        "".join(c if c.isalnum() else " " for c in text.lower()).split() for text in (prediction, reference)
    )
    table = [[0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for i, left in enumerate(one):
        for j, right in enumerate(two):
            table[i + 1][j + 1] = table[i][j] + 1 if left == right else max(table[i][j + 1], table[i + 1][j])
    common = table[-1][-1]
    expected = 2 * common / (len(one) + len(two)) if common else 0.0
    assert rouge_l(prediction, reference) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("case", CASES)
def test_retrieval_measures_are_their_definitions(case: int) -> None:
    draw = random.Random(case)  # noqa: S311
    ranking = [f"d{n}" for n in draw.sample(range(40), 25)]
    gold = {f"d{n}" for n in draw.sample(range(40), draw.randint(1, 6))}
    found = [item in gold for item in ranking]
    values = {
        name: by_question["q"]
        for name, by_question in retrieval_measures({"q": ranking}, {"q": gold}).items()
    }
    for k in (1, 5, 10, 20):
        assert values[f"R@{k}"] == pytest.approx(sum(found[:k]) / len(gold), abs=5e-5)
        assert values[f"Success@{k}"] == float(any(found[:k]))
    first = next((rank for rank, hit in enumerate(found[:10], start=1) if hit), None)
    assert values["RR@10"] == pytest.approx(1 / first if first else 0.0, abs=5e-5)
    precisions = [sum(found[:rank]) / rank for rank in range(1, 11) if found[rank - 1]]
    assert values["AP@10"] == pytest.approx(sum(precisions) / len(gold), abs=5e-5)
    # scikit-learn ranks what it is given: what was not retrieved comes after, with its relevance.
    missed = len(gold) - sum(found)
    relevance = [*map(float, found), *[0.0] * 10, *[1.0] * missed]
    scores = [-float(rank) for rank in range(len(relevance))]
    assert values["nDCG@10"] == pytest.approx(ndcg_score([relevance], [scores], k=10), abs=5e-5)


@pytest.mark.parametrize("case", CASES)
def test_citations_are_alces_two_definitions(make_passage, case: int) -> None:
    """Recall: the cited set entails. Precision: entailed, and alone sufficient or not dispensable."""
    draw = random.Random(case)  # noqa: S311
    labels = "abc"
    entailed = {
        frozenset(
            label for label, bit in zip(labels, f"{mask:03b}", strict=True) if bit == "1"
        ): draw.random() < 0.5
        for mask in range(1, 8)
    }
    statements = [draw.sample(range(1, 4), draw.randint(0, 3)) for _ in range(draw.randint(1, 4))]
    answer = " ".join(
        f"Statement {n}{''.join(f'[{mark}]' for mark in marks)}." for n, marks in enumerate(statements)
    )

    def entails(_: str, passages: Sequence[Passage]) -> bool:
        return entailed[frozenset(passage.label for passage in passages)]

    sets = [frozenset(labels[mark - 1] for mark in marks) for marks in statements]
    recalled = [bool(cited) and entailed[cited] for cited in sets]
    precise = [
        recalled[n] and (entailed[frozenset(label)] or len(cited) == 1 or not entailed[cited - {label}])
        for n, cited in enumerate(sets)
        for label in cited
    ]
    if not precise:
        return  # without any mark our rule for unmarked answers applies, which ALCE does not have
    scores = citation_scores(
        answer, {n + 1: make_passage(label=label) for n, label in enumerate(labels)}, entails
    )
    assert scores is not None
    assert scores.recall == pytest.approx(sum(recalled) / len(recalled), abs=5e-5)
    assert scores.precision == pytest.approx(sum(precise) / len(precise), abs=5e-5)


@pytest.mark.parametrize("case", CASES)
def test_the_area_under_risk_coverage_is_the_mean_over_random_tie_breaks(case: int) -> None:
    draw = np.random.default_rng(case)
    n = int(draw.integers(2, 9))
    confidence, wrong = draw.integers(0, 3, n), draw.integers(0, 2, n)
    rows = [
        RowResult(str(i), {"risk": (float(wrong[i]), 1.0)}, confidence=float(confidence[i])) for i in range(n)
    ]
    curve = risk_coverage(rows)
    assert curve is not None
    # The expectation of each prefix's risk over all orders that respect the confidence.
    expected = []
    for taken in range(1, n + 1):
        ordered = np.sort(confidence)[::-1]
        level = ordered[taken - 1]
        surer = wrong[confidence > level]
        tied = wrong[confidence == level]
        expected.append((surer.sum() + (taken - len(surer)) * tied.mean()) / taken)
    assert curve.area == pytest.approx(float(np.mean(expected)), abs=5e-5)
    assert curve.points[-1].risk == pytest.approx(wrong.mean(), abs=5e-5)
    assert math.isclose(curve.points[-1].coverage, 1.0)
