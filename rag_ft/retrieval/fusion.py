"""Fusing the stages of a search: weighted sums of scores brought to one scale."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]


def fuse(dense: Scores, lexical: Scores, dense_weight: float) -> Scores:
    """Return `(n,) float32` fused scores of n candidates, higher is better, at most 1.

    Each stage is divided by its best, so that a stage that is sure of one candidate keeps its
    lead; ranks would throw that away (Bruch et al. 2023, arXiv 2210.11934, compare both).

    Args:
        dense: `(n,)` cosines; below zero counts as zero.
        lexical: `(n,)` BM25 scores, 0 where no word is shared.
        dense_weight: share of the dense stage, 0 to 1.
    """
    fused: Scores = dense_weight * _scaled(dense) + (1 - dense_weight) * _scaled(lexical)
    return fused


def best_rows(scores: Scores, depth: int) -> Rows:
    """Return the rows of the highest scores above zero, best first; equal scores by row."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > depth:
        threshold = np.partition(scores[rows], len(rows) - depth)[len(rows) - depth]
        rows = rows[scores[rows] >= threshold]
    return rows[np.lexsort((rows, -scores[rows]))][:depth]


def _scaled(scores: Scores) -> Scores:
    best = max(float(scores.max(initial=0.0)), 0.0)
    return (np.maximum(scores, 0) / (best or 1)).astype(np.float32)
