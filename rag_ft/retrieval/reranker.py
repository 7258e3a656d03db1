"""Reranking by a cross-encoder, which reads question and passage together."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rag_ft.errors import ModelUnavailableError
from rag_ft.retrieval.embedding_input import passage_input
from rag_ft.retrieval.model_folder import find_model_folder
from rag_ft.schema import Hit

_BATCH = 8


class Reranker:
    """A sentence-transformers cross-encoder, by hub name or folder.

    Raises:
        ModelUnavailableError: it is not on this machine, or is no cross-encoder.
    """

    def __init__(self, name: str, *, offline: bool = False) -> None:
        folder = find_model_folder(name, offline=offline)
        from sentence_transformers import CrossEncoder  # seconds, so after the folder is known

        try:
            self._model: Any = CrossEncoder(str(folder.path), local_files_only=True)
        except Exception as error:  # a wrong folder fails in any of three libraries
            reason = " ".join(str(error).split())[:200]
            raise ModelUnavailableError(
                f"{folder.path} cannot be loaded as a cross-encoder ({reason}): name another reranker"
            ) from error

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Order hits by the cross-encoder, best first; equal scores keep their order."""
        if not hits:
            return []
        pairs = [(question, passage_input(hit.passage)) for hit in hits]
        scores = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        return reordered(hits, [float(score) for score in scores])


def reordered(hits: Sequence[Hit], scores: Sequence[float]) -> list[Hit]:
    """Put hits in the order of new scores, each kept beside the score of the earlier stages."""
    order = sorted(range(len(hits)), key=lambda at: -scores[at])
    return [
        replace(hits[at], rank=rank, stages=replace(hits[at].stages, rerank=scores[at]))
        for rank, at in enumerate(order, start=1)
    ]
