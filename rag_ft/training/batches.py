"""Batches of like length: little padding, the same number of batches in every epoch."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Sampler

from rag_ft.training.encoding import Row

# Rows whose lengths fall into the same bucket are shuffled among themselves; in tokens.
BUCKET = 32
# Matrix units like lengths in multiples of eight; in tokens.
PAD_TO = 8
IGNORED = -100


class LengthBatches(Sampler[list[int]]):
    """Draws batches of rows of like length, in a random order, for one process of several.

    Rows are sorted by the bucket of their input length, shuffled within a bucket, and cut
    into batches. The sorted buckets are the same in every epoch, so the cuts are too: an
    epoch always has `len(self)` batches, and a run can be resumed by counting. Targets'
    lengths play no part: abstentions are all alike and would end up in batches of their own.
    The costliest batch comes first of all, so that memory runs out at once or never.
    """

    def __init__(
        self,
        input_lengths: NDArray[np.int64],
        *,
        batch_size: int | None,
        batch_tokens: int | None,
        seed: int,
        sort: bool = True,
        processes: int = 1,
        process: int = 0,
    ) -> None:
        """Plan the batches.

        Args:
            input_lengths: Input tokens of each row, `(n_rows,)`.
            batch_size: The most rows in a batch.
            batch_tokens: The most input tokens in a batch, padding counted.
            seed: What the order depends on, with the epoch.
            sort: False draws rows of any length into a batch.
            processes: How many processes train; each draws every so-manyth batch.
            process: Which of them this is, from 0.
        """
        self._buckets = -(-input_lengths // BUCKET) * BUCKET
        if not sort:
            self._buckets = np.full_like(self._buckets, self._buckets.max(initial=0))
        self._seed, self._processes, self._process = seed, processes, process
        self._cuts = _cuts(np.sort(self._buckets), batch_size, batch_tokens)
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose order is drawn next."""
        self._epoch = epoch

    def __len__(self) -> int:
        # Rounded up: a process that would have one batch less draws a first one again.
        return -(-(len(self._cuts) - 1) // self._processes)

    def __iter__(self) -> Iterator[list[int]]:
        drawn = np.random.default_rng((self._seed, self._epoch))
        shuffled = drawn.permutation(len(self._buckets))
        rows = shuffled[np.argsort(self._buckets[shuffled], kind="stable")]
        batches = [rows[start:end] for start, end in zip(self._cuts, self._cuts[1:], strict=False)]
        order = drawn.permutation(len(batches))
        if self._epoch == 0:
            cost = np.array([len(batch) * self._buckets[batch].max() for batch in batches])
            order = order[np.argsort(order != cost.argmax(), kind="stable")]
        share = np.resize(order, len(self) * self._processes)[self._process :: self._processes]
        offset = self._epoch * len(self._buckets)
        for number in share:
            yield [int(row) + offset for row in batches[number]]


def _cuts(buckets: NDArray[np.int64], batch_size: int | None, batch_tokens: int | None) -> list[int]:
    """Cut sorted rows into batches; a batch costs its rows times its longest."""
    cuts, start = [0], 0
    for row, length in enumerate(buckets):
        full = batch_size is not None and row - start >= batch_size
        heavy = batch_tokens is not None and (row - start + 1) * length > batch_tokens
        if row > start and (full or heavy):
            cuts.append(row)
            start = row
    return [*cuts, len(buckets)] if len(buckets) else [0]


def collate(rows: Sequence[Row], decoder_start: int = 0, pad: int = 0) -> dict[str, torch.Tensor]:
    """Pad rows to one length and shift the targets right for teacher forcing.

    Returns:
        `input_ids`, `attention_mask` `(rows, input)`, `labels`, `decoder_input_ids`
        `(rows, output)`, all int64; padding is masked in the input and -100 in the labels.
    """
    input_ids = _padded([row.input_ids for row in rows], pad)
    lengths = torch.tensor([[len(row.input_ids)] for row in rows])
    labels = _padded([row.labels for row in rows], IGNORED)
    shifted = torch.full_like(labels, decoder_start)
    shifted[:, 1:] = labels[:, :-1]
    return {
        "input_ids": input_ids,
        "attention_mask": (torch.arange(input_ids.shape[1])[None] < lengths).long(),
        "labels": labels,
        "decoder_input_ids": shifted.masked_fill(shifted == IGNORED, pad),
    }


def _padded(sequences: Sequence[NDArray[np.int32]], fill: int) -> torch.Tensor:
    width = -(-max(map(len, sequences)) // PAD_TO) * PAD_TO
    out = np.full((len(sequences), width), fill, dtype=np.int64)
    for row, ids in enumerate(sequences):
        out[row, : len(ids)] = ids
    return torch.from_numpy(out)
