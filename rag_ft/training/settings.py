"""The configuration of a training run; every preset in `configs/` is one of these."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from rag_ft.config import Settings
from rag_ft.prompts import DEFAULT_INPUT_TOKENS
from rag_ft.reader_manifest import PromptStyle

Share = Annotated[float, Field(ge=0, lt=1)]

# Every linear layer of a Flan-T5 block by its own name (T5 v1.1 is gated: wi_0 and wi_1, no wi).
ALL_LINEAR = ("q", "k", "v", "o", "wi_0", "wi_1", "wo")


class LoraSettings(Settings):
    """A low-rank adapter (arXiv 2106.09685): `alpha / rank` scales its output.

    `targets` are names of linear layers; `bias` says which biases are trained with it,
    where the model has any (T5 has none).
    """

    rank: int = Field(ge=1)
    alpha: int = Field(ge=1)
    targets: tuple[str, ...] = ALL_LINEAR
    dropout: Share = 0.05
    bias: Literal["none", "lora_only", "all"] = "none"

    @field_validator("targets")
    @classmethod
    def _some_targets(cls, targets: tuple[str, ...]) -> tuple[str, ...]:
        if not targets:
            raise ValueError(f"name at least one linear layer, such as {', '.join(ALL_LINEAR)}")
        return targets


class FreshModel(Settings):
    """The shape of a T5 v1.1 (gated GELU) made from fresh weights; sizes as in `T5Config`."""

    d_model: int = Field(ge=8)
    d_kv: int = Field(ge=4)
    d_ff: int = Field(ge=8)
    layers: int = Field(ge=1)
    decoder_layers: int | None = Field(default=None, ge=1)
    heads: int = Field(ge=1)
    tied: bool = False
    # Whether attention starts ready to copy, instead of at random.
    mimetic: bool = False


class TrainingConfig(Settings):
    """What a run trains, on what terms; lengths in tokens, shares 0 to 1.

    A batch holds `batch_size` examples, or as many as fit into `batch_tokens` input
    tokens with their padding; with both, whichever is reached first. `accumulation`
    batches make a step.
    """

    task: Literal["reader", "adapt"] = "reader"
    # Where the weights come from: a folder or a hub id, or fresh ones with a vocabulary.
    base: str | None = None
    revision: str | None = None
    fresh: FreshModel | None = None
    tokenizer: str | None = None
    lora: LoraSettings | None = None
    dropout: Share | None = None
    # What the model sees and gives.
    prompt: PromptStyle = "grounded"
    input_tokens: int = Field(default=DEFAULT_INPUT_TOKENS, ge=16)
    output_tokens: int = Field(default=128, ge=4)
    # task: adapt, span corruption (arXiv 1910.10683, section 3.1.4).
    noise_density: float = Field(default=0.15, gt=0, lt=1)
    mean_span: float = Field(default=3.0, ge=1)
    # The share of its rows whose missing words stand in a passage beside them, to be copied.
    passage_share: float = Field(default=0.0, ge=0, le=1)
    # How long and how fast it learns.
    epochs: float = Field(default=10, gt=0)
    steps: int | None = Field(default=None, ge=1)
    optimizer: Literal["adamw", "adafactor"] = "adamw"
    learning_rate: float = Field(default=5e-4, gt=0)
    schedule: Literal["linear", "cosine", "constant", "inverse_sqrt"] = "linear"
    warmup: Share = 0.05
    weight_decay: float = Field(default=0.0, ge=0)
    max_gradient: float = Field(default=1.0, ge=0)
    label_smoothing: Share = 0.0
    # Batches.
    batch_size: int | None = Field(default=2, ge=1)
    batch_tokens: int | None = Field(default=None, ge=16)
    accumulation: int = Field(default=1, ge=1)
    sort_by_length: bool = True
    # Development score, best checkpoint, early stopping.
    dev_share: Share = 0.1
    dev_limit: int = Field(default=200, ge=1)
    evaluate_every: int | None = Field(default=None, ge=1)
    patience: int | None = Field(default=3, ge=1)
    save_every: int | None = Field(default=None, ge=1)
    log_every: int = Field(default=10, ge=1)
    # The machine.
    seed: int = Field(default=17, ge=0)
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    gradient_checkpointing: bool = False
    compile: bool = False
    workers: int = Field(default=0, ge=0)

    @field_validator("precision", mode="before")
    @classmethod
    def _never_fp16(cls, value: object) -> object:
        if value in ("fp16", "float16", "half"):
            raise ValueError("T5 overflows in fp16 (huggingface/transformers#23918): use bf16 or fp32")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.batch_size is None and self.batch_tokens is None:
            raise ValueError("batch_size or batch_tokens: give at least one")
        if self.batch_tokens is not None and self.batch_tokens < self.input_tokens:
            raise ValueError(
                f"batch_tokens: {self.batch_tokens} holds no example of input_tokens {self.input_tokens}"
            )
        if self.base is not None and self.fresh is not None:
            raise ValueError("base, fresh: weights come from the one or the other; give one")
        if self.fresh is not None and self.lora is not None:
            raise ValueError("lora, fresh: an adapter needs trained weights under it; train them full first")
        if self.task == "adapt" and self.lora is not None:
            raise ValueError("lora, task: adapt trains every weight; leave lora out")
        if self.task == "adapt" and self.prompt != "grounded":
            raise ValueError("prompt: adapt reads running text; leave prompt out")
        return self

    @property
    def method(self) -> Literal["full", "lora"]:
        """Whether every weight is trained, or an adapter."""
        return "full" if self.lora is None else "lora"
