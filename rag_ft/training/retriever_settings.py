"""The configuration of `task: retriever`."""

from typing import Literal

from pydantic import Field

from rag_ft.config import Settings


class RetrieverConfig(Settings):
    """How an encoder is fine-tuned; lengths in tokens.

    `frozen_layers` counts the layers from below that keep their weights, as the embeddings
    then do; 0 trains everything. `temperature` divides cosines in the loss. A checkpoint is
    kept every `save_every` steps.

    Rows that are mined take at most `structure_questions` from the documents' own structure,
    and the best `negatives` of the first `depth` hits that do not answer.
    """

    task: Literal["retriever"] = "retriever"
    base: str = "sentence-transformers/all-MiniLM-L6-v2"
    epochs: int = Field(default=1, ge=1)
    learning_rate: float = Field(default=2e-4, gt=0)
    warmup: float = Field(default=0.1, ge=0, lt=1)
    batch_size: int = Field(default=32, ge=2)
    frozen_layers: int = Field(default=4, ge=0)
    question_tokens: int = Field(default=64, ge=8)
    passage_tokens: int = Field(default=160, ge=16)
    temperature: float = Field(default=0.05, gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    dev_share: float = Field(default=0.1, gt=0, lt=1)
    save_every: int = Field(default=50, ge=1)
    structure_questions: int = Field(default=4000, ge=0)
    negatives: int = Field(default=4, ge=0)
    depth: int = Field(default=30, ge=1)
    seed: int = Field(default=17, ge=0)
