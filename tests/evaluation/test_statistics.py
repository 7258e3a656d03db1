import numpy as np
import pytest
from scipy import stats

from rag_ft.evaluation.statistics import (
    bootstrap_ratio,
    bootstrap_statistic,
    holm,
    mcnemar_exact,
    paired_difference,
    ratio,
)


def tallies(*pairs: tuple[float, float]) -> np.ndarray:
    return np.array(pairs, dtype=np.float64)


def binary(hits: int, n: int) -> np.ndarray:
    return tallies(*([(1, 1)] * hits + [(0, 1)] * (n - hits)))


def test_a_ratio_counts_only_what_stands_below_the_line() -> None:
    assert ratio(tallies((1, 1), (0, 1), (0, 0), (0, 0))) == 0.5
    assert ratio(tallies((2, 3), (1, 1))) == 0.75
    assert ratio(tallies((0, 0))) is None
    assert bootstrap_ratio(tallies((0, 0)), seed=0) is None


def test_the_interval_of_a_mean_is_scipys() -> None:
    values = np.random.default_rng(5).normal(0.4, 0.2, 80)
    mine = bootstrap_ratio(np.stack([values, np.ones(80)], axis=1), seed=1, resamples=20_000)
    reference = stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    assert mine is not None
    assert (mine.low, mine.high) == pytest.approx((reference.low, reference.high), abs=0.003)
    assert mine.method == "bootstrap"


def test_the_interval_of_a_ratio_draws_both_sums_together() -> None:
    generator = np.random.default_rng(3)
    answered = generator.integers(0, 2, 120).astype(float)
    wrong = answered * generator.integers(0, 2, 120)
    mine = bootstrap_ratio(np.stack([wrong, answered], axis=1), seed=1, resamples=20_000)
    reference = stats.bootstrap(
        (wrong, answered),
        lambda w, a, axis: w.sum(axis=axis) / a.sum(axis=axis),
        n_resamples=20_000,
        method="percentile",
        paired=True,
        vectorized=True,
        rng=np.random.default_rng(2),
    ).confidence_interval
    assert mine is not None
    assert (mine.low, mine.high) == pytest.approx((reference.low, reference.high), abs=0.01)


@pytest.mark.parametrize(("hits", "expected"), [(0, (0.0, 0.0951)), (30, (0.9049, 1.0))])
def test_nought_or_all_of_thirty_keeps_its_doubt(hits: int, expected: tuple[float, float]) -> None:
    interval = bootstrap_ratio(binary(hits, 30), seed=0)
    assert interval is not None
    assert interval.method == "exact"
    assert (interval.low, interval.high) == pytest.approx(expected, abs=1e-4)
    # scipy's one-sided bound says the same.
    bound = stats.binomtest(hits, 30, alternative="less" if hits == 0 else "greater").proportion_ci(0.95)
    assert (interval.low, interval.high) == pytest.approx((bound.low, bound.high))


def test_a_seed_gives_the_same_interval_and_another_seed_another() -> None:
    table = binary(7, 30)
    assert bootstrap_ratio(table, seed=4) == bootstrap_ratio(table, seed=4)
    assert bootstrap_statistic(table[:, 0], np.mean, 4) == bootstrap_statistic(table[:, 0], np.mean, 4)


def test_the_interval_of_a_median_holds_it() -> None:
    values = np.arange(1.0, 102.0)
    interval = bootstrap_statistic(values, np.median, seed=0)
    assert interval is not None
    assert 35 < interval.low < 51 < interval.high < 67
    assert bootstrap_statistic(np.array([]), np.median, seed=0) is None


@pytest.mark.parametrize(("first", "second"), [(0, 0), (1, 0), (5, 1), (9, 2), (10, 10), (0, 12)])
def test_mcnemar_is_the_binomial_test(first: int, second: int) -> None:
    expected = stats.binomtest(first, first + second).pvalue if first + second else 1.0
    assert mcnemar_exact(first, second) == pytest.approx(expected)


def test_a_plain_difference_is_found_and_no_difference_is_not() -> None:
    worse, better = binary(10, 60), np.concatenate([binary(40, 60)[:40], binary(0, 20)])
    found = paired_difference(worse, better, seed=0)
    assert found is not None
    assert found.difference == pytest.approx(0.5)
    assert 0.3 < found.low < 0.5 < found.high < 0.7
    assert found.p_bootstrap < 0.002
    assert found.p_mcnemar == pytest.approx(2 / 2**30)
    same = paired_difference(worse, worse, seed=0)
    assert same is not None
    assert (same.difference, same.low, same.high, same.p_bootstrap, same.p_mcnemar) == (0, 0, 0, 1, 1)


def test_pairing_sees_what_unpaired_intervals_hide() -> None:
    generator = np.random.default_rng(0)
    hard = generator.uniform(0, 1, 100)
    first = np.stack([hard, np.ones(100)], axis=1)
    second = np.stack([hard + 0.02, np.ones(100)], axis=1)
    found = paired_difference(first, second, seed=0)
    assert found is not None
    assert found.low == pytest.approx(0.02)
    assert found.p_mcnemar is None  # not a yes or no
    one, two = bootstrap_ratio(first, 0), bootstrap_ratio(second, 0)
    assert one is not None
    assert two is not None
    assert one.high > two.low


def test_mcnemar_needs_the_same_questions() -> None:
    found = paired_difference(tallies((1, 1), (0, 0), (0, 1)), tallies((1, 1), (1, 1), (0, 1)), seed=0)
    assert found is not None
    assert found.p_mcnemar is None
    assert paired_difference(tallies((0, 0)), tallies((1, 1)), seed=0) is None


def test_holm_by_hand() -> None:
    # Sorted .01 .03 .04 times 3 2 1 gives .03 .06 .04; a later one is never below an earlier.
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
