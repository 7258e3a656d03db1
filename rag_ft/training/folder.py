"""A finished run as a folder: plain Hugging Face files, `ragft.json`, a model card, a picture."""

import json
import shutil
from pathlib import Path

from rag_ft.errors import TrainingError, UsageError
from rag_ft.quiet import quiet_transformers
from rag_ft.reader_manifest import FILE_NAME, ReaderManifest
from rag_ft.training.card import model_card
from rag_ft.training.checkpoints import last_whole_checkpoint
from rag_ft.training.curve import draw_curve
from rag_ft.training.model import Base, Model
from rag_ft.training.presets import config_yaml
from rag_ft.training.settings import TrainingConfig

# Below the reader's folder: checkpoints while it trains, its logs ever after.
WORK = "run"


def prepare_folder(folder: Path, *, resume: bool) -> Path:
    """Check that a run may write here and return its work folder.

    Raises:
        UsageError: the folder holds a finished reader, an unfinished run or other files.
    """
    work = folder / WORK
    if (folder / FILE_NAME).is_file():
        raise UsageError(f"{folder}: holds a finished reader: choose another --output, or remove it")
    if last_whole_checkpoint(work) is not None and not resume:
        raise UsageError(f"{folder}: holds an unfinished run: go on with --resume, or remove it")
    strangers = [path.name for path in folder.glob("*") if path.name != WORK] if folder.exists() else []
    if strangers and not resume:
        raise UsageError(f"{folder}: holds other files ({strangers[0]}): choose an empty --output")
    if work.exists() and not resume:
        # Nothing there was finished far enough to go on from.
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    return work


def save_folder(
    folder: Path,
    model: Model,
    base: Base,
    manifest: ReaderManifest,
    config: TrainingConfig,
    history: list[dict[str, float]],
) -> None:
    """Write a finished reader; `ragft.json` comes last and says that the folder is whole.

    Raises:
        TrainingError: the disk is full or cannot be written.
    """
    try:
        with quiet_transformers():
            generation_config(model, manifest.max_new_tokens)
            model.save_pretrained(folder)
            base.tokenizer.save_pretrained(folder)
        if manifest.method == "lora":
            _name_the_base(folder / "adapter_config.json", base)
        (folder / "training.yaml").write_text(config_yaml(config), encoding="utf-8")
        (folder / "history.json").write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")
        draw_curve(history, folder / "curve.png", manifest.name)
        (folder / "README.md").write_text(model_card(manifest), encoding="utf-8")
        manifest.save(folder)
    except OSError as error:
        raise TrainingError(
            f"{folder}: cannot be written ({error}): make room and go on with --resume"
        ) from None
    for checkpoint in (folder / WORK).glob("checkpoint-*"):
        shutil.rmtree(checkpoint, ignore_errors=True)


def _name_the_base(adapter_config: Path, base: Base) -> None:
    """Have an adapter name its base as others can find it: a hub id with its commit, or a whole path."""
    values = json.loads(adapter_config.read_text(encoding="utf-8"))
    from_hub = base.folder is not None and base.folder.parent.name == "snapshots"
    if from_hub:
        values |= {"base_model_name_or_path": base.name, "revision": base.revision}
    elif base.folder is not None:
        values["base_model_name_or_path"] = str(base.folder.resolve())
    adapter_config.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def generation_config(model: Model, max_new_tokens: int) -> None:
    """Have every loader generate whole answers: transformers would stop after 20 tokens."""
    from transformers import GenerationConfig

    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    inner.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        max_new_tokens=max_new_tokens,
        pad_token_id=inner.config.pad_token_id,
        eos_token_id=inner.config.eos_token_id,
        decoder_start_token_id=inner.config.decoder_start_token_id,
    )
