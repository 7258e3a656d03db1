"""The encoder by sentence-transformers and torch: the floor that every machine has."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rag_ft.errors import ModelUnavailableError
from rag_ft.retrieval.encoder import EncoderIdentity, Vectors
from rag_ft.retrieval.model_folder import ModelFolder
from rag_ft.retrieval.tokens import TokenCounter

# On a CPU batches of 8 of like length beat larger ones; a GPU wants to be filled.
_CPU_BATCH = 8
_GPU_BATCH = 128


class SentenceTransformerEncoder:
    """Embeds by a sentence-transformers folder on CUDA (bf16), MPS or the CPU.

    Args:
        folder: where the model lies; nothing is downloaded.
        device: "cpu", "cuda" or "mps"; the best one at hand by default.

    Raises:
        ModelUnavailableError: the folder holds no sentence-transformers model.
    """

    def __init__(self, folder: ModelFolder, device: str | None = None) -> None:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        from rag_ft.devices import choose_device, choose_dtype

        self._device = device or choose_device().type
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._model: Any = SentenceTransformer(
                str(folder.path), device=self._device, local_files_only=True
            )
            self._tokens = TokenCounter(self._model.tokenizer.backend_tokenizer.to_str())
        except Exception as error:  # a wrong folder fails in any of three libraries
            reason = " ".join(str(error).split())[:200]
            raise ModelUnavailableError(
                f"{folder.path} cannot be loaded as a sentence-transformers model ({reason}): name another "
                "folder with --encoder"
            ) from error
        dtype = _cpu_dtype(torch) if self._device == "cpu" else choose_dtype(torch.device(self._device))
        self._model = self._model.to(dtype)
        version, precision = str(torch.__version__).split("+")[0], str(dtype).removeprefix("torch.")
        self.backend = f"torch {version} {self._device} {precision}"
        self._identity = EncoderIdentity(
            name=folder.name,
            weights_sha256=folder.weights_sha256,
            dimension=int(self._model.get_embedding_dimension()),
            max_tokens=int(self._model.max_seq_length),
        )

    @property
    def identity(self) -> EncoderIdentity:
        """Name, hash of the weights, dimension and input limit in tokens."""
        return self._identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: `(len(texts), dimension) float32`, unit norm, in the order given."""
        if not texts:
            return np.zeros((0, self._identity.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            batch_size=_GPU_BATCH if self._device == "cuda" else _CPU_BATCH,
            show_progress_bar=False,
            convert_to_numpy=True,
        ).astype(np.float32)
        # bf16 leaves norms a few thousandths off one.
        return np.ascontiguousarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count tokens as the encoder sees them, special tokens included."""
        return self._tokens.count(texts)


def _cpu_dtype(torch: Any) -> Any:  # noqa: ANN401  the module and its dtype
    """Return bfloat16 where the processor multiplies in it, at more than twice the speed, else float32."""
    has: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return torch.bfloat16 if has.get("avx512_bf16") or has.get("amx_bf16") else torch.float32
