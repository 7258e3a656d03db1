"""vectors.faiss: unit vectors, searched exactly while that is fast, by inverted lists beyond."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import IndexCorruptError
from rag_ft.retrieval.encoder import Vectors
from rag_ft.retrieval.manifest import VectorsInfo

VECTORS_NAME = "vectors.faiss"


def write_vectors(vectors: Vectors, path: Path) -> VectorsInfo:
    """Write `(n, dimension) float32` unit vectors; a vector's position is its passage's row.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    # Through Python's own file, because FAISS reports a full disk late or not at all.
    with path.open("wb") as stream:
        faiss.write_index(index, faiss.PyCallbackIOWriter(stream.write))  # type: ignore[attr-defined]
    return VectorsInfo("flat")


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

        `allowed` is a mask over all rows; fewer than `k` come back where it allows fewer.
        """
        import faiss

        parameters = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        k = min(k, self._index.ntotal)
        if k == 0:
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        scores, rows = self._index.search(query.reshape(1, -1), k, params=parameters)
        found = rows[0] >= 0
        return scores[0][found], rows[0][found]

    def cosines(self, query: Vectors, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of one `(dimension,)` vector with each of some rows, `(len(rows),)`."""
        if len(rows) == 0:
            return np.zeros(0, np.float32)
        found: NDArray[np.float32] = self._index.reconstruct_batch(rows) @ query
        return found

    def vectors(self) -> Vectors:
        """Return all vectors, `(n, dimension) float32`, by row."""
        found: Vectors = self._index.reconstruct_n(0, self._index.ntotal)
        return found
