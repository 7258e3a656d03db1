"""What the training benchmarks train: T5 shapes from fresh weights, and ragged rows of drawn tokens."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from rag_ft.training.encoding import FixedRows, Row
from rag_ft.training.model import keep_untied

END = 1
FIRST_TOKEN = 3


@dataclass(frozen=True)
class Shape:
    """A T5 v1.1 as transformers' `T5Config` names its sizes."""

    name: str
    d_model: int
    d_ff: int
    layers: int
    heads: int
    d_kv: int = 64
    vocabulary: int = 32_128


SMALL = Shape("flan-t5-small", 512, 1024, 8, 6)
BASE = Shape("flan-t5-base", 768, 2048, 12, 12)
TOY = Shape("toy", 64, 128, 2, 4, 16, 1024)


def fresh_t5(shape: Shape, seed: int = 0) -> Any:
    """Make an untied T5 v1.1 from fresh weights; no vocabulary is needed to measure it."""
    from transformers import T5Config, T5ForConditionalGeneration

    torch.manual_seed(seed)
    config = T5Config(
        vocab_size=shape.vocabulary,
        d_model=shape.d_model,
        d_kv=shape.d_kv,
        d_ff=shape.d_ff,
        num_layers=shape.layers,
        num_heads=shape.heads,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        decoder_start_token_id=0,
    )
    model = T5ForConditionalGeneration(config)
    head = torch.empty_like(model.lm_head.weight).normal_(std=shape.d_model**-0.5)
    model.lm_head.weight = torch.nn.Parameter(head)
    return keep_untied(model)


def ragged_rows(
    count: int, shape: Shape, longest_input: int, longest_output: int, seed: int = 0
) -> FixedRows:
    """Draw rows: input lengths even between a sixteenth and the whole, tokens by Zipf's law.

    Frequent tokens are learned first, so that the loss falls as on text; no two rows share more.
    """
    rng = np.random.default_rng(seed)
    reached = np.cumsum(1 / np.arange(1, shape.vocabulary - FIRST_TOKEN + 1))
    reached /= reached[-1]
    rows = []
    for _ in range(count):
        lengths = (
            rng.integers(longest_input // 16, longest_input),
            rng.integers(longest_output // 8, longest_output),
        )
        source, target = (
            np.append(np.searchsorted(reached, rng.random(n)) + FIRST_TOKEN, END).astype(np.int32)
            for n in lengths
        )
        rows.append(Row(source, target))
    return FixedRows(rows)


def training_flops(shape: Shape, inputs: float, outputs: float, *, lora: bool) -> float:
    """Return the floating-point operations that one example needs, padding and attention's bias apart.

    Two a weight and token forward; backward twice that, or once where the weights are
    frozen. Attention's products are counted; embedding look-ups are not.
    """
    inner = shape.heads * shape.d_kv
    project, feed = shape.d_model * inner, 3 * shape.d_model * shape.d_ff
    encoder = shape.layers * inputs * (2 * (4 * project + feed) + 4 * inputs * inner)
    self_attention = outputs * (8 * project + 4 * outputs * inner)
    cross_attention = outputs * (4 * project + 4 * inputs * inner) + inputs * 4 * project
    decoder = shape.layers * (self_attention + cross_attention + outputs * 2 * feed)
    head = 2 * outputs * shape.d_model * shape.vocabulary
    return (2 if lora else 3) * (encoder + decoder + head)
