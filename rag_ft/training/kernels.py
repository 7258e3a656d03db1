"""Faster forms of T5's own operations while it trains: the same mathematics, fewer passes over memory.

Profiled at flan-t5-small's shape in bf16 on a CPU (`benchmarks/training.py`): drawing
dropout took a seventh of a step, masks and softmax of the attention a fifth, an unfused
GELU and norm another tenth. transformers also makes the sum of position bias and mask,
`(batch, heads, tokens, tokens)`, anew in every layer, and keeps each for the way back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MethodType
from typing import Any

import torch
from torch import nn
from torch.nn.functional import rms_norm, scaled_dot_product_attention
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface, eager_mask
from transformers.models.t5.modeling_t5 import T5LayerNorm

from rag_ft.training.model import Model

ATTENTION = "ragft_shared_bias"
_LEVELS = 256


@contextmanager
def fast_kernels(model: Model, device: torch.device) -> Iterator[None]:
    """Swap a T5's operations for faster ones, and put its own back at the end.

    On every device: attention with its bias and mask added once for all layers, GELU and
    RMS norm in one kernel each. On a CPU also: dropout drawn a byte at a time.
    """
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    undo: list[tuple[nn.Module, str, object]] = []
    for module in list(model.modules()):
        if isinstance(module, T5LayerNorm):
            module.__dict__["forward"] = MethodType(_norm, module)
        for name, child in list(module.named_children()):
            if type(child).__name__ in ("NewGELUActivation", "GELUTanh"):
                undo.append((module, name, child))
                setattr(module, name, nn.GELU(approximate="tanh"))
            elif device.type == "cpu" and type(child) is nn.Dropout:
                undo.append((module, name, child))
                setattr(module, name, ByteDropout(child.p))
    before = inner.config._attn_implementation
    inner.set_attn_implementation(ATTENTION)
    try:
        yield
    finally:
        for module in model.modules():
            if isinstance(module, T5LayerNorm):
                module.__dict__.pop("forward", None)
        for parent, name, child in undo:
            setattr(parent, name, child)
        inner.set_attn_implementation(before)


@contextmanager
def compiled(model: Model, *, wanted: bool) -> Iterator[None]:
    """Compile encoder and decoder by `torch.compile`, for any length, while a model trains.

    On a CPU it takes minutes and gains nothing (`benchmarks/training.py`).
    """
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    stacks = (inner.encoder, inner.decoder) if wanted else ()
    for stack in stacks:
        stack.compile(dynamic=True)
    try:
        yield
    finally:
        for stack in stacks:
            stack._compiled_call_impl = None


@contextmanager
def uncompiled(model: Model) -> Iterator[None]:
    """Run a model as it is for a while: generating changes shapes at every token."""
    compiled_calls = {m: m._compiled_call_impl for m in model.modules() if m._compiled_call_impl is not None}
    for module in compiled_calls:
        module._compiled_call_impl = None
    try:
        yield
    finally:
        for module, call in compiled_calls.items():
            module._compiled_call_impl = call


class ByteDropout(nn.Module):
    """Dropout whose draws cost a byte each: torch's draws of 32 bits are a seventh of a step.

    `p` is rounded to 256ths (0.1 becomes 0.1016) and the scale goes with it, so the
    expectation is exact.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Drop values while training, pass them on otherwise."""
        return byte_dropout(values, self.p) if self.training else values


def byte_dropout(values: torch.Tensor, p: float) -> torch.Tensor:
    """Drop each value with probability `p`, rounded to 256ths, and scale the rest up."""
    if not p:
        return values
    dropped = max(1, round(p * _LEVELS))
    count = values.numel()
    # Eight draws a number of 64 bits, over its whole range so that every byte is fair.
    numbers = torch.empty((count + 7) // 8, dtype=torch.int64).random_(-(2**63), None)
    draws = numbers.view(torch.uint8)[:count].view(values.shape)
    kept = torch.ge(draws, dropped, out=torch.empty_like(values, requires_grad=False))
    # The scale apart: in a bfloat16 mask it would be rounded once, and wrong for every value.
    return (values * kept).mul_(_LEVELS / (_LEVELS - dropped))


def shared_bias_attention(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    dropout: float = 0.0,
    position_bias: torch.Tensor | None = None,
    **_: object,
) -> tuple[torch.Tensor, None]:
    """Attend as T5 does: unscaled products plus position bias (arXiv 1910.10683, section 2.1).

    Args:
        module: The attention layer.
        query: `(batch, heads, queries, width)`.
        key: `(batch, heads, keys, width)`.
        value: `(batch, heads, keys, width)`.
        attention_mask: Additive, `(batch, 1, queries, keys)`.
        dropout: Share of the weights that is dropped.
        position_bias: `(1, heads, queries, keys)`, the same tensor for every layer of a stack.

    Returns:
        `(batch, queries, heads, width)`, and no weights.
    """
    batch, heads, queries, width = query.shape
    keys = key.shape[2]
    bias = _bias(position_bias, attention_mask, query, keys)
    share = dropout if module.training else 0.0
    if query.device.type != "cpu":
        attended = scaled_dot_product_attention(query, key, value, bias, dropout_p=share, scale=1.0)
        return attended.transpose(1, 2).contiguous(), None
    # On a CPU torch's own kernel takes no bias that is trained; this is its slow path, without the detours.
    rows = batch * heads
    scores = torch.baddbmm(
        bias.view(rows, queries, keys),
        query.reshape(rows, queries, width),
        key.reshape(rows, keys, width).transpose(1, 2),
    )
    weights = byte_dropout(torch.softmax(scores, dim=-1), share)
    attended = torch.bmm(weights, value.reshape(rows, keys, width))
    return attended.view(batch, heads, queries, width).transpose(1, 2).contiguous(), None


def _bias(
    position: torch.Tensor | None, mask: torch.Tensor | None, query: torch.Tensor, keys: int
) -> torch.Tensor:
    """Return position bias plus mask, `(batch, heads, queries, keys)`, in the query's dtype."""
    batch, heads, queries, _ = query.shape
    shape = (batch, heads, queries, keys)
    known: tuple[torch.Tensor | None, torch.Tensor] | None = getattr(position, "_ragft_bias", None)
    if known is not None and known[0] is mask and known[1].shape == shape and known[1].dtype == query.dtype:
        return known[1]
    if position is None:
        position = query.new_zeros(1, heads, queries, keys)
    bias = (position if mask is None else position + mask).to(query.dtype).expand(shape).contiguous()
    # Kept on the tensor that the layers share, so it lives as long as their forward pass.
    position._ragft_bias = (mask, bias)  # type: ignore[attr-defined]
    return bias


def _norm(self: Any, values: torch.Tensor) -> torch.Tensor:  # noqa: ANN401
    return rms_norm(values, (values.shape[-1],), self.weight, self.variance_epsilon)


AttentionInterface.register(ATTENTION, shared_bias_attention)
AttentionMaskInterface.register(ATTENTION, eager_mask)
