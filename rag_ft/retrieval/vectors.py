"""vectors.faiss: unit vectors, searched exactly while that is fast, by inverted lists beyond.

Exact search reads every vector: 6.5 ms a question at 100,000 of 384 dimensions, 68 ms at a
million. Inverted lists (Sivic and Zisserman 2003, as FAISS builds them) read a few per
cent, and their recall against exact search is measured at each build.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import IndexCorruptError
from rag_ft.retrieval.encoder import Vectors
from rag_ft.retrieval.manifest import VectorsInfo

VECTORS_NAME = "vectors.faiss"

# Up to here exact search takes 4 ms and needs no training.
EXACT_UP_TO = 65_536
# Lists are 4 times the square root of n, as FAISS advises; fewer probes than these are tried first.
_LISTS_PER_ROOT = 4
_PROBES = (8, 16, 32, 64, 128, 256)
_LEAST_RECALL = 0.99
_RECALL_AT = 10
# k-means looks at 64 vectors a list, and settles in a few rounds.
_TRAINING_VECTORS_PER_LIST = 64
_TRAINING_ROUNDS = 10
# Rows that are scanned one by one rather than through the lists, where a filter leaves so few.
_SCANNED = 20_000


def write_vectors(vectors: Vectors, path: Path, questions: Vectors | None = None) -> VectorsInfo:
    """Write `(n, dimension) float32` unit vectors; a vector's position is its passage's row.

    Args:
        vectors: of the passages, by row.
        path: the file to write.
        questions: `(m, dimension)` vectors such as questions have; where there are many
            vectors, lists are used, and recall@10 against exact search is measured on
            these. Exact search is kept where it cannot reach 0.99.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    import faiss

    index: Any = None
    info = VectorsInfo("flat")
    if len(vectors) > EXACT_UP_TO and questions is not None and len(questions):
        # Without an exact index beside the lists: each holds every vector once more.
        exact = faiss.knn(questions, vectors, _RECALL_AT, metric=faiss.METRIC_INNER_PRODUCT)[1]
        lists = _with_lists(vectors)
        measured = _tune(lists, questions, exact)
        if measured.recall >= _LEAST_RECALL:
            index, info = lists, measured
        del lists
    if index is None:
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
    # Through Python's own file, because FAISS reports a full disk late or not at all.
    with path.open("wb") as stream:
        faiss.write_index(index, faiss.PyCallbackIOWriter(stream.write))  # type: ignore[attr-defined]
    return info


def _with_lists(vectors: Vectors) -> Any:  # noqa: ANN401  a FAISS index
    import faiss

    n_vectors, dimension = vectors.shape
    n_lists = int(_LISTS_PER_ROOT * np.sqrt(n_vectors))
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimension), dimension, n_lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.niter = _TRAINING_ROUNDS
    index.cp.max_points_per_centroid = _TRAINING_VECTORS_PER_LIST
    index.train(vectors)
    index.add(vectors)
    # Written with the index, so that a row's vector is found without a search.
    index.make_direct_map()
    return index


def _tune(index: Any, questions: Vectors, exact: NDArray[np.int64]) -> VectorsInfo:  # noqa: ANN401
    """Probe as few lists as reach the recall; the last measure stands where none does."""
    recall, probes = 0.0, 0
    for probes in _PROBES:
        index.nprobe = min(probes, index.nlist)
        found = index.search(questions, _RECALL_AT)[1]
        shared = [len(set(a) & set(b)) for a, b in zip(found.tolist(), exact.tolist(), strict=True)]
        recall = sum(shared) / (len(shared) * exact.shape[1])
        if recall >= _LEAST_RECALL:
            break
    return VectorsInfo("ivf", lists=index.nlist, probes=index.nprobe, recall=round(recall, 4))


class VectorIndex:
    """The vectors of a generation, opened by memory map."""

    def __init__(self, path: Path, n_vectors: int) -> None:
        import faiss

        try:
            # The plain IO_FLAG_MMAP does not map a flat index; this one does.
            self._index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexCorruptError(f"{path} cannot be read: ragft status --check says what to do") from error
        if self._index.ntotal != n_vectors:
            raise IndexCorruptError(
                f"{path} holds {self._index.ntotal} vectors for {n_vectors} passages: "
                "ragft status --check says what to do"
            )

    def search(
        self, query: Vectors, k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the `k` nearest rows to one `(dimension,)` vector, best first, with their cosines.

        `allowed` is a mask over all rows; fewer than `k` come back only where it allows fewer.
        """
        k = min(k, self._index.ntotal if allowed is None else int(allowed.sum()))
        if k == 0:
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        if allowed is not None and (k > _SCANNED // 2 or int(allowed.sum()) <= _SCANNED):
            return self._scan(query, k, np.flatnonzero(allowed))
        scores, rows = self._index.search(query.reshape(1, -1), k, params=self._parameters(allowed))
        found = rows[0] >= 0
        if found.sum() < k:  # the lists that were probed hold too few
            return self._scan(
                query, k, np.arange(self._index.ntotal) if allowed is None else np.flatnonzero(allowed)
            )
        return scores[0][found], rows[0][found]

    def cosines(self, query: Vectors, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of one `(dimension,)` vector with each of some rows, `(len(rows),)`."""
        found: NDArray[np.float32] = self.at(rows) @ query
        return found

    def at(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors of some rows, `(len(rows), dimension) float32`."""
        if len(rows) == 0:
            return np.zeros((0, self._index.d), np.float32)
        found: Vectors = self._index.reconstruct_batch(rows)
        return found

    def _scan(
        self, query: Vectors, k: int, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Search some rows exactly; equal cosines are ordered by row."""
        cosines = self.cosines(query, rows)
        order = np.lexsort((rows, -cosines))[:k]
        return cosines[order], rows[order]

    def _parameters(self, allowed: NDArray[np.bool_] | None) -> Any:  # noqa: ANN401
        """Return what keeps a search within the rows allowed; more lists are read for it."""
        import faiss

        if allowed is None:
            return None
        bits = np.packbits(allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
        if not isinstance(self._index, faiss.IndexIVF):
            return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        share = float(allowed.mean())
        probes = min(self._index.nlist, int(self._index.nprobe / share) + 1)
        return faiss.SearchParametersIVF(sel=selector, nprobe=probes)  # type: ignore[call-arg]
