"""BM25 over the words of the passages (bm25s), kept on disk as arrays and JSON."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import IndexCorruptError

if TYPE_CHECKING:
    from bm25s import BM25

LEXICAL_NAME = "lexical"

# Robertson and Zaragoza (2009) give these ranges; ANCHORS: 0.766 Recall@10 on ObliQA with them.
_K1 = 1.5
_B = 0.75
# Words with the numbers, decimals and paragraph marks of legal texts kept whole: "6.3", "20,000".
_WORD = re.compile(r"\d+(?:[.,]\d+)*[a-z]?|[^\W\d_]+(?:['’][^\W\d_]+)?\d*")
_STOP = frozenset(
    "a an and are as at be by for from has have if in into is it its of on or such that the their then there "
    "these they this to was were which will with what who whom whose when where why how does do did".split()
)


def words(text: str) -> list[str]:
    """Split a text into the words that BM25 counts."""
    return [word for word in _WORD.findall(text.casefold()) if word not in _STOP]


class LexicalIndex:
    """BM25 scores of all passages for one question."""

    def __init__(self, bm25: "BM25", n_passages: int) -> None:
        self._bm25 = bm25
        self._n_passages = n_passages

    @classmethod
    def build(cls, texts: Iterable[str]) -> "LexicalIndex":
        """Count the words of each passage's text, in the order of the rows."""
        import bm25s

        corpus = [words(text) for text in texts]
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
        return self._scores(words(question))

    def _scores(self, query: Sequence[str]) -> NDArray[np.float32]:
        known = getattr(self._bm25, "vocab_dict", {})
        query = [word for word in query if word in known]
        if not query:
            return np.zeros(self._n_passages, dtype=np.float32)
        found: NDArray[np.float32] = self._bm25.get_scores(query)
        return found
