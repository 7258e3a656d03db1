import numpy as np
import pytest

from rag_ft.prompts import PASSAGES, QUESTION
from rag_ft.training.corruption import CorruptedRows, sentinel_ids
from rag_ft.training.model import load_tokenizer
from rag_ft.training.passage_rows import RowsWithPassages

LENGTH = 150


@pytest.fixture
def tokenizer(tiny):
    return load_tokenizer(tiny)


@pytest.fixture
def chunks() -> np.ndarray:
    # Every token once in its chunk, so that a hole can be found again.
    rng = np.random.default_rng(3)
    return np.stack([rng.permutation(np.arange(3, 203))[:LENGTH] for _ in range(6)]).astype(np.int32)


def rows_of(chunks, tokenizer, share: float) -> RowsWithPassages:
    return RowsWithPassages(CorruptedRows(chunks, 0.15, 3.0, tokenizer, 7), chunks, tokenizer, share, 7)


def between(ids: list[int], start: list[int], end: list[int]) -> list[int]:
    """The ids after one run and before another."""

    def find(run: list[int], at: int) -> int:
        return next(i for i in range(at, len(ids)) if ids[i : i + len(run)] == run)

    first = find(start, 0) + len(start)
    return ids[first : find(end, first)] if end else ids[first:]


def test_the_missing_words_stand_in_the_passage_that_the_target_marks(chunks, tokenizer):
    rows = rows_of(chunks, tokenizer, 1.0)

    def ids(text: str) -> list[int]:
        return tokenizer(text, add_special_tokens=False)["input_ids"]

    gap, end = sentinel_ids(tokenizer)[0], tokenizer.eos_token_id
    golds = set()
    for position in range(60):
        row = rows[position]
        given, target = row.input_ids.tolist(), row.labels.tolist()
        assert len(given) <= rows.input_lengths[position % 6]
        assert given[-1] == target[-1] == end
        number = next(n for n in range(1, 5) if target[1:-1][-len(ids(f"[{n}]")) :] == ids(f"[{n}]"))
        golds.add(number)
        hole = target[1 : -1 - len(ids(f"[{number}]"))]
        assert target[0] == gap
        assert 1 <= len(hole) <= 32
        asked = between(given, ids(QUESTION), ids(PASSAGES))
        assert asked.count(gap) == 1
        assert len(asked) - 1 >= 8
        whole = [token for each in asked for token in (hole if each == gap else [each])]
        passage = between(given, ids(f"[{number}]"), [])
        starts = [i for i in range(len(passage)) if passage[i : i + len(whole)] == whole]
        assert starts, "the passage holds the text whole"
    assert golds == {1, 2, 3, 4}


def test_the_other_rows_are_corrupted_ones_and_a_seed_gives_the_same(chunks, tokenizer):
    plain = CorruptedRows(chunks, 0.15, 3.0, tokenizer, 7)
    rows, again = rows_of(chunks, tokenizer, 0.5), rows_of(chunks, tokenizer, 0.5)
    same = [rows[i].input_ids.tolist() == plain[i].input_ids.tolist() for i in range(200)]
    assert 70 < sum(same) < 130
    assert all(rows[i].labels.tolist() == again[i].labels.tolist() for i in range(200))
    assert len(rows.fixed()) == len(rows) == 6
