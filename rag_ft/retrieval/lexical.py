"""BM25 over the stems of the passages and their pairs (bm25s), kept on disk as arrays and JSON."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import IndexCorruptError
from rag_ft.retrieval.words import stems, with_pairs

if TYPE_CHECKING:
    from bm25s import BM25

LEXICAL_NAME = "lexical"

# Chosen on ObliQA's development half (docs/retrieval.md).
_K1 = 0.7
_B = 0.6
# A stem of the question counts twice, a pair of neighbours once.
_STEM_WEIGHT = 2


class LexicalIndex:
    """BM25 scores of all passages for one question."""

    def __init__(self, bm25: "BM25", n_passages: int) -> None:
        self._bm25 = bm25
        self._n_passages = n_passages

    @classmethod
    def build(cls, texts: Iterable[str]) -> "LexicalIndex":
        """Count the stems of each passage's text, in the order of the rows."""
        import bm25s

        corpus = [with_pairs(stems(text)) for text in texts]
        bm25 = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        if any(corpus):
            bm25.index(corpus, show_progress=False)
        return cls(bm25, len(corpus))

    def save(self, folder: Path) -> None:
        """Write the arrays and the vocabulary into a new folder; nothing is pickled."""
        folder.mkdir()
        if hasattr(self._bm25, "scores"):
            self._bm25.save(folder, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, n_passages: int) -> "LexicalIndex":
        """Open what `save` wrote, by memory map.

        Raises:
            IndexCorruptError: a file is missing or is no such array.
        """
        import bm25s

        if not any(folder.iterdir()):
            return cls(bm25s.BM25(), n_passages)
        try:
            bm25 = bm25s.BM25.load(folder, mmap=True, allow_pickle=False)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexCorruptError(
                f"{folder} cannot be read: ragft status --check says what to do"
            ) from error
        return cls(bm25, n_passages)

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the BM25 score of each row, `(n_passages,) float32`, higher is better; 0 is no match."""
        words = stems(question)
        known = getattr(self._bm25, "vocab_dict", {})
        query = [word for word in words * (_STEM_WEIGHT - 1) + with_pairs(words) if word in known]
        if not query:
            return np.zeros(self._n_passages, dtype=np.float32)
        found: NDArray[np.float32] = self._bm25.get_scores(query)
        return found

    def rarity(self, stem: str) -> float:
        """Return the inverse document frequency of a stem, `log(1 + N / (df + 0.5))`; rarer is higher."""
        row = getattr(self._bm25, "vocab_dict", {}).get(stem)
        frequency = 0
        if row is not None:
            starts = self._bm25.scores["indptr"]
            frequency = int(starts[row + 1] - starts[row])
        return math.log(1 + self._n_passages / (frequency + 0.5))
