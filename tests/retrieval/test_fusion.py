"""Fused scores, worked out by hand."""

import numpy as np

from rag_ft.retrieval.fusion import best_rows, fuse


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_each_stage_is_divided_by_its_best() -> None:
    fused = fuse(scores(0.8, 0.4, -0.2), scores(5, 20, 0), dense_weight=0.25)
    assert np.allclose(fused, [0.25 * 1 + 0.75 * 0.25, 0.25 * 0.5 + 0.75 * 1, 0])


def test_a_stage_that_found_nothing_adds_nothing() -> None:
    assert np.allclose(fuse(scores(0.8, 0.4), scores(0, 0), dense_weight=0.5), [0.5, 0.25])
    assert fuse(scores(), scores(), dense_weight=0.5).shape == (0,)


def test_best_rows_are_those_above_zero_best_first() -> None:
    assert best_rows(scores(0, 2, 1, 3, 2), 3).tolist() == [3, 1, 4]
    assert best_rows(scores(0, 2, 0), 3).tolist() == [1]
