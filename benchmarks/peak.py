"""What this machine can multiply at most, and what share of it an encoder's tokens make."""

import time

import numpy as np

_SIZE = 2048
_SECONDS = 2.0


def bf16_peak() -> float:
    """Return bfloat16 FLOP/s of a large matrix product in torch on all cores, the best of many."""
    import torch

    left, right = (torch.randn(_SIZE, _SIZE).bfloat16() for _ in range(2))
    best, until = 0.0, time.perf_counter() + _SECONDS
    while time.perf_counter() < until:
        started = time.perf_counter()
        left @ right
        best = max(best, 2 * _SIZE**3 / (time.perf_counter() - started))
    return best


def minilm_flops(lengths: list[int]) -> float:
    """Return the FLOP of embedding texts of some lengths by all-MiniLM-L6-v2.

    Six layers, width 384: projections and feed-forward take 24 d² a token, attention 4 n d.
    """
    n = np.asarray(lengths, dtype=np.float64)
    return float(6 * np.sum(24 * 384**2 * n + 4 * 384 * n**2))
