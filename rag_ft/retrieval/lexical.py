"""BM25 over the stems of the passages and their pairs: counted by bm25s, kept as arrays.

The arrays are the columns of a sparse matrix, one a term, found by a hash of the term, so
that opening reads nothing: a vocabulary of pairs as JSON took half a second at 100,000
passages.
"""

import hashlib
import math
from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import IndexCorruptError
from rag_ft.retrieval.words import stems, with_pairs

LEXICAL_NAME = "lexical"

# Chosen on ObliQA's development half (docs/retrieval.md).
_K1 = 0.7
_B = 0.6
# A stem of the question counts twice, a pair of neighbours once.
_STEM_WEIGHT = 2

# `terms` are hashes in ascending order, `columns` their columns; column c holds the rows
# `rows[starts[c]:starts[c + 1]]` and their weights.
_ARRAYS = {
    "terms": np.uint64,
    "columns": np.int32,
    "starts": np.int64,
    "rows": np.int32,
    "weights": np.float32,
}


class LexicalIndex:
    """BM25 scores of all passages for one question."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], n_passages: int) -> None:
        self._arrays = arrays
        self._n_passages = n_passages

    @classmethod
    def build(cls, texts: Iterable[str]) -> "LexicalIndex":
        """Count the stems of each passage's text, in the order of the rows."""
        vocabulary: dict[str, int] = {}
        corpus = [
            array("i", [vocabulary.setdefault(term, len(vocabulary)) for term in with_pairs(stems(text))])
            for text in texts
        ]
        hashes = np.fromiter(map(_hash, vocabulary), np.uint64, len(vocabulary))
        vocabulary.clear()  # tens of millions of strings where passages are a million
        order = np.argsort(hashes)
        matrix = _weigh(corpus, len(hashes))
        found = {"terms": hashes[order], "columns": order, **matrix}
        return cls({name: found[name].astype(kind) for name, kind in _ARRAYS.items()}, len(corpus))

    def save(self, folder: Path) -> None:
        """Write the arrays into a new folder; nothing is pickled."""
        folder.mkdir()
        for name, values in self._arrays.items():
            np.save(folder / f"{name}.npy", values, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, n_passages: int) -> "LexicalIndex":
        """Open what `save` wrote, by memory map.

        Raises:
            IndexCorruptError: a file is missing or is no such array.
        """
        try:
            # As plain arrays: every slice of numpy's own class of maps costs a microsecond.
            arrays = {
                name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
                for name in _ARRAYS
            }
        except (OSError, ValueError) as error:
            raise IndexCorruptError(
                f"{folder} cannot be read: ragft status --check says what to do"
            ) from error
        return cls(arrays, n_passages)

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the BM25 score of each row, `(n_passages,) float32`, higher is better; 0 is no match."""
        words = stems(question)
        terms = words * (_STEM_WEIGHT - 1) + with_pairs(words)
        columns = {term: self._column(term) for term in dict.fromkeys(terms)}
        # Rows of numpy's own width, once a term: `add.at` would widen them at each use.
        rows = {term: self._arrays["rows"][column].astype(np.intp) for term, column in columns.items()}
        scores = np.zeros(self._n_passages, dtype=np.float32)
        for term in terms:
            np.add.at(scores, rows[term], self._arrays["weights"][columns[term]])
        return scores

    def rarity(self, stem: str) -> float:
        """Return the inverse document frequency of a stem, `log(1 + N / (df + 0.5))`; rarer is higher."""
        column = self._column(stem)
        return math.log(1 + self._n_passages / (column.stop - column.start + 0.5))

    def _column(self, term: str) -> slice:
        """Return where a term's rows and weights stand; an empty slice for an unknown term."""
        terms, key = self._arrays["terms"], np.uint64(_hash(term))
        place = int(np.searchsorted(terms, key))
        if place == len(terms) or terms[place] != key:
            return slice(0, 0)
        column = int(self._arrays["columns"][place])
        starts = self._arrays["starts"]
        return slice(int(starts[column]), int(starts[column + 1]))


def _weigh(corpus: list["array[int]"], n_terms: int) -> dict[str, NDArray[Any]]:
    """Weigh each term of each passage (Lucene's BM25, as bm25s counts it), as columns."""
    if not n_terms:
        return {"starts": np.zeros(1), "rows": np.zeros(0), "weights": np.zeros(0)}
    import bm25s

    # Without its own vocabulary, of Python strings for every word of every passage.
    bm25 = bm25s.BM25(k1=_K1, b=_B, method="lucene")
    matrix = bm25.build_index_from_ids(list(range(n_terms)), corpus, show_progress=False)
    return {"starts": matrix["indptr"], "rows": matrix["indices"], "weights": matrix["data"]}


def _hash(term: str) -> int:
    """Return 64 bits of a term's BLAKE2b; two of ten million terms agree once in 300,000 indexes."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")
