"""Rows that teach a base to look up and copy: the missing words stand in one of several passages."""

import numpy as np
from numpy.typing import NDArray

from rag_ft.prompts import PASSAGES, QUESTION, mark
from rag_ft.training.corruption import CorruptedRows, sentinel_ids
from rag_ft.training.encoding import FixedRows, Row, Tokens
from rag_ft.training.model import Tokenizer

# Tokens of the text that is asked about, of the hole in it, and of what is left to find it by.
_ASKED, _HOLE, _CLUE = 48, 32, 8
_MOST_PASSAGES = 4


class RowsWithPassages:
    """Corrupted rows, a share of which come with numbered passages.

    Such a row shows a text with a hole, then one to four passages of running text in the
    form of a reader's prompt; one of them holds the text whole, and the target is the hole
    with the mark of that passage. Span corruption alone never shows the words that are
    missing, so a base of fresh weights learns no copying from it (after recurring span
    selection, arXiv 2101.00438).
    """

    def __init__(
        self, rows: CorruptedRows, chunks: NDArray[np.int32], tokenizer: Tokenizer, share: float, seed: int
    ) -> None:
        """Keep the chunks, `(n_chunks, tokens) int32`; the passages are cut out of them."""
        self._rows, self._chunks, self._share, self._seed = rows, chunks, share, seed
        self._end = np.array([tokenizer.eos_token_id], dtype=np.int32)
        self._gap = np.array(sentinel_ids(tokenizer)[:1], dtype=np.int32)
        head, middle, *marks = (
            np.array(tokenizer(text, add_special_tokens=False)["input_ids"], dtype=np.int32)
            for text in (QUESTION, PASSAGES, *(mark(n) for n in range(1, _MOST_PASSAGES + 1)))
        )
        self._head, self._middle, self._marks = head, middle, marks
        self.input_lengths = rows.input_lengths

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, position: int) -> Row:
        epoch, row = divmod(position, len(self))
        rng = np.random.default_rng((self._seed, epoch, row, 1))
        return self._passages_of(row, rng) if rng.random() < self._share else self._rows[position]

    def fixed(self) -> FixedRows:
        """Return the rows as the first epoch has them, for held-out text."""
        return FixedRows([self[row] for row in range(len(self))])

    def _passages_of(self, row: int, rng: np.random.Generator) -> Row:
        count = int(rng.integers(1, _MOST_PASSAGES + 1))
        gold = int(rng.integers(count))
        length = self._passage_length(row, count)
        chunks = rng.integers(len(self._chunks), size=count)
        chunks[gold] = row
        passages = [_window(self._chunks[chunk], length, rng) for chunk in chunks]
        asked = _window(passages[gold], _ASKED, rng)
        hole = int(rng.integers(1, max(2, min(_HOLE, len(asked) - _CLUE) + 1)))
        start = int(rng.integers(len(asked) - hole + 1))
        shown = [asked[:start], self._gap, asked[start + hole :]]
        numbered = [part for pair in zip(self._marks, passages, strict=False) for part in pair]
        return Row(
            np.concatenate([self._head, *shown, self._middle, *numbered, self._end]),
            np.concatenate([self._gap, asked[start : start + hole], self._marks[gold], self._end]),
        )

    def _passage_length(self, row: int, count: int) -> int:
        """Divide what the rest leaves of the row's input among the passages."""
        rest = len(self._head) + _ASKED + len(self._middle) + 1 + sum(map(len, self._marks[:count]))
        return max((int(self.input_lengths[row]) - rest) // count, 1)


def _window(tokens: Tokens, length: int, rng: np.random.Generator) -> Tokens:
    start = int(rng.integers(max(len(tokens) - length, 0) + 1))
    return tokens[start : start + length]
