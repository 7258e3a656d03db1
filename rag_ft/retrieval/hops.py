"""One hop along a cross-reference: from a passage to the paragraphs that limit what it says."""

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag_ft.retrieval.cross_references import DocumentNames, related
from rag_ft.retrieval.passage_db import PassageReader
from rag_ft.schema import Reference

# Documents whose labels are kept in memory, and passages whose references are.
_DOCUMENTS_KEPT = 64
_PASSAGES_KEPT = 4096
_LAST_LIMB = re.compile(r"\([0-9A-Za-z]{1,5}\)$")


class HopFinder:
    """Knows where the paragraphs stand that a passage is subject to, or excepts."""

    def __init__(self, db: PassageReader, names: DocumentNames, document_of_row: NDArray[np.int64]) -> None:
        self._db = db
        self._names = names
        self._document_of_row = document_of_row
        self._labels = lru_cache(_DOCUMENTS_KEPT)(db.labels)
        self.governing = lru_cache(_PASSAGES_KEPT)(self._governing)

    def _governing(self, row: int) -> tuple[int, ...]:
        """Return their rows, in the order of the words; of another document, those of every version."""
        passage = self._db.passages([row])[row]
        found: dict[int, None] = {}
        for relation, reference in related(passage):
            if relation != "refers to" and reference.paragraph is not None:
                for position in self._documents(row, reference):
                    target = self._row(position, reference.paragraph)
                    if target is not None and target != row:
                        found.setdefault(target)
        return tuple(found)

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
