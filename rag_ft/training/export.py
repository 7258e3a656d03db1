"""A trained reader in another form: an adapter merged, weights in bfloat16, weights in shards."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from rag_ft.errors import ConfigError, ModelUnavailableError, UsageError
from rag_ft.network import resolve_model
from rag_ft.quiet import quiet_transformers
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.training.card import model_card
from rag_ft.training.folder import generation_config
from rag_ft.training.model import (
    Model,
    Tokenizer,
    keep_untied,
    load_model,
    load_tokenizer,
)

_DTYPES: dict[str, torch.dtype] = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def export_reader(
    reader: str | Path,
    output: str | Path,
    *,
    dtype: str = "float32",
    shard: str | None = None,
    download: bool = False,
) -> Path:
    """Write a reader anew as a plain model folder; an adapter is merged into its base.

    Args:
        reader: A finished reader folder.
        output: The new folder.
        dtype: What the weights are kept as, "float32" or "bfloat16"; bfloat16 halves them.
        shard: The largest file of weights, such as "15MB"; None for one file.
        download: Whether an adapter's base that is not at hand may be downloaded.

    Raises:
        ConfigError: no such dtype.
        ModelUnavailableError: the folder is no finished reader, or its base is not at hand.
        UsageError: the new folder is in use.
    """
    reader, output = Path(reader), Path(output)
    if dtype not in _DTYPES:
        raise ConfigError(f"dtype: {dtype}: choose {' or '.join(_DTYPES)} (T5 overflows in float16)")
    manifest = ReaderManifest.load(reader)
    if output.exists() and any(output.iterdir()):
        raise UsageError(f"{output}: not empty: choose another --output")
    model, tokenizer = load_trained(reader, download=download)
    model.to(_DTYPES[dtype])
    generation_config(model, manifest.max_new_tokens)
    more: dict[str, Any] = {"max_shard_size": shard} if shard else {}
    with quiet_transformers():
        model.save_pretrained(output, **more)
        tokenizer.save_pretrained(output)
    merged = replace(
        manifest,
        name=output.name,
        method="full",
        engine={},
        training={**manifest.training, "trained_as": manifest.method, "dtype": dtype},
    )
    (output / "README.md").write_text(model_card(merged), encoding="utf-8")
    merged.save(output)
    return output


def load_trained(reader: Path, *, download: bool = False) -> tuple[Model, Tokenizer]:
    """Load a reader's model in float32, its adapter merged, and its tokenizer.

    Raises:
        ModelUnavailableError: it is no reader, or its base is not at hand.
    """
    if not (reader / "adapter_config.json").is_file():
        return load_model(reader).eval(), load_tokenizer(reader)
    from peft import PeftConfig, PeftModel

    try:
        named = str(PeftConfig.from_pretrained(str(reader)).base_model_name_or_path)
    except (OSError, ValueError) as error:
        raise ModelUnavailableError(f"{reader}: its adapter cannot be read ({error})") from None
    revision = ReaderManifest.load(reader).base_revision
    base = load_model(resolve_model(named, download=download, revision=revision))
    with quiet_transformers():
        merged = PeftModel.from_pretrained(base, str(reader), local_files_only=True).merge_and_unload()
    return keep_untied(merged).eval(), load_tokenizer(reader)
