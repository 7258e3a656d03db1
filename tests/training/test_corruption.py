import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ft.errors import DataFormatError
from rag_ft.training.corruption import CorruptedRows, corrupt, noise_mask, raw_length, sentinel_ids
from rag_ft.training.model import load_tokenizer

END = 1
SENTINELS = list(range(999, 899, -1))


@given(st.integers(2, 600), st.floats(0.05, 0.6), st.floats(1, 6), st.integers(0, 5))
def test_input_and_target_hold_the_text_between_them(length, density, mean_span, seed):
    tokens = np.arange(2, 2 + length, dtype=np.int32) % 800 + 2
    mask = noise_mask(length, density, mean_span, np.random.default_rng(seed))
    assert mask.sum() == min(max(round(length * density), 1), length - 1)
    if (np.diff(mask.astype(int)) == 1).sum() > len(SENTINELS):
        return
    row = corrupt(tokens, mask, SENTINELS, END)
    assert rebuilt(row.input_ids, row.labels) == tokens.tolist()


def rebuilt(inputs, labels) -> list[int]:
    """Put the spans of the target back where their sentinels stand in the input."""
    assert inputs[-1] == labels[-1] == END
    spans: dict[int, list[int]] = {}
    for token in labels[:-1]:
        if token in SENTINELS:
            spans[int(token)] = []
            last = int(token)
        else:
            spans[last].append(int(token))
    assert list(spans) == SENTINELS[: len(spans)]
    return [t for token in inputs[:-1] for t in (spans[int(token)] if int(token) in spans else [int(token)])]


def test_a_hand_made_corruption():
    mask = np.array([False, False, True, True, False, True])
    row = corrupt(np.array([11, 12, 13, 14, 15, 16], dtype=np.int32), mask, [99, 98], END)
    assert row.input_ids.tolist() == [11, 12, 99, 15, 98, END]
    # The text kept before a span is its own sentinel in the target, as in T5's code.
    assert row.labels.tolist() == [99, 13, 14, 98, 16, END]


def test_t5s_own_lengths():
    # google-research/text-to-text-transfer-transformer: 568 tokens come to 512 in and 114 out.
    assert raw_length(512, 0.15, 3.0) == 568
    mask = noise_mask(568, 0.15, 3.0, np.random.default_rng(0))
    row = corrupt(np.full(568, 5, dtype=np.int32), mask, SENTINELS, END)
    assert (len(row.input_ids), len(row.labels)) == (512, 114)


def test_every_epoch_has_other_spans_and_a_seed_the_same(tiny):
    tokenizer = load_tokenizer(tiny)
    chunks = np.arange(200, dtype=np.int32).reshape(4, 50) + 3
    rows, again = (CorruptedRows(chunks, 0.15, 3.0, tokenizer, seed=7) for _ in range(2))
    assert len(rows) == 4
    assert rows[1].input_ids.tolist() == again[1].input_ids.tolist()
    assert rows[1].input_ids.tolist() != rows[1 + 4].input_ids.tolist()
    assert all(len(rows[i].input_ids) == rows.input_lengths[i % 4] for i in range(8))


def test_sentinels_count_down_from_the_end(tiny):
    tokenizer = load_tokenizer(tiny)
    ids = sentinel_ids(tokenizer)
    assert len(ids) == 100
    assert ids == list(range(len(tokenizer) - 1, len(tokenizer) - 101, -1))


def test_a_chunk_with_more_spans_than_sentinels_is_refused(tiny):
    with pytest.raises(DataFormatError, match="lower input_tokens or raise mean_span"):
        CorruptedRows(np.zeros((1, 1000), dtype=np.int32), 0.5, 2.0, load_tokenizer(tiny), seed=1)
