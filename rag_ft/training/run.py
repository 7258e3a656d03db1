"""Train a reader on examples: the public call."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from rag_ft.errors import ConfigError, DataFormatError
from rag_ft.example_rows import examples_sha256, write_examples
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.schema import Example
from rag_ft.training.checkpoints import check_same_run, file_sha256
from rag_ft.training.device import device_name
from rag_ft.training.encoding import Rows, encode_examples
from rag_ft.training.folder import WORK, prepare_folder, save_folder
from rag_ft.training.judging import judge_reader
from rag_ft.training.loop import Development, is_main_process, run_training
from rag_ft.training.model import Base, add_adapter, load_base
from rag_ft.training.progress import Progress, TrainingEvent
from rag_ft.training.reports import TrainingReport, library_versions
from rag_ft.training.settings import TrainingConfig
from rag_ft.training.splits import hold_out

logger = logging.getLogger(__name__)

# The examples held out of a run, in its work folder.
DEV = "dev.jsonl"

# Refuses a training set by raising ExamplesRefusedError.
Gate = Callable[[Sequence[Example]], None]


def train_reader(
    examples: Iterable[Example],
    config: TrainingConfig,
    output_dir: str | Path,
    *,
    dev: Iterable[Example] | None = None,
    gate: Gate | None = None,
    resume: bool = False,
    download: bool = False,
    progress: Progress | None = None,
) -> TrainingReport:
    """Fine-tune a reader and write it as a folder that `load_reader` and Hugging Face load.

    Args:
        examples: What it learns from.
        config: The terms; see the presets in `configs/`.
        output_dir: The reader folder, new or of the run to be resumed.
        dev: What it is judged by; without it `config.dev_share` of the examples is held out.
        gate: Looks at the training examples first and refuses bad ones.
        resume: Go on with a run that was killed; it ends with the weights it would have had.
        download: Whether a base that is not at hand may be downloaded.
        progress: Called with every loss and every score.

    Raises:
        ConfigError: the configuration is no reader's, or does not fit the base.
        DataFormatError: an example cannot be trained on.
        ExamplesRefusedError: the gate refused the examples.
        ModelUnavailableError: the base is not at hand.
        TrainingError: memory ran out, the loss is no number, or the run cannot be resumed.
        UsageError: the output folder is in use.
    """
    if config.task != "reader":
        raise ConfigError(
            f"task: {config.task}: `train_reader` trains readers; give a configuration of task reader"
        )
    folder = Path(output_dir)
    train, held = list(examples), None if dev is None else list(dev)
    if gate is not None:
        gate(train)
    if held is None:
        train, held = hold_out(train, config.dev_share, config.dev_limit, config.seed)
    manifest = ReaderManifest(
        name=folder.name,
        base=config.base or "fresh weights",
        method=config.method,
        prompt=config.prompt,
        input_tokens=config.input_tokens,
        max_new_tokens=config.output_tokens,
        seed=config.seed,
        data={"train": examples_sha256(train)} | ({"dev": examples_sha256(held)} if held else {}),
    )
    base = load_base(config, download=download)
    encoded = encode_examples(train, base.tokenizer, manifest)
    if not len(encoded.rows):
        raise DataFormatError(f"none of {len(train)} examples is left to train on: {_why(manifest)}")
    judged = encode_examples(held, base.tokenizer, manifest)
    left_out = encoded.left_out + judged.left_out
    if left_out and progress and is_main_process():
        progress(TrainingEvent(0, 0, 0.0, note=f"{len(left_out)} examples left out: {_why(manifest)}"))
    development = judge_reader(judged, base.tokenizer, manifest) if len(judged.rows) else None
    return train_folder(
        base,
        encoded.rows,
        development,
        manifest,
        config,
        folder,
        counts=(len(encoded.rows), len(judged.rows)),
        held=held,
        left_out=left_out,
        resume=resume,
        progress=progress,
    )


def train_folder(
    base: Base,
    rows: Rows,
    development: Development | None,
    manifest: ReaderManifest,
    config: TrainingConfig,
    folder: Path,
    *,
    counts: tuple[int, int],
    held: Sequence[Example] = (),
    left_out: tuple[str, ...] = (),
    resume: bool = False,
    progress: Progress | None = None,
) -> TrainingReport:
    """Train on rows and write the folder.

    `counts` are the rows of training and development; `held` are the examples that the
    run is judged by, which are kept for whoever checks the reader later.
    """
    work = folder / WORK
    manifest = replace(
        manifest,
        base_revision=base.revision,
        base_sha256=weights_sha256(base.folder),
        versions=library_versions(),
    )
    if is_main_process():
        work = prepare_folder(folder, resume=resume)
        check_same_run(
            work,
            {
                "config": config.model_dump(mode="json"),
                "data": manifest.data,
                "base": [manifest.base, manifest.base_revision, manifest.base_sha256],
            },
        )
        if held:
            write_examples(work / DEV, held)
    model = base.model
    if config.lora is not None:
        torch.manual_seed(config.seed)
        model = add_adapter(model, config.lora, str(base.folder))
    if config.gradient_checkpointing:
        _checkpoint_activations(model)
    outcome = run_training(model, rows, config, work, development, resume=resume, progress=progress)
    report = TrainingReport(
        folder=folder,
        steps=outcome.steps,
        best_step=outcome.best_step,
        stopped_early=outcome.stopped_early,
        scores=outcome.scores,
        examples=counts[0],
        dev_examples=counts[1],
        left_out=left_out,
        trainable_parameters=sum(p.numel() for p in model.parameters() if p.requires_grad),
        parameters=sum(p.numel() for p in model.parameters()),
        tokens=outcome.tokens,
        seconds=outcome.seconds,
        seconds_total=outcome.seconds_total,
        device=device_name(),
        precision=outcome.precision,
    )
    if is_main_process():
        manifest = replace(manifest, scores=outcome.scores, training=_account(report, base))
        save_folder(folder, model, base, manifest, config, outcome.history)
    return report


def weights_sha256(folder: Path | None) -> str | None:
    """Hash the weights of a model folder, None for fresh ones; shards in the order of their names."""
    if folder is None:
        return None
    shards = sorted(folder.glob("*.safetensors"))
    hashes = [file_sha256(shard) for shard in shards]
    return hashes[0] if len(hashes) == 1 else "+".join(hashes) or None


def _account(report: TrainingReport, base: Base) -> dict[str, object]:
    return {
        "examples": report.examples,
        "dev_examples": report.dev_examples,
        "left_out": len(report.left_out),
        "steps": report.steps,
        "best_step": report.best_step,
        "stopped_early": report.stopped_early,
        "trainable_parameters": report.trainable_parameters,
        "parameters": report.parameters,
        "device": report.device,
        "precision": report.precision,
        "seconds": round(report.seconds, 1),
        "tokens_per_second": round(report.tokens_per_second, 1),
        "pretrained": base.pretrained,
    }


def _checkpoint_activations(model: object) -> None:
    # Renamed in transformers 5.2x; under an adapter the inputs must carry gradients (huggingface/peft#137).
    enable = getattr(model, "activation_checkpointing_enable", None) or model.gradient_checkpointing_enable  # type: ignore[attr-defined]
    enable({"use_reentrant": False})
    if hasattr(model, "enable_input_require_grads"):
        model.enable_input_require_grads()


def _why(manifest: ReaderManifest) -> str:
    if manifest.prompt == "closed-book":
        return "a closed-book reader learns no abstentions"
    return f"a passage that they cite does not fit into input_tokens {manifest.input_tokens}"
