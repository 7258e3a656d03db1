"""One training run, measured: the plain trainer or ours, on the same rows, for a given time."""

import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from torch.nn.utils.rnn import pad_sequence
from transformers import PrinterCallback, Seq2SeqTrainer, Seq2SeqTrainingArguments, TrainerCallback

from benchmarks.gpu.workload import Shape, fresh_t5, training_flops
from rag_ft.devices import choose_device
from rag_ft.quiet import quiet_transformers
from rag_ft.training.batches import IGNORED, LengthBatches
from rag_ft.training.encoding import FixedRows, Row
from rag_ft.training.loop import run_training
from rag_ft.training.model import add_adapter
from rag_ft.training.progress import TrainingEvent
from rag_ft.training.settings import LoraSettings, TrainingConfig

LORA = LoraSettings(rank=32, alpha=64)
LEARNING_RATE = 1e-3
# Steps before the profiler looks.
WARM_STEPS = 6
_KERNELS = "rag_ft.training.loop.fast_kernels"


@dataclass(frozen=True)
class Measured:
    """A run: `tokens_per_second` is the median of its parts' speeds, padding not counted, warmed up by two.

    `mean_tokens_per_second` is over all parts but those two, `parts` are the tokens and the
    seconds of each, `curve` is (examples seen, loss); the peak is known on a GPU only.
    """

    name: str
    tokens_per_second: float
    mean_tokens_per_second: float
    flops_per_second: float
    peak_gigabytes: float | None
    steps: int
    examples_a_step: float
    seconds: float
    parts: list[tuple[float, float]] = field(default_factory=list)
    curve: list[tuple[float, float]] = field(default_factory=list)


class Enough(Exception):  # noqa: N818  no error: the time is over
    """Ends a run whose time is over."""


def plain(
    name: str,
    shape: Shape,
    rows: FixedRows,
    *,
    batch: int,
    bf16: bool,
    lora: bool,
    seconds: float,
    every: int,
    seed: int = 42,
) -> dict[str, Any]:
    """Measure `Seq2SeqTrainer` as it comes: random batches padded to their longest row."""
    model, device = _model(shape, lora), choose_device()
    seen = [0]

    class Counted(Seq2SeqTrainer):
        def training_step(self, model: Any, inputs: dict[str, torch.Tensor], *rest: Any) -> torch.Tensor:
            seen[0] += int(inputs["attention_mask"].sum() + (inputs["labels"] != IGNORED).sum())
            return super().training_step(model, inputs, *rest)

    meter = _Meter(seconds, lambda: seen[0], batch)

    class Watch(TrainerCallback):
        def on_train_begin(self, *_: Any, **__: Any) -> None:
            meter.start()

        def on_log(self, _: Any, state: Any, control: Any, logs: dict[str, float], **__: Any) -> None:
            if "loss" in logs:
                control.should_training_stop = meter.mark(state.global_step, logs["loss"])

    with tempfile.TemporaryDirectory() as folder, quiet_transformers():
        arguments = Seq2SeqTrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=batch,
            learning_rate=LEARNING_RATE,
            max_steps=1_000_000,
            lr_scheduler_type="constant",
            bf16=bf16,
            use_cpu=device.type == "cpu",
            save_strategy="no",
            logging_steps=every,
            report_to="none",
            disable_tqdm=True,
            remove_unused_columns=False,
            seed=seed,
        )
        trainer = Counted(
            model=model,
            args=arguments,
            train_dataset=list(rows),
            data_collator=pad_to_longest,
            callbacks=[Watch()],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return meter.result(name, shape, rows, lora)


def ours(
    name: str,
    shape: Shape,
    rows: FixedRows,
    *,
    lora: bool,
    seconds: float,
    every: int,
    kernels: bool = True,
    **settings: Any,
) -> dict[str, Any]:
    """Measure `rag_ft.training`'s own loop with some settings; `kernels=False` leaves transformers' in."""
    model, config = _model(shape, lora), _config(rows, every, settings)
    if config.gradient_checkpointing:
        # Renamed in transformers 5.2x.
        enable = (
            getattr(model, "activation_checkpointing_enable", None) or model.gradient_checkpointing_enable
        )
        enable({"use_reentrant": False})
    meter = _Meter(seconds, lambda: 0, _examples_a_step(config, rows))

    def watch(event: TrainingEvent) -> None:
        if event.loss is not None and event.tokens_per_second is not None:
            meter.part(event.step, event.loss, event.tokens_per_second)

    left_in = contextlib.nullcontext() if kernels else mock.patch(_KERNELS, _no_kernels)
    with tempfile.TemporaryDirectory() as folder, left_in:
        meter.start()
        with contextlib.suppress(Enough):
            run_training(model, rows, config, Path(folder), None, progress=watch)
    return meter.result(name, shape, rows, lora)


def profiled(shape: Shape, rows: FixedRows, work: Path, **settings: Any) -> dict[str, Any]:
    """Profile two steps of our own loop, loader and optimiser with them.

    The whole table and a trace for chrome://tracing go to `work`; what is returned is what
    the device spends its time on, and the share of the time in which it has work at all.
    """
    model, config = _model(shape, lora=False), _config(rows, 2, settings)
    on_gpu = choose_device().type == "cuda"
    activities = [torch.profiler.ProfilerActivity.CPU]
    if on_gpu:
        activities.append(torch.profiler.ProfilerActivity.CUDA)
    profiler = torch.profiler.profile(activities=activities)
    started: list[float] = []

    def watch(event: TrainingEvent) -> None:
        if event.step < WARM_STEPS:
            return
        if on_gpu:
            torch.cuda.synchronize()
        if started:
            started.append(time.perf_counter())
            profiler.stop()
            raise Enough
        profiler.start()
        started.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Enough):
        run_training(model, rows, config, Path(folder), None, progress=watch)
    time_of = "self_device_time_total" if on_gpu else "self_cpu_time_total"
    found = sorted(profiler.key_averages(), key=lambda e: -float(getattr(e, time_of)))
    total = sum(float(getattr(e, time_of)) for e in found)
    work.mkdir(parents=True, exist_ok=True)
    (work / "profile.txt").write_text(profiler.key_averages().table(sort_by=time_of, row_limit=60))
    profiler.export_chrome_trace(str(work / "trace.json.gz"))
    return {
        "seconds": started[1] - started[0],
        "device_busy": total / 1e6 / (started[1] - started[0]) if on_gpu else None,
        "operations": [
            {"name": e.key, "share": float(getattr(e, time_of)) / total, "calls": e.count} for e in found[:20]
        ],
    }


def _config(rows: FixedRows, every: int, settings: dict[str, Any]) -> TrainingConfig:
    return TrainingConfig.model_validate(
        {
            "base": "fresh",
            "input_tokens": int(rows.input_lengths.max()),
            "steps": 1_000_000,
            "learning_rate": LEARNING_RATE,
            "schedule": "constant",
            "warmup": 0.0,
            "log_every": every,
            "save_every": None,
            **settings,
        }
    )


@contextlib.contextmanager
def _no_kernels(*_: object) -> Iterator[None]:
    yield


class _Meter:
    """Speeds of the parts of a run between two logged losses; the first two warm it up."""

    def __init__(self, seconds: float, tokens_seen: Callable[[], int], examples_a_step: float) -> None:
        self._seconds, self._seen, self._examples = seconds, tokens_seen, examples_a_step
        self._parts: list[tuple[float, float]] = []
        self._curve: list[tuple[float, float]] = []
        self._steps = 0

    def start(self) -> None:
        if torch.cuda.is_available():
            torch.cuda.reset_peak_memory_stats()
        self._began = self._since = time.perf_counter()
        self._tokens = 0

    def mark(self, step: int, loss: float) -> bool:
        """Take a part's speed by the clock; the loss was read, so the device has caught up."""
        tokens = self._seen()
        self._add(step, loss, tokens - self._tokens)
        self._tokens = tokens
        return self._over()

    def part(self, step: int, loss: float, speed: float) -> None:
        self._add(step, loss, speed * (time.perf_counter() - self._since))
        if self._over():
            raise Enough

    def result(self, name: str, shape: Shape, rows: FixedRows, lora: bool) -> dict[str, Any]:
        warm = self._parts[2:] or self._parts
        speed = statistics.median(tokens / seconds for tokens, seconds in warm)
        tokens = [len(row.input_ids) + len(row.labels) for row in rows]
        flops = [training_flops(shape, len(r.input_ids), len(r.labels), lora=lora) for r in rows]
        measured = Measured(
            name=name,
            tokens_per_second=speed,
            mean_tokens_per_second=sum(tokens for tokens, _ in warm) / sum(seconds for _, seconds in warm),
            flops_per_second=speed * sum(flops) / sum(tokens),
            peak_gigabytes=_peak_gigabytes(),
            steps=self._steps,
            examples_a_step=self._examples,
            seconds=time.perf_counter() - self._began,
            parts=warm,
            curve=self._curve,
        )
        return asdict(measured)

    def _add(self, step: int, loss: float, tokens: float) -> None:
        now = time.perf_counter()
        self._steps = step
        self._parts.append((tokens, now - self._since))
        self._since = now
        self._curve.append((step * self._examples, loss))

    def _over(self) -> bool:
        return len(self._parts) > 4 and time.perf_counter() - self._began > self._seconds


def pad_to_longest(rows: Sequence[Row]) -> dict[str, torch.Tensor]:
    """Pad as `DataCollatorForSeq2Seq` does: to the longest row, targets by -100; the model shifts them."""
    inputs = [torch.from_numpy(row.input_ids).long() for row in rows]
    labels = [torch.from_numpy(row.labels).long() for row in rows]
    return {
        "input_ids": pad_sequence(inputs, batch_first=True),
        "attention_mask": pad_sequence([torch.ones_like(ids) for ids in inputs], batch_first=True),
        "labels": pad_sequence(labels, batch_first=True, padding_value=IGNORED),
    }


def _model(shape: Shape, lora: bool) -> Any:
    model = fresh_t5(shape)
    return add_adapter(model, LORA, shape.name) if lora else model


def _examples_a_step(config: TrainingConfig, rows: FixedRows) -> float:
    batches = LengthBatches(
        rows.input_lengths,
        batch_size=config.batch_size,
        batch_tokens=config.batch_tokens,
        seed=config.seed,
        sort=config.sort_by_length,
    )
    return len(rows) / len(batches) * config.accumulation


def _peak_gigabytes() -> float | None:
    return torch.cuda.max_memory_allocated() / 1e9 if torch.cuda.is_available() else None
