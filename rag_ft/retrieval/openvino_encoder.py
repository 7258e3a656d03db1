"""The encoder by OpenVINO: several times as fast on a CPU, and without importing torch."""

import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from rag_ft.retrieval.bert_graph import build_graph, can_build
from rag_ft.retrieval.encoder import EncoderIdentity, Vectors
from rag_ft.retrieval.model_folder import ModelFolder
from rag_ft.retrieval.tokens import TokenCounter

# Batches of 8 of like length win at every length; lengths in steps keep the kernels few.
_BATCH = 8
_LENGTH_STEP = 16


def is_available(folder: ModelFolder) -> bool:
    """Whether OpenVINO is installed and can run the model of a folder."""
    return find_spec("openvino") is not None and can_build(folder.path)


class OpenVinoEncoder:
    """Embeds on the CPU in bf16 where the processor has it, else in float32.

    Args:
        folder: a folder for which `is_available` holds.
    """

    def __init__(self, folder: ModelFolder) -> None:
        openvino = _import_openvino()
        config = json.loads((folder.path / "config.json").read_text(encoding="utf-8"))
        limits = json.loads((folder.path / "sentence_bert_config.json").read_text(encoding="utf-8"))
        core = openvino.Core()
        has_bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        precision = "bf16" if has_bf16 else "f32"
        self._model = core.compile_model(
            build_graph(folder.path),
            "CPU",
            {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "THROUGHPUT"},
        )
        self._at_once = int(self._model.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self._tokens = TokenCounter((folder.path / "tokenizer.json").read_text(encoding="utf-8"))
        self._identity = EncoderIdentity(
            name=folder.name,
            weights_sha256=folder.weights_sha256,
            dimension=int(config["hidden_size"]),
            max_tokens=int(limits.get("max_seq_length") or config["max_position_embeddings"]),
        )
        self.backend = f"openvino {openvino.__version__.split('-')[0]} {precision}"

    @property
    def identity(self) -> EncoderIdentity:
        """Name, hash of the weights, dimension and input limit in tokens."""
        return self._identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: `(len(texts), dimension) float32`, unit norm, in the order given."""
        limit = self._identity.max_tokens
        # What exceeds the limit keeps its last token, the separator, as the tokenizer's own cut does.
        ids = [row if len(row) <= limit else [*row[: limit - 1], row[-1]] for row in self._tokens.ids(texts)]
        vectors = np.empty((len(ids), self._identity.dimension), dtype=np.float32)
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
        # Requests are waited for, in turn: a callback needs Python's lock in a thread of OpenVINO,
        # and a model that is dropped meanwhile waits for that thread with the lock in its hand.
        requests = [self._model.create_infer_request() for _ in batches[: self._at_once]]
        for turn, rows in enumerate(batches):
            request = requests[turn % len(requests)]
            if turn >= len(requests):
                _collect(request, batches[turn - len(requests)], vectors)
            request.start_async(_padded([ids[row] for row in rows], limit), share_inputs=False)
        for turn in range(max(len(batches) - len(requests), 0), len(batches)):
            _collect(requests[turn % len(requests)], batches[turn], vectors)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count tokens as the encoder sees them, special tokens included."""
        return self._tokens.count(texts)


def _collect(request: Any, rows: list[int], vectors: Vectors) -> None:  # noqa: ANN401
    """Wait for a batch and put its vectors in their rows."""
    request.wait()
    vectors[rows] = request.get_output_tensor(0).data


def _padded(rows: list[list[int]], limit: int) -> list[Any]:
    """Return ids and mask, `(len(rows), length) int64`, padded to a length of few kinds."""
    longest = max(map(len, rows))
    length = min(-(-longest // _LENGTH_STEP) * _LENGTH_STEP, max(limit, longest))
    ids = np.zeros((len(rows), length), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return [ids, mask]


def _import_openvino() -> Any:  # noqa: ANN401
    """Import OpenVINO without its telemetry, which would report the import itself."""
    if "openvino" not in sys.modules:
        # Where this entry is None the import fails and OpenVINO falls back on its own stub.
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino
