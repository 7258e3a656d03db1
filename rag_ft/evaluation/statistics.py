"""Intervals and paired tests over questions: seeded, two-sided, at 95%.

Every measure is a ratio of two sums over questions (a mean divides by their number, a rate
over answers given by the answers), so one bootstrap serves them all: questions are drawn
with replacement and both sums are made again.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Tallies = NDArray[np.float64]
Statistic = Callable[[NDArray[np.float64]], np.floating[Any] | float]

DEFAULT_RESAMPLES = 10_000
LEVEL = 0.95
_TAIL = (1 - LEVEL) / 2
# How many drawn indices are held at a time: 16 MB of int64.
_DRAWN_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% interval and how it was made.

    "exact" stands where every answer counted the same (0 of n, n of n): resampling would
    give a width of nothing there, so Clopper and Pearson's bound is given.
    """

    low: float
    high: float
    method: Literal["bootstrap", "exact"]


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """B less A on the same questions; `p_bootstrap` and `p_mcnemar` are two-sided.

    `p_mcnemar` is None where a value is not 0 or 1, or was not taken on every shared question.
    """

    difference: float
    low: float
    high: float
    p_bootstrap: float
    p_mcnemar: float | None


def ratio(tallies: Tallies) -> float | None:
    """Return the sum of the first column over that of the second; None over nothing."""
    below = float(tallies[:, 1].sum())
    return float(tallies[:, 0].sum()) / below if below else None


def bootstrap_ratio(tallies: Tallies, seed: int, resamples: int = DEFAULT_RESAMPLES) -> Interval | None:
    """Return the percentile interval of a ratio of sums (Efron and Tibshirani 1993, chapter 13).

    Args:
        tallies: `(n_questions, 2)`: what a question adds above and below the line.
        seed: of the draws.
        resamples: how many times the questions are drawn.

    Returns:
        None where nothing stands below the line.
    """
    value = ratio(tallies)
    if value is None:
        return None
    counted = tallies[tallies[:, 1] > 0]
    if _is_binary(counted) and value in (0.0, 1.0):
        return _exact_extreme(len(counted), value)
    drawn = _resampled_ratios(tallies, seed, resamples)
    low, high = np.nanquantile(drawn, [_TAIL, 1 - _TAIL])
    return Interval(float(low), float(high), "bootstrap")


def bootstrap_statistic(
    values: NDArray[np.float64], statistic: Statistic, seed: int, resamples: int = DEFAULT_RESAMPLES
) -> Interval | None:
    """Return the percentile interval of any statistic of one value a question; None without values."""
    if not len(values):
        return None
    generator = np.random.default_rng(seed)
    drawn = [
        float(statistic(values[generator.integers(0, len(values), len(values))])) for _ in range(resamples)
    ]
    low, high = np.quantile(drawn, [_TAIL, 1 - _TAIL])
    return Interval(float(low), float(high), "bootstrap")


def paired_difference(
    first: Tallies, second: Tallies, seed: int, resamples: int = DEFAULT_RESAMPLES
) -> PairedDifference | None:
    """Compare two systems on the same questions: the second less the first.

    The p-value of the paired bootstrap (Koehn 2004; Efron and Tibshirani 1993, chapter 16)
    is twice the smaller share of draws whose difference lies on or beyond zero, with one
    draw added so that it is never nought.

    Returns:
        None where either system has nothing to count.
    """
    before, after = ratio(first), ratio(second)
    if before is None or after is None:
        return None
    drawn = _resampled_ratios(second, seed, resamples) - _resampled_ratios(first, seed, resamples)
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return None
    low, high = np.quantile(drawn, [_TAIL, 1 - _TAIL])
    beyond = min(np.count_nonzero(drawn <= 0), np.count_nonzero(drawn >= 0))
    p_bootstrap = min(1.0, 2 * float(beyond + 1) / (len(drawn) + 1))
    return PairedDifference(after - before, float(low), float(high), p_bootstrap, _mcnemar(first, second))


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Return McNemar's exact two-sided p-value from the two counts of disagreement.

    Under the null hypothesis each disagreement falls either way like a coin, so it is the
    binomial test of `only_first` among both at 1/2.
    """
    disagreements = only_first + only_second
    smaller = min(only_first, only_second)
    tail = sum(math.comb(disagreements, count) for count in range(smaller + 1))
    return min(1.0, float(2 * tail / 2**disagreements))


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for their number by Holm's step-down (1979), in the order given."""
    adjusted = [0.0] * len(p_values)
    running = 0.0
    for position, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        running = max(running, min(1.0, (len(p_values) - position) * p_values[index]))
        adjusted[index] = running
    return adjusted


def _mcnemar(first: Tallies, second: Tallies) -> float | None:
    shared = (first[:, 1] > 0) & (second[:, 1] > 0)
    same_questions = bool(((first[:, 1] > 0) == (second[:, 1] > 0)).all())
    if not same_questions or not (_is_binary(first[shared]) and _is_binary(second[shared])):
        return None
    only_first = int(((first[:, 0] == 1) & (second[:, 0] == 0) & shared).sum())
    only_second = int(((first[:, 0] == 0) & (second[:, 0] == 1) & shared).sum())
    return mcnemar_exact(only_first, only_second)


def _is_binary(tallies: Tallies) -> bool:
    return bool(np.isin(tallies[:, 0], (0.0, 1.0)).all() and (tallies[:, 1] == 1.0).all())


def _exact_extreme(n: int, value: float) -> Interval:
    width = 1 - (1 - LEVEL) ** (1 / n) if n else 1.0
    # All the doubt lies on one side, so the whole 5% does too.
    return Interval(0.0, width, "exact") if value == 0.0 else Interval(1 - width, 1.0, "exact")


def _resampled_ratios(tallies: Tallies, seed: int, resamples: int) -> NDArray[np.float64]:
    """Draw questions with replacement; the same seed draws the same questions for every system."""
    n = len(tallies)
    generator = np.random.default_rng(seed)
    at_once = max(1, _DRAWN_AT_ONCE // max(n, 1))
    ratios: list[NDArray[np.float64]] = []
    for start in range(0, resamples, at_once):
        drawn = generator.integers(0, n, (min(at_once, resamples - start), n))
        above, below = tallies[drawn, 0].sum(axis=1), tallies[drawn, 1].sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratios.append(np.where(below > 0, above / below, np.nan))
    return np.concatenate(ratios)
