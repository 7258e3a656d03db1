"""One run: from rows and a model to the weights of its best checkpoint, killed and resumed or not."""

import math
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import (
    PrinterCallback,
    Seq2SeqTrainingArguments,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from rag_ft.devices import choose_device
from rag_ft.errors import TrainingError
from rag_ft.quiet import quiet_transformers
from rag_ft.training.batches import LengthBatches
from rag_ft.training.checkpoints import CheckpointKeeper, last_whole_checkpoint, read_state, restore_weights
from rag_ft.training.device import choose_precision, is_out_of_memory
from rag_ft.training.encoding import Rows
from rag_ft.training.kernels import compiled, fast_kernels
from rag_ft.training.model import Model
from rag_ft.training.progress import EarlyStop, Progress, Reporter, is_patience_spent
from rag_ft.training.settings import TrainingConfig
from rag_ft.training.trainer import Evaluate, RowTrainer

_SCHEDULES = {"constant": "constant_with_warmup"}


@dataclass(frozen=True, slots=True)
class Development:
    """How a run is judged: its scores, and which of them the best checkpoint has the best of."""

    evaluate: Evaluate
    metric: str
    higher_is_better: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run went; the model that was passed in holds the weights of `best_step`.

    `history` is the log, oldest first; see `TrainingReport` for tokens and seconds.
    """

    steps: int
    best_step: int
    stopped_early: bool
    scores: dict[str, float]
    history: list[dict[str, float]]
    tokens: int
    seconds: float
    seconds_total: float
    precision: str


def run_training(
    model: Model,
    rows: Rows,
    config: TrainingConfig,
    folder: Path,
    development: Development | None,
    *,
    resume: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Train a model in place and leave the weights of its best checkpoint in it.

    Args:
        model: A seq2seq model, or a PEFT model over one.
        rows: What it is trained on.
        config: The terms.
        folder: Where checkpoints and the TensorBoard log go.
        development: How it is judged; without it the last weights are the best.
        resume: Whether to go on from the last whole checkpoint, where there is one.
        progress: Called with every loss and every score.

    Raises:
        TrainingError: memory ran out, or the loss is no number any more.
    """
    batches = LengthBatches(
        rows.input_lengths,
        batch_size=config.batch_size,
        batch_tokens=config.batch_tokens,
        seed=config.seed,
        sort=config.sort_by_length,
        processes=int(os.environ.get("WORLD_SIZE", "1")),
        process=int(os.environ.get("RANK", "0")),
    )
    per_epoch = math.ceil(len(batches) / config.accumulation)
    steps = config.steps or math.ceil(config.epochs * per_epoch)
    last = last_whole_checkpoint(folder) if resume else None
    with quiet_transformers(), _matrix_precision():
        every = config.evaluate_every or per_epoch
        arguments = _arguments(config, folder, development, every)
        trainer = RowTrainer(
            model, arguments, config, rows, batches, development.evaluate if development else None
        )
        trainer.remove_callback(PrinterCallback)
        trainer.add_callback(_Epochs(batches))
        if development:
            trainer.add_callback(
                EarlyStop(f"eval_{development.metric}", development.higher_is_better, config.patience)
            )
        trainer.add_callback(CheckpointKeeper(every if development else None, config.save_every))
        reporter = Reporter(progress, folder / "tensorboard", lambda: trainer.tokens_seen)
        trainer.add_callback(reporter)
        started = time.perf_counter()
        if last is not None and _is_over(last, steps, development, config.patience):
            trainer.state = read_state(last)
        else:
            with (
                fast_kernels(model, arguments.device),
                compiled(model, wanted=config.compile),
                closing(reporter),
            ):
                _train(trainer, config, last)
        seconds = time.perf_counter() - started
    state = trainer.state
    best_step = state.best_global_step or state.global_step
    checkpoint = folder / f"checkpoint-{best_step}"
    if checkpoint.is_dir():
        restore_weights(model, checkpoint)
    return Outcome(
        steps=state.global_step,
        best_step=best_step,
        stopped_early=state.global_step < steps,
        scores=_scores_at(state.log_history, best_step),
        history=state.log_history,
        tokens=trainer.tokens_seen * arguments.world_size,
        seconds=seconds - trainer.seconds_aside,
        seconds_total=seconds,
        precision="bf16" if arguments.bf16 else "fp32",
    )


def is_main_process() -> bool:
    """Tell whether this process writes and prints, where torchrun started several."""
    return os.environ.get("RANK", "0") == "0"


class _Epochs(TrainerCallback):
    """Tells the batches which epoch comes: releases of transformers differ in whether they do."""

    def __init__(self, batches: LengthBatches) -> None:
        self._batches = batches

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        self._batches.set_epoch(int(state.epoch or 0))


def _arguments(
    config: TrainingConfig, folder: Path, development: Development | None, every: int
) -> Seq2SeqTrainingArguments:
    device = choose_device()
    arguments = Seq2SeqTrainingArguments(
        output_dir=str(folder),
        num_train_epochs=config.epochs,
        max_steps=config.steps or -1,
        per_device_train_batch_size=config.batch_size or 1,
        gradient_accumulation_steps=config.accumulation,
        learning_rate=config.learning_rate,
        lr_scheduler_type=_SCHEDULES.get(config.schedule, config.schedule),
        warmup_steps=config.warmup,
        weight_decay=config.weight_decay,
        max_grad_norm=config.max_gradient,
        # One kernel for all weights, on CUDA and on the CPU.
        optim="adamw_torch_fused" if device.type in ("cuda", "cpu") else "adamw_torch",
        bf16=choose_precision(config.precision, device) == "bf16",
        use_cpu=device.type == "cpu",
        ddp_backend="gloo" if device.type == "cpu" and "WORLD_SIZE" in os.environ else None,
        # `CheckpointKeeper` says when to evaluate: there is no data set that transformers could.
        eval_strategy="no",
        save_strategy="steps",
        save_steps=every,
        metric_for_best_model=development.metric if development else None,
        greater_is_better=development.higher_is_better if development else None,
        logging_steps=config.log_every,
        logging_first_step=True,
        # The filter hides a loss that is no number, and waits for the device at every batch.
        logging_nan_inf_filter=False,
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        seed=config.seed,
    )
    # Several GPUs are for torchrun; in one process transformers would split every batch among them.
    arguments._n_gpu = min(1, arguments.n_gpu)
    return arguments


def _train(trainer: RowTrainer, config: TrainingConfig, last: Path | None) -> None:
    try:
        trainer.train(resume_from_checkpoint=str(last) if last else None)
        if trainer.args.device.type == "cuda":
            torch.cuda.synchronize()
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise TrainingError(_out_of_memory(config, trainer.state.global_step)) from None


def _out_of_memory(config: TrainingConfig, step: int) -> str:
    lower = [f"{key} (now {value})" for key, value in _levers(config) if value is not None]
    if not config.gradient_checkpointing:
        lower.append("or set gradient_checkpointing=true")
    return f"out of memory at step {step}: lower {', '.join(lower)}; accumulation keeps the size of a step"


def _levers(config: TrainingConfig) -> list[tuple[str, int | None]]:
    batch_size = config.batch_size if (config.batch_size or 0) > 1 else None
    batch_tokens = config.batch_tokens if (config.batch_tokens or 0) > config.input_tokens else None
    return [("batch_tokens", batch_tokens), ("batch_size", batch_size), ("input_tokens", config.input_tokens)]


def _is_over(checkpoint: Path, steps: int, development: Development | None, patience: int | None) -> bool:
    """Tell whether a run ended at a checkpoint and was killed before its folder was written."""
    state = read_state(checkpoint)
    return state.global_step >= steps or (
        development is not None
        and is_patience_spent(
            state.log_history, f"eval_{development.metric}", development.higher_is_better, patience
        )
    )


def _scores_at(history: list[dict[str, float]], step: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for entry in history:
        if entry["step"] == step:
            found |= {k.removeprefix("eval_"): v for k, v in entry.items() if k.startswith("eval_")}
    found.pop("selection", None)
    return found


@contextmanager
def _matrix_precision() -> Iterator[None]:
    """Let the float32 products that autocast leaves use the matrix units, and put things back."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("high")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
