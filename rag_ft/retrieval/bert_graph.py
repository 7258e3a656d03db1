"""A BERT encoder with its pooling as an OpenVINO graph, built from the weights file itself.

Built by hand because the converters bring other versions of the stack, or torch, or
telemetry. The graph follows Devlin et al. (2019) and the layout of Hugging Face's `BertModel`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

# What `describe` knows how to build; anything else runs on torch.
_SENTENCE_MODULES = ("Transformer", "Pooling", "Normalize")
# Added to the attention scores of padding, as `BertModel` does in float32.
_MASKED = -10_000.0


def can_build(folder: Path) -> bool:
    """Whether a sentence-transformers folder holds a plain BERT with mean or CLS pooling."""
    try:
        modules = [module["type"].rsplit(".", 1)[-1] for module in _read(folder / "modules.json")]
        config = _read(folder / "config.json")
        _pooling(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return (
        tuple(modules) in (_SENTENCE_MODULES, _SENTENCE_MODULES[:2])
        and config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and (folder / "model.safetensors").is_file()
        and (folder / "tokenizer.json").is_file()
    )


def build_graph(folder: Path) -> Any:  # noqa: ANN401  OpenVINO is optional, so is its type
    """Build the graph: `input_ids, mask (n, length) int64` to unit vectors `(n, dimension) float32`."""
    import openvino
    from openvino import opset13 as op
    from safetensors.numpy import load_file

    weights = load_file(folder / "model.safetensors")
    config = _read(folder / "config.json")
    n_heads = config["num_attention_heads"]
    dimension = config["hidden_size"]

    def constant(*values: int) -> Any:  # noqa: ANN401
        return op.constant(np.array(values, dtype=np.int64))

    def tensor(name: str) -> Any:  # noqa: ANN401
        # Not copied: the graph keeps the array, and 90 MB twice over are a tenth of a cold start.
        array = np.ascontiguousarray(weights[name].astype(np.float32, copy=False))
        return op.constant(array, shared_memory=True)

    def linear(x: Any, name: str) -> Any:  # noqa: ANN401
        product = op.matmul(x, tensor(f"{name}.weight"), False, True)
        return op.add(product, tensor(f"{name}.bias"))

    def layer_norm(x: Any, name: str) -> Any:  # noqa: ANN401
        unit = op.mvn(x, constant(-1), True, config["layer_norm_eps"], "inside_sqrt")
        return op.add(op.multiply(unit, tensor(f"{name}.weight")), tensor(f"{name}.bias"))

    def heads(x: Any) -> Any:  # noqa: ANN401
        split = op.reshape(x, constant(0, 0, n_heads, dimension // n_heads), True)
        return op.transpose(split, constant(0, 2, 1, 3))

    input_ids = op.parameter([-1, -1], np.int64, name="input_ids")
    mask = op.parameter([-1, -1], np.int64, name="mask")
    length = op.gather(op.shape_of(input_ids), constant(1), constant(0))
    words = op.gather(tensor("embeddings.word_embeddings.weight"), input_ids, op.constant(np.int64(0)))
    positions = op.slice(
        tensor("embeddings.position_embeddings.weight"), constant(0), length, constant(1), constant(0)
    )
    # All tokens are of the first segment.
    segment = op.constant(weights["embeddings.token_type_embeddings.weight"][0].astype(np.float32))
    x = layer_norm(op.add(op.add(words, segment), positions), "embeddings.LayerNorm")

    kept = op.convert(mask, np.float32)
    absent = op.subtract(op.constant(np.float32(1.0)), op.unsqueeze(kept, constant(1, 2)))
    bias = op.multiply(absent, op.constant(np.float32(_MASKED)))
    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            heads(linear(x, f"{name}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        attended = op.transpose(
            op.scaled_dot_product_attention(query, key, value, bias), constant(0, 2, 1, 3)
        )
        attended = op.reshape(attended, constant(0, 0, dimension), True)
        x = layer_norm(
            op.add(linear(attended, f"{name}.attention.output.dense"), x),
            f"{name}.attention.output.LayerNorm",
        )
        hidden = op.gelu(linear(x, f"{name}.intermediate.dense"), "erf")
        x = layer_norm(op.add(linear(hidden, f"{name}.output.dense"), x), f"{name}.output.LayerNorm")
    if _pooling(folder) == "mean":
        # The mean's divisor goes away with the norm.
        pooled = op.reduce_sum(op.multiply(x, op.unsqueeze(kept, constant(-1))), constant(1), False)
    else:
        pooled = op.gather(x, op.constant(np.int64(0)), op.constant(np.int64(1)))
    unit = op.normalize_l2(pooled, constant(1), 1e-12, "max")
    return openvino.Model([op.result(unit)], [input_ids, mask], "encoder")


def _pooling(folder: Path) -> str:
    """Return "mean" or "cls".

    Raises:
        ValueError: it is another pooling.
    """
    config = _read(folder / "1_Pooling" / "config.json")
    modes = sorted(
        name for name, value in config.items() if name.startswith("pooling_mode_") and value is True
    )
    if "pooling_mode" in config:  # the layout of sentence-transformers 6
        modes = [f"pooling_mode_{config['pooling_mode']}"]
    names = {"pooling_mode_mean_tokens": "mean", "pooling_mode_mean": "mean"}
    names |= {"pooling_mode_cls_token": "cls", "pooling_mode_cls": "cls"}
    if len(modes) != 1 or modes[0] not in names:
        raise ValueError(f"pooling by {modes} is not built here")
    return names[modes[0]]


def _read(path: Path) -> Any:  # noqa: ANN401  JSON has no one type
    return json.loads(path.read_text(encoding="utf-8"))
