"""One hop along a cross-reference: from a passage to the paragraphs that limit what it says."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag_ft.retrieval.cross_references import DocumentNames, related
from rag_ft.retrieval.passage_db import PassageReader
from rag_ft.schema import Reference

# Documents whose labels are kept in memory.
_DOCUMENTS_KEPT = 64
_LAST_LIMB = re.compile(r"\([0-9A-Za-z]{1,5}\)$")


class HopFinder:
    """Knows where the paragraphs stand that a passage is subject to, or excepts."""

    def __init__(self, db: PassageReader, names: DocumentNames, document_of_row: NDArray[np.int64]) -> None:
        self._db = db
        self._names = names
        self._document_of_row = document_of_row
        self._labels = lru_cache(_DOCUMENTS_KEPT)(db.labels)

    def governing(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Return pairs of a row and one that limits it, in the order given and that of the words.

        Of another document the rows of every version come.
        """
        passages = self._db.passages(rows)
        return [
            (row, target)
            for row in rows
            for relation, reference in related(passages[row])
            if relation != "refers to" and reference.paragraph is not None
            for position in self._documents(row, reference)
            if (target := self._row(position, reference.paragraph)) not in (None, row)
        ]

    def _documents(self, row: int, reference: Reference) -> list[int]:
        if reference.document is None:
            return [int(self._document_of_row[row])]
        return self._names.find(reference.document)

    def _row(self, position: int, label: str) -> int | None:
        """Return the row of a label, or of the nearest paragraph above it that is a passage whole."""
        labels = self._labels(position)
        while label not in labels:
            shorter = _LAST_LIMB.sub("", label)
            if shorter == label:
                return None
            label = shorter
        return labels[label]
