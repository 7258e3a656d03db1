"""Ranking: what meaning, words and handles bring, on one scale, each paragraph once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag_ft.acronyms import is_defined
from rag_ft.gold import label_tokens
from rag_ft.retrieval.cross_references import DocumentNames
from rag_ft.retrieval.encoder import Vectors
from rag_ft.retrieval.fusion import Rows, Scores, best_rows, fuse
from rag_ft.retrieval.handles import Handles
from rag_ft.retrieval.hops import HopFinder
from rag_ft.retrieval.lexical import LexicalIndex
from rag_ft.retrieval.passage_db import PassageReader
from rag_ft.retrieval.repeats import repeats_last
from rag_ft.retrieval.search_settings import SearchSettings
from rag_ft.retrieval.vectors import VectorIndex
from rag_ft.schema import Hit, Passage, StageScores

# What a handle adds to a fused score, which is at most 1.
_DOCUMENT_BONUS = 0.25
_LABEL_BONUS = 0.5
_FAMILY_BONUS = 0.25
_LONG_FORM_BONUS = 0.5
# What a paragraph keeps of the score of a hit that is subject to it.
_HOP_SHARE = np.float32(0.8)
# Words that the question did not use count less than its own.
_EXPANSION_WEIGHT = np.float32(0.6)

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the stages take it.

    `expansion` holds other names of what the question names; `allowed` is None where every
    row may be returned.
    """

    text: str
    expansion: str
    vector: Vectors
    handles: Handles
    allowed: Mask | None


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Candidates, best first, with the score of each stage."""

    rows: Rows
    scores: Scores
    dense: Scores
    lexical: Scores
    handle: Scores
    hop: Scores


class Ranker:
    """Ranks the passages of one generation."""

    def __init__(
        self,
        db: PassageReader,
        vectors: VectorIndex,
        lexical: LexicalIndex,
        names: DocumentNames,
        settings: SearchSettings,
    ) -> None:
        self._db = db
        self._vectors = vectors
        self._lexical = lexical
        self._settings = settings
        sizes = [record.n_rows for record in db.documents]
        self._document_of_row = np.repeat(np.arange(len(sizes)), sizes)
        self._hops = HopFinder(db, names, self._document_of_row)

    def rank(self, query: Query, k: int) -> list[Hit]:
        """Return the `k` best distinct paragraphs, fewer where there are no more."""
        lexical = self._lexical.scores(query.text)
        if query.expansion:
            lexical = lexical + _EXPANSION_WEIGHT * self._lexical.scores(query.expansion)
        if query.allowed is not None:
            lexical = np.where(query.allowed, lexical, np.float32(0))
        n_allowed = len(lexical) if query.allowed is None else int(query.allowed.sum())
        depth = max(self._settings.candidates, 2 * k)
        while True:
            ranked = self._ranked(query, lexical, depth)
            hits = self._distinct(ranked, k)
            if len(hits) == k or depth >= n_allowed:
                return hits
            depth *= 2

    def _ranked(self, query: Query, lexical: Scores, depth: int) -> _Ranked:
        rows = self._candidates(query, lexical, depth)
        dense = self._vectors.cosines(query.vector, rows)
        words = lexical[rows]
        handle = self._handle_scores(query.handles, rows)
        scores = fuse(dense, words, self._settings.dense_weight) + handle
        order = np.lexsort((rows, -scores))
        ranked = _Ranked(
            rows[order], scores[order], dense[order], words[order], handle[order], np.zeros_like(scores)
        )
        return self._hopped(query, lexical, ranked) if self._settings.hops else ranked

    def _hopped(self, query: Query, lexical: Scores, ranked: _Ranked) -> _Ranked:
        """Bring what the first candidates are subject to behind them, be it a candidate or not."""
        gained: dict[int, np.float32] = {}
        first = ranked.rows[: self._settings.hops].tolist()
        for row, target in self._hops.governing(first):
            if query.allowed is None or query.allowed[target]:
                gained.setdefault(target, _HOP_SHARE * ranked.scores[first.index(row)])
        if not gained:
            return ranked
        known = set(ranked.rows.tolist())
        new = np.array([row for row in gained if row not in known], dtype=ranked.rows.dtype)
        rows = np.concatenate([ranked.rows, new])
        nothing = np.zeros(len(new), dtype=np.float32)
        hop = np.array([gained.get(row, 0) for row in rows.tolist()], dtype=np.float32)
        own = np.concatenate([ranked.scores, nothing])
        scores = np.maximum(own, hop)
        order = np.lexsort((rows, -scores))
        return _Ranked(
            rows[order],
            scores[order],
            np.concatenate([ranked.dense, self._vectors.cosines(query.vector, new)])[order],
            np.concatenate([ranked.lexical, lexical[new]])[order],
            np.concatenate([ranked.handle, nothing])[order],
            np.where(hop > own, hop, 0)[order],
        )

    def _candidates(self, query: Query, lexical: Scores, depth: int) -> Rows:
        """Gather the best rows of each stage, and the best within the documents that are named."""
        found = [self._vectors.search(query.vector, depth, query.allowed)[1], best_rows(lexical, depth)]
        if query.handles.documents:
            named = np.isin(self._document_of_row, list(query.handles.documents))
            if query.allowed is not None:
                named &= query.allowed
            found.append(self._vectors.search(query.vector, depth, named)[1])
            found.append(best_rows(np.where(named, lexical, np.float32(0)), depth))
        return np.unique(np.concatenate(found))

    def _handle_scores(self, handles: Handles, rows: Rows) -> Scores:
        scores = np.zeros(len(rows), dtype=np.float32)
        if handles.documents:
            named = np.isin(self._document_of_row[rows], list(handles.documents))
            scores[named] += _DOCUMENT_BONUS
        if handles.labels:
            labels = self._labels(rows)
            for position, label in enumerate(labels):
                scores[position] += max(_label_bonus(label, wanted) for wanted in handles.labels)
        if handles.letters:
            passages = self._db.passages(rows.tolist())
            for position, row in enumerate(rows.tolist()):
                if any(is_defined(letters, passages[row].text) for letters in handles.letters):
                    scores[position] += _LONG_FORM_BONUS
        return scores

    def _labels(self, rows: Rows) -> list[tuple[str, ...]]:
        found = self._db.labels_of(rows.tolist())
        return [label_tokens(found[row]) for row in rows.tolist()]

    def _distinct(self, ranked: _Ranked, k: int) -> list[Hit]:
        """Keep the best passage of each paragraph; equal scores are ordered by passage id."""
        best: dict[str, int] = {}
        passages: list[Passage] = []
        paragraphs: set[tuple[str, str]] = set()
        wanted = 3 * k if self._settings.suppress_repeats else k
        for start in range(0, len(ranked.rows), 2 * wanted):
            part = slice(start, start + 2 * wanted)
            found = self._db.passages(int(row) for row in ranked.rows[part])
            positions = sorted(
                range(start, start + len(found)),
                key=lambda at: (-ranked.scores[at], found[int(ranked.rows[at])].id),
            )
            for at in positions:
                passage = found[int(ranked.rows[at])]
                # A text without numbered paragraphs has no labels: each passage stands for itself.
                paragraph = (passage.document.id, passage.label or passage.id)
                if paragraph in paragraphs:
                    continue
                paragraphs.add(paragraph)
                best[passage.id] = at
                passages.append(passage)
            if len(passages) >= wanted:
                break
        ordered = repeats_last(passages, k) if self._settings.suppress_repeats else passages
        return [_hit(p, ranked, best[p.id], rank) for rank, p in enumerate(ordered[:k], start=1)]


def _hit(passage: Passage, ranked: _Ranked, at: int, rank: int) -> Hit:
    stages = StageScores(
        dense=float(ranked.dense[at]),
        lexical=float(ranked.lexical[at]),
        handle=float(ranked.handle[at]) or None,
        hop=float(ranked.hop[at]) or None,
    )
    return Hit(passage, float(ranked.scores[at]), rank, stages)


def _label_bonus(label: tuple[str, ...], wanted: tuple[str, ...]) -> float:
    """Reward the very paragraph most, its own limbs half: "s 204" is asked of, "s 204(1)" answers."""
    if label == wanted:
        return _LABEL_BONUS
    return _FAMILY_BONUS if label[: len(wanted)] == wanted else 0.0
