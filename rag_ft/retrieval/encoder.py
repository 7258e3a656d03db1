"""The encoder: text to unit vectors, from the wheel where it is installed, else from the hub."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """Which encoder made some vectors: wheel and hub are equal where `weights_sha256` is."""

    name: str
    weights_sha256: str
    dimension: int
    max_tokens: int


class Encoder(Protocol):
    """Turns texts into unit vectors; cosine is then the inner product, higher is better."""

    @property
    def identity(self) -> EncoderIdentity:
        """Name, hash of the weights, dimension and input limit in tokens."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: `(len(texts), dimension) float32`, unit norm, in the order given."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count tokens as the encoder sees them, special tokens included."""
        ...
