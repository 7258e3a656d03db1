"""How a search weighs its stages; the defaults were chosen on development questions only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """The weights of a search; docs/retrieval.md says how they were chosen.

    Attributes:
        dense_weight: share of the meaning (dense) in the fused score, the words have the rest.
        candidates: rows that each stage brings at first; doubled until k paragraphs are found.
        handles: whether numbers, dates, titles and labels in the question choose documents.
        suppress_repeats: whether a paragraph that repeats another's words is moved behind the
            `k` distinct ones; off for collections where repeats are judged apart.
        hops: how many of the first hits bring the paragraphs that they are subject to, or except.
        reranker: a cross-encoder, hub name or folder, that orders the first hits anew.
        rerank_depth: how many hits it reads.
    """

    dense_weight: float = 0.5
    candidates: int = 100
    handles: bool = True
    suppress_repeats: bool = True
    hops: int = 3
    reranker: str | None = None
    rerank_depth: int = 30
