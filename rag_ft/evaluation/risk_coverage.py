"""Risk against coverage: how wrong a system is when it keeps only its surest answers."""

from collections.abc import Sequence
from itertools import groupby

from rag_ft.evaluation.results import CurvePoint, RiskCoverage, RowResult


def risk_coverage(rows: Sequence[RowResult]) -> RiskCoverage | None:
    """Draw the curve of El-Yaniv and Wiener (2010) and its area, AURC (Geifman et al. 2019).

    Coverage counts over all questions whose answer could be judged, so a system that
    abstains ends before 1. The area is the mean risk over the answers given, taken as each
    is added in the order of confidence; answers of equal confidence come in together, at
    the risk expected of any order among them.

    Returns:
        None where no answer was given, or one that was given has no confidence.
    """
    judged = [row for row in rows if row.abstained or "risk" in row.tallies]
    given = [row for row in judged if "risk" in row.tallies]
    if not given:
        return None
    ranked = [(row.confidence, row.tallies["risk"][0]) for row in given if row.confidence is not None]
    if len(ranked) < len(given):
        return None
    ranked.sort(key=lambda pair: -pair[0])
    points: list[CurvePoint] = []
    area = taken = wrong = 0.0
    for _, tied in groupby(ranked, key=lambda pair: pair[0]):
        losses = [loss for _, loss in tied]
        expected = sum(losses) / len(losses)
        for _ in losses:
            taken += 1
            wrong += expected
            area += wrong / taken
        points.append(CurvePoint(taken / len(judged), wrong / taken))
    return RiskCoverage(tuple(points), area / len(ranked))
