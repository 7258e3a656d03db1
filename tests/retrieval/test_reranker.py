"""A reranker changes the order and keeps what the earlier stages said."""

import pytest

from rag_ft.errors import ModelUnavailableError
from rag_ft.retrieval.reranker import Reranker, reordered
from rag_ft.schema import DocumentInfo, Hit, Passage, StageScores

HITS = [
    Hit(Passage(name, DocumentInfo("d", "D"), name, "", (), name), score, rank, StageScores(dense=score))
    for rank, (name, score) in enumerate([("a", 0.9), ("b", 0.8), ("c", 0.7)], start=1)
]


def test_hits_follow_the_new_scores() -> None:
    found = reordered(HITS, [0.1, 5.0, 0.1])
    assert [(h.passage.id, h.rank, h.score, h.stages.dense, h.stages.rerank) for h in found] == [
        ("b", 1, 0.8, 0.8, 5.0),
        ("a", 2, 0.9, 0.9, 0.1),
        ("c", 3, 0.7, 0.7, 0.1),
    ]


def test_a_reranker_that_is_not_there_is_said() -> None:
    with pytest.raises(ModelUnavailableError):
        Reranker("nobody/no-such-reranker", offline=True)
