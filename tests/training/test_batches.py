import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ft.training.batches import BUCKET, LengthBatches, collate
from rag_ft.training.encoding import Row

lengths = st.lists(st.integers(1, 400), min_size=1, max_size=80).map(np.array)


def drawn(batches: LengthBatches, epoch: int) -> list[list[int]]:
    batches.set_epoch(epoch)
    return list(batches)


@given(lengths, st.integers(1, 9), st.integers(0, 3), st.booleans())
def test_every_epoch_has_every_row_once_and_the_same_number_of_batches(lengths, size, epoch, sort):
    batches = LengthBatches(lengths, batch_size=size, batch_tokens=None, seed=5, sort=sort)
    found = drawn(batches, epoch)
    assert len(found) == len(batches) == -(-len(lengths) // size)
    rows = sorted(position - epoch * len(lengths) for batch in found for position in batch)
    assert rows == list(range(len(lengths)))


@given(lengths, st.integers(416, 2000), st.integers(0, 3))
def test_no_batch_holds_more_tokens_than_the_budget(lengths, budget, epoch):
    batches = LengthBatches(lengths, batch_size=None, batch_tokens=budget, seed=5)
    found = drawn(batches, epoch)
    assert len(found) == len(batches)
    for batch in found:
        longest = max(lengths[position % len(lengths)] for position in batch)
        assert len(batch) * -(-longest // 8) * 8 <= budget


@given(lengths, st.integers(1, 5), st.integers(2, 4))
def test_processes_share_the_batches_out_and_each_has_as_many(lengths, size, processes):
    alone = LengthBatches(lengths, batch_size=size, batch_tokens=None, seed=5)
    shares = [
        list(
            LengthBatches(lengths, batch_size=size, batch_tokens=None, seed=5, processes=processes, process=p)
        )
        for p in range(processes)
    ]
    assert {len(share) for share in shares} == {-(-len(alone) // processes)}
    assert {tuple(batch) for share in shares for batch in share} == {tuple(batch) for batch in alone}


def test_rows_of_like_length_share_a_batch_and_the_longest_come_first():
    lengths = np.array([10, 900, 20, 950, 15, 12])
    batches = LengthBatches(lengths, batch_size=2, batch_tokens=None, seed=3)
    first = drawn(batches, 0)
    assert sorted(first[0]) == [1, 3]
    assert all(max(lengths[b]) - min(lengths[b]) <= BUCKET * 2 for b in first)
    assert any(drawn(batches, epoch) != first for epoch in range(1, 4))
    assert drawn(batches, 0) == first


def test_collate_pads_masks_and_shifts():
    rows = [Row(np.array([5, 6, 1]), np.array([8, 1])), Row(np.array([7, 1]), np.array([9, 10, 1]))]
    batch = collate(rows)
    assert batch["input_ids"].tolist() == [[5, 6, 1, 0, 0, 0, 0, 0], [7, 1, 0, 0, 0, 0, 0, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0]]
    assert batch["labels"].tolist() == [[8, 1] + [-100] * 6, [9, 10, 1] + [-100] * 5]
    assert batch["decoder_input_ids"].tolist() == [[0, 8, 1, 0, 0, 0, 0, 0], [0, 9, 10, 1, 0, 0, 0, 0]]


def test_sorted_batches_waste_far_less_than_random_ones():
    lengths = np.random.default_rng(0).integers(50, 1000, 400)

    def padding(sort: bool) -> float:
        batches = list(LengthBatches(lengths, batch_size=8, batch_tokens=None, seed=1, sort=sort))
        padded = sum(len(b) * max(lengths[b]) for b in batches)
        return 1 - lengths.sum() / padded

    assert padding(True) < 0.04
    assert padding(False) == pytest.approx(0.42, abs=0.05)
