"""Vectors on disk: exact while few, by lists with measured recall beyond, filters within the search."""

from pathlib import Path

import faiss
import numpy as np
import pytest

from rag_ft.errors import IndexCorruptError
from rag_ft.retrieval import vectors as module
from rag_ft.retrieval.encoder import Vectors
from rag_ft.retrieval.vectors import VectorIndex, write_vectors


def unit(vectors: np.ndarray) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def many() -> Vectors:
    chance = np.random.default_rng(0)
    centres = chance.standard_normal((40, 16))
    return unit(centres[chance.integers(0, 40, 4000)] + 0.3 * chance.standard_normal((4000, 16)))


@pytest.fixture
def questions(many: Vectors) -> Vectors:
    return unit(many[::80] + 0.1 * np.random.default_rng(1).standard_normal((50, 16)))


@pytest.fixture
def by_lists(
    many: Vectors, questions: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> VectorIndex:
    monkeypatch.setattr(module, "EXACT_UP_TO", 1000)
    monkeypatch.setattr(module, "_SCANNED", 50)
    info = write_vectors(many, tmp_path / "lists.faiss", questions)
    assert (info.kind, info.lists) == ("ivf", 252)
    assert info.recall >= 0.99
    return VectorIndex(tmp_path / "lists.faiss", 4000)


def test_three_vectors_by_hand(tmp_path: Path) -> None:
    vectors = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]], dtype=np.float32)
    assert write_vectors(vectors, tmp_path / "v.faiss").kind == "flat"
    index = VectorIndex(tmp_path / "v.faiss", 3)
    query = np.array([0.8, 0.6], dtype=np.float32)
    cosines, rows = index.search(query, 5)
    assert rows.tolist() == [1, 0, 2]
    assert cosines.tolist() == pytest.approx([0.96, 0.8, 0.6])
    cosines, rows = index.search(query, 5, np.array([True, False, True]))
    assert (rows.tolist(), cosines.tolist()) == ([0, 2], pytest.approx([0.8, 0.6]))
    assert index.search(query, 5, np.array([False, False, False]))[1].tolist() == []
    assert index.cosines(query, np.array([2, 0])).tolist() == pytest.approx([0.6, 0.8])
    assert np.array_equal(index.at(np.array([2, 0])), vectors[[2, 0]])


def test_another_number_of_vectors_is_told(tmp_path: Path) -> None:
    write_vectors(np.eye(3, dtype=np.float32), tmp_path / "v.faiss")
    with pytest.raises(IndexCorruptError, match="holds 3 vectors for 4 passages"):
        VectorIndex(tmp_path / "v.faiss", 4)
    (tmp_path / "v.faiss").write_bytes(b"not an index")
    with pytest.raises(IndexCorruptError, match="cannot be read"):
        VectorIndex(tmp_path / "v.faiss", 3)


def test_lists_find_what_exact_search_finds(by_lists: VectorIndex, many: Vectors, questions: Vectors) -> None:
    shared = 0
    for question in questions:
        exact = np.argsort(-(many @ question))[:10]
        cosines, rows = by_lists.search(question, 10)
        shared += len(set(exact.tolist()) & set(rows.tolist()))
        assert np.allclose(cosines, many[rows] @ question, atol=1e-6)
    assert shared / (10 * len(questions)) >= 0.99


def test_rows_keep_their_vectors_in_lists(by_lists: VectorIndex, many: Vectors) -> None:
    assert np.array_equal(by_lists.at(np.arange(4000)), many)
    rows = np.array([7, 3999, 0])
    assert np.allclose(by_lists.cosines(many[7], rows), many[rows] @ many[7], atol=1e-6)


@pytest.mark.parametrize("share", [0.5, 0.05, 0.005])
def test_filters_apply_within_the_search(
    by_lists: VectorIndex, many: Vectors, questions: Vectors, share: float
) -> None:
    allowed = np.random.default_rng(2).random(4000) < share
    for question in questions[:10]:
        rows = by_lists.search(question, 15, allowed)[1]
        assert len(rows) == 15
        assert allowed[rows].all()
    exact = np.flatnonzero(allowed)[np.argmax(many[allowed] @ many[5])]
    assert by_lists.search(many[5], 1, allowed)[1].tolist() == [exact]


def test_more_than_the_probed_lists_hold_is_still_found(by_lists: VectorIndex, many: Vectors) -> None:
    rows = by_lists.search(many[0], 4000)[1]
    assert sorted(rows.tolist()) == list(range(4000))


def test_vectors_without_clusters_stay_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT_UP_TO", 1000)
    monkeypatch.setattr(module, "_PROBES", (1, 2))
    chance = np.random.default_rng(3)
    info = write_vectors(
        unit(chance.standard_normal((3000, 64))), tmp_path / "v.faiss", unit(chance.standard_normal((50, 64)))
    )
    assert info.kind == "flat"
    assert isinstance(faiss.read_index(str(tmp_path / "v.faiss")), faiss.IndexFlat)
