"""From what each question counted to estimates with intervals, and to differences between systems."""

from collections.abc import Sequence
from functools import partial
from itertools import combinations

import numpy as np

from rag_ft.evaluation.measures import MEASURES
from rag_ft.evaluation.results import Comparison, Estimate, RowResult, SystemResult
from rag_ft.evaluation.statistics import (
    PairedDifference,
    Tallies,
    bootstrap_ratio,
    bootstrap_statistic,
    holm,
    paired_difference,
    ratio,
)

# What is a ratio of two sums over questions; latency is not.
RATIOS = tuple(measure.name for measure in MEASURES if measure.unit != "seconds")


def summarise(rows: Sequence[RowResult], seed: int, resamples: int) -> dict[str, Estimate]:
    """Estimate every measure that something was counted for, in the order of `MEASURES`."""
    estimates: dict[str, Estimate] = {}
    for name in RATIOS:
        tallies = table([row.tallies.get(name) for row in rows])
        value, interval = ratio(tallies), bootstrap_ratio(tallies, seed, resamples)
        if value is not None and interval is not None:
            counted = int((tallies[:, 1] > 0).sum())
            estimates[name] = Estimate(value, interval.low, interval.high, counted, interval.method)
    seconds = np.array([row.seconds for row in rows if row.seconds is not None], dtype=np.float64)
    for name, share in (("latency_p50", 0.5), ("latency_p95", 0.95)):
        quantile = partial(np.quantile, q=share)
        interval = bootstrap_statistic(seconds, quantile, seed, resamples)
        if interval is not None:
            value = float(quantile(seconds))
            estimates[name] = Estimate(value, interval.low, interval.high, len(seconds), interval.method)
    return estimates


def compare_all(systems: Sequence[SystemResult], seed: int, resamples: int) -> tuple[Comparison, ...]:
    """Compare every pair of systems that ran, the later less the earlier."""
    ran = [system for system in systems if system.status == "ran"]
    return tuple(
        comparison
        for first, second in combinations(ran, 2)
        for comparison in compare(first, second, seed, resamples)
    )


def compare(first: SystemResult, second: SystemResult, seed: int, resamples: int) -> list[Comparison]:
    """Compare two systems on the questions that both were asked, in every ratio they both have."""
    answered_second = {row.id: row for row in second.rows}
    shared = [(row, answered_second[row.id]) for row in first.rows if row.id in answered_second]
    found = []
    for name in RATIOS:
        if name not in first.measures or name not in second.measures:
            continue
        before = table([row.tallies.get(name) for row, _ in shared])
        after = table([row.tallies.get(name) for _, row in shared])
        difference = paired_difference(before, after, seed, resamples)
        if difference is not None:
            found.append((name, difference))
    adjusted = holm([_p_value(difference) for _, difference in found])
    return [
        Comparison(
            first=first.name,
            second=second.name,
            measure=name,
            difference=difference.difference,
            low=difference.low,
            high=difference.high,
            p_bootstrap=difference.p_bootstrap,
            p_mcnemar=difference.p_mcnemar,
            p_adjusted=p_adjusted,
        )
        for (name, difference), p_adjusted in zip(found, adjusted, strict=True)
    ]


def _p_value(difference: PairedDifference) -> float:
    """Take the exact test where it applies: the bootstrap's p-value cannot fall below its draws."""
    return difference.p_bootstrap if difference.p_mcnemar is None else difference.p_mcnemar


def table(tallies: Sequence[tuple[float, float] | None]) -> Tallies:
    """Stack tallies to `(n_questions, 2)`; a question that does not count is a row of noughts."""
    rows = [(0.0, 0.0) if tally is None else tally for tally in tallies]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)
