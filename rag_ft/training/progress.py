"""What a run tells while it runs: to a caller's function, to TensorBoard, and when to stop."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from rag_ft.errors import TrainingError


@dataclass(frozen=True, slots=True)
class TrainingEvent:
    """A line of a run: where it stands, and the loss or the development scores.

    `tokens_per_second` counts real tokens, padding not counted, since the last event.
    """

    step: int
    steps: int
    epoch: float
    loss: float | None = None
    learning_rate: float | None = None
    tokens_per_second: float | None = None
    scores: dict[str, float] = field(default_factory=dict)
    note: str = ""


Progress = Callable[[TrainingEvent], None]


class Reporter(TrainerCallback):
    """Passes on losses and scores, and ends a run whose loss is no number any more."""

    def __init__(self, progress: Progress | None, tensorboard: Path, tokens_seen: Callable[[], int]) -> None:
        self._progress, self._folder, self._tokens_seen = progress, tensorboard, tokens_seen
        self._writer: Any = None
        self._since, self._tokens = time.perf_counter(), 0

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Open the TensorBoard log."""
        if state.is_world_process_zero:
            from torch.utils.tensorboard import SummaryWriter

            self._writer = SummaryWriter(str(self._folder))
        self._since, self._tokens = time.perf_counter(), self._tokens_seen()

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, float] | None = None,
        **_: object,
    ) -> None:
        """Pass on what was logged."""
        logs = logs or {}
        loss = logs.get("loss")
        if loss is not None and not math.isfinite(loss):
            raise TrainingError(
                f"the loss is {loss} at step {state.global_step}: lower learning_rate, or set precision=fp32"
            )
        if not state.is_world_process_zero:
            return
        for name, value in logs.items():
            if self._writer is not None and name != "epoch":
                self._writer.add_scalar(name.replace("eval_", "dev/"), value, state.global_step)
        scores = {
            name.removeprefix("eval_"): value for name, value in logs.items() if name.startswith("eval_")
        }
        scores.pop("selection", None)
        if self._progress is None or (loss is None and not scores):
            return
        now, tokens = time.perf_counter(), self._tokens_seen()
        speed = (tokens - self._tokens) / max(now - self._since, 1e-9) * args.world_size
        self._since, self._tokens = now, tokens
        self._progress(
            TrainingEvent(
                step=state.global_step,
                steps=state.max_steps,
                epoch=state.epoch or 0.0,
                loss=loss,
                learning_rate=logs.get("learning_rate"),
                tokens_per_second=speed if loss is not None else None,
                scores=scores,
            )
        )

    def close(self) -> None:
        """Close the TensorBoard log, however the run ended."""
        if self._writer is not None:
            self._writer.close()


class EarlyStop(TrainerCallback):
    """Stops when the score has not risen for `patience` evaluations."""

    def __init__(self, metric: str, higher_is_better: bool, patience: int | None) -> None:
        self._metric, self._higher, self._patience = metric, higher_is_better, patience

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Look at the history, which a resumed run has in full."""
        if is_patience_spent(state.log_history, self._metric, self._higher, self._patience):
            control.should_training_stop = True


def is_patience_spent(
    history: Sequence[Mapping[str, float]], metric: str, higher_is_better: bool, patience: int | None
) -> bool:
    """Tell whether the last `patience` evaluations brought nothing better than those before."""
    if patience is None:
        return False
    values = [entry[metric] if higher_is_better else -entry[metric] for entry in history if metric in entry]
    best = values.index(max(values)) if values else 0
    return len(values) - 1 - best >= patience
