"""Fixtures: where other people's texts lie, and a cheap encoder."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag_ft.retrieval.encoder import EncoderIdentity, Vectors

ROOT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    return Path(os.environ.get("RAGFT_TEST_DATA", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real MAS documents; they are not ours to ship."""
    folder = data_folder()
    if not (folder / "corpus" / "MANIFEST.jsonl").is_file():
        pytest.skip(f"no real documents at {folder}: set RAGFT_TEST_DATA to have this test run")
    return folder


@pytest.fixture(scope="session")
def primer() -> Path:
    return ROOT / "data" / "primer"


class FakeEncoder:
    """Hashes words into 64 dimensions: texts that share words are near, and it costs nothing."""

    def __init__(self, name: str = "fake", max_tokens: int = 256) -> None:
        self._identity = EncoderIdentity(name, hashlib.sha256(name.encode()).hexdigest(), 64, max_tokens)

    @property
    def identity(self) -> EncoderIdentity:
        return self._identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().split():
                digest = hashlib.blake2b(word.encode(), digest_size=2).digest()
                vectors[row, digest[0] % 64] += 1.0 if digest[1] % 2 else -1.0
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors[norms[:, 0] == 0, 0] = 1.0
        norms[norms == 0] = 1.0
        return vectors / norms

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]


@pytest.fixture
def fake_encoder() -> FakeEncoder:
    return FakeEncoder()
