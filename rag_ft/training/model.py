"""The model to train: a base, or fresh weights; an adapter over it; its head kept untied."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from rag_ft.errors import ConfigError, ModelUnavailableError
from rag_ft.network import resolve_model
from rag_ft.quiet import quiet_transformers
from rag_ft.reader_manifest import FILE_NAME, ReaderManifest
from rag_ft.training.mimetic import start_mimetic
from rag_ft.training.settings import FreshModel, LoraSettings, TrainingConfig

# transformers' models and tokenizers are typed by their own classes only at run time.
Model = Any
Tokenizer = Any


@dataclass(frozen=True, slots=True)
class Base:
    """A model and its tokenizer before training, and where they came from.

    `pretrained` is false where all its weights go back to fresh ones of ours.
    """

    model: Model
    tokenizer: Tokenizer
    name: str
    revision: str | None
    folder: Path | None
    pretrained: bool


def load_base(config: TrainingConfig, *, download: bool = True) -> Base:
    """Load the base that a configuration names, or make fresh weights.

    Raises:
        ConfigError: neither base nor fresh weights are named.
        ModelUnavailableError: the base or the vocabulary is not at hand.
    """
    if config.fresh is not None:
        if config.tokenizer is None:
            raise ConfigError(
                "fresh: needs a vocabulary: name a folder with a T5 tokenizer (--set tokenizer=FOLDER)"
            )
        tokenizer = load_tokenizer(resolve_model(config.tokenizer, download=download))
        model = fresh_model(config.fresh, tokenizer, seed=config.seed, dropout=config.dropout)
        return Base(model, tokenizer, "fresh weights", None, None, pretrained=False)
    if config.base is None:
        raise ConfigError("base: name a folder or a hub id, such as google/flan-t5-small (--base NAME)")
    folder = resolve_model(config.base, download=download, revision=config.revision)
    # The hub's cache names a snapshot after its commit.
    revision = folder.name if folder.parent.name == "snapshots" else config.revision
    tokenizer = load_tokenizer(Path(config.tokenizer) if config.tokenizer else folder)
    pretrained = True
    if (folder / FILE_NAME).is_file():
        pretrained = ReaderManifest.load(folder).training.get("pretrained", True)
    model = load_model(folder, dropout=config.dropout)
    return Base(model, tokenizer, config.base, revision, folder, pretrained)


def load_model(folder: Path, *, dropout: float | None = None) -> Model:
    """Load a seq2seq model in float32, its head as untied as its weights.

    Raises:
        ModelUnavailableError: the folder holds no such model.
    """
    from transformers import AutoModelForSeq2SeqLM

    changes = {} if dropout is None else {"dropout_rate": dropout}
    if (folder / "adapter_config.json").is_file():
        raise ModelUnavailableError(
            f"{folder}: an adapter, not a base; merge it first: ragft export {folder} --merge"
        )
    try:
        with quiet_transformers():
            model = AutoModelForSeq2SeqLM.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, **changes
            )
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailableError(
            f"{folder}: no seq2seq model of safetensors ({' '.join(str(error).split())[:200]})"
        ) from None
    return keep_untied(model)


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load a tokenizer and check that it is one that T5 can use.

    Raises:
        ModelUnavailableError: the folder holds none, or one without a vocabulary.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailableError(
            f"{folder}: no tokenizer ({' '.join(str(error).split())[:200]})"
        ) from None
    # A tokenizer without its vocabulary file loads as 104 special tokens, silently.
    if len(tokenizer) < 200 or tokenizer.eos_token_id is None or tokenizer.pad_token_id is None:
        raise ModelUnavailableError(
            f"{folder}: a tokenizer of {len(tokenizer)} tokens is no T5 vocabulary: copy tokenizer.json too"
        )
    return tokenizer


def fresh_model(shape: FreshModel, tokenizer: Tokenizer, *, seed: int, dropout: float | None = None) -> Model:
    """Make a T5 v1.1 from fresh weights over a vocabulary.

    The untied head starts at d_model^-0.5, so that the first logits have unit variance;
    transformers would start it at 1, a first loss in the tens.
    """
    from transformers import T5Config, T5ForConditionalGeneration

    torch.manual_seed(seed)
    config = T5Config(  # type: ignore[call-arg]  # the base class takes two of these
        # Padded as T5's own is (32,100 to 32,128), for the matrix units.
        vocab_size=-(-len(tokenizer) // 64) * 64,
        d_model=shape.d_model,
        d_kv=shape.d_kv,
        d_ff=shape.d_ff,
        num_layers=shape.layers,
        num_decoder_layers=shape.decoder_layers or shape.layers,
        num_heads=shape.heads,
        feed_forward_proj="gated-gelu",
        dropout_rate=0.1 if dropout is None else dropout,
        tie_word_embeddings=shape.tied,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
    )
    model = T5ForConditionalGeneration(config)
    if not shape.tied:
        head = torch.empty_like(model.lm_head.weight).normal_(std=shape.d_model**-0.5)
        model.lm_head.weight = torch.nn.Parameter(head)
    if shape.mimetic:
        start_mimetic(model)
    return keep_untied(model)


def keep_untied(model: Model) -> Model:
    """Make the configuration say what the weights are, so that they are saved as they are.

    transformers 5 sets `tie_word_embeddings` to true for every T5 and scales the output by
    `scale_decoder_outputs` instead; saved so, transformers 4 and converters would tie and
    scale an untied model: garbage.
    """
    head, shared = getattr(model, "lm_head", None), getattr(model, "shared", None)
    if head is not None and shared is not None:
        model.config.tie_word_embeddings = head.weight is shared.weight
    return model


def add_adapter(model: Model, settings: LoraSettings, base: str) -> Model:
    """Put a fresh adapter over a model; only the adapter is trained.

    `base` is the folder of the model: for a hub id peft would ask the hub at every saving.

    Raises:
        ConfigError: a target is no layer of this model.
    """
    from peft import LoraConfig, get_peft_model

    layers = {name.rpartition(".")[2] for name, m in model.named_modules() if isinstance(m, torch.nn.Linear)}
    unknown = sorted(set(settings.targets) - layers)
    if unknown:
        raise ConfigError(
            f"lora.targets: {', '.join(unknown)} is no linear layer of {base}; "
            f"it has {', '.join(sorted(layers))}"
        )
    terms = LoraConfig(
        task_type="SEQ_2_SEQ_LM",
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules=list(settings.targets),
        bias=settings.bias,
    )
    with quiet_transformers():
        adapted = get_peft_model(model, terms)
    adapted.peft_config["default"].base_model_name_or_path = base
    return adapted
