"""The queue of texts: each embedded once, short ones first, and nothing of another build."""

from pathlib import Path

import numpy as np
import pytest

from rag_ft.indexing.embedding_queue import QUEUE_NAME, EmbeddingQueue, input_hash
from rag_ft.retrieval.encoder import Vectors
from tests.conftest import FakeEncoder


class Recording(FakeEncoder):
    """Keeps the texts of each call."""

    def __init__(self, name: str = "fake") -> None:
        super().__init__(name)
        self.calls: list[list[str]] = []

    def encode(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        self.calls.append(list(texts))
        return super().encode(texts)


def add(queue: EmbeddingQueue, *texts: str) -> None:
    queue.add((input_hash(text), text, len(text.split())) for text in texts)


def embed(queue: EmbeddingQueue, encoder: FakeEncoder) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []
    queue.embed(encoder, lambda done, total: seen.append((done, total)))
    return seen


def test_each_text_once_short_ones_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag_ft.indexing.embedding_queue._WINDOW", 2)
    encoder = Recording()
    queue = EmbeddingQueue(tmp_path, encoder.identity)
    add(queue, "a b c", "a", "a b", "a b c")
    assert embed(queue, encoder) == [(2, 3), (3, 3)]
    assert encoder.calls == [["a", "a b"], ["a b c"]]
    wanted = ["a b c", "a", "a b c"]
    assert np.array_equal(queue.vectors([input_hash(text) for text in wanted]), FakeEncoder().encode(wanted))
    queue.discard()
    assert list(tmp_path.iterdir()) == []


def test_vectors_outlive_the_process_and_texts_without_one_do_not(tmp_path: Path) -> None:
    encoder = Recording()
    queue = EmbeddingQueue(tmp_path, encoder.identity)
    add(queue, "done")
    embed(queue, encoder)
    add(queue, "dropped since")
    queue.close()
    queue = EmbeddingQueue(tmp_path, encoder.identity)
    add(queue, "done", "new")
    assert embed(queue, encoder) == [(1, 1)]
    assert encoder.calls == [["done"], ["new"]]


def test_another_encoder_begins_anew(tmp_path: Path) -> None:
    first, second = Recording(), Recording("another")
    queue = EmbeddingQueue(tmp_path, first.identity)
    add(queue, "text")
    embed(queue, first)
    queue.close()
    queue = EmbeddingQueue(tmp_path, second.identity)
    add(queue, "text")
    embed(queue, second)
    assert second.calls == [["text"]]


def test_a_damaged_queue_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / QUEUE_NAME).write_bytes(b"not a database" * 100)
    encoder = Recording()
    queue = EmbeddingQueue(tmp_path, encoder.identity)
    add(queue, "text")
    assert embed(queue, encoder) == [(1, 1)]
