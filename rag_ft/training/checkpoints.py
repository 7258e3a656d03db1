"""Checkpoints that a killed run can trust: a marker written last says which are whole."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from rag_ft.errors import TrainingError
from rag_ft.training.model import Model

_MARKER = "whole.json"
_STATE = "trainer_state.json"


class CheckpointKeeper(TrainerCallback):
    """Marks each checkpoint when it is whole, then drops all but the last and the best.

    transformers writes a checkpoint file by file and drops old ones itself; killed in
    between, it would resume from a torn one. Here a checkpoint counts only with its
    marker, and the marker goes first when it is dropped.
    """

    def __init__(self, evaluate_every: int | None, save_every: int | None) -> None:
        self._evaluate_every, self._save_every = evaluate_every, save_every

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **_: object,
    ) -> None:
        """Ask for evaluations, each with a checkpoint, for checkpoints between, for both at the end."""
        last = state.global_step >= state.max_steps
        if self._evaluate_every and (last or state.global_step % self._evaluate_every == 0):
            control.should_evaluate = control.should_save = True
        if last or (self._save_every and state.global_step % self._save_every == 0):
            control.should_save = True
        control.should_log |= last

    def on_save(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **_: object,
    ) -> None:
        """Mark the checkpoint that was written and drop those no longer needed."""
        if torch.distributed.is_available() and torch.distributed.is_initialized():
            # Every process writes its own random state into the checkpoint.
            torch.distributed.barrier()
        if not args.should_save:
            return
        folder = Path(str(args.output_dir))
        newest = folder / f"checkpoint-{state.global_step}"
        sizes = {
            str(p.relative_to(newest)): p.stat().st_size for p in sorted(newest.rglob("*")) if p.is_file()
        }
        _write_durably(newest / _MARKER, json.dumps(sizes))
        best = f"checkpoint-{state.best_global_step}"
        for old in folder.glob("checkpoint-*"):
            if old.name not in (newest.name, best):
                (old / _MARKER).unlink(missing_ok=True)
                shutil.rmtree(old, ignore_errors=True)


def last_whole_checkpoint(folder: Path) -> Path | None:
    """Return the newest checkpoint that is whole, None where there is none."""
    found = [path for path in folder.glob("checkpoint-*") if _is_whole(path)]
    return max(found, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def read_state(checkpoint: Path) -> TrainerState:
    """Return the trainer's state at a checkpoint: step, history, best score."""
    state: TrainerState = TrainerState.load_from_json(str(checkpoint / _STATE))
    return state


def restore_weights(model: Model, checkpoint: Path) -> None:
    """Put a checkpoint's weights into the model that was trained, or into its adapter."""
    from safetensors.torch import load_file

    if hasattr(model, "peft_config"):
        from peft import set_peft_model_state_dict

        set_peft_model_state_dict(model, load_file(checkpoint / "adapter_model.safetensors"))
        return
    shards = sorted(checkpoint.glob("model*.safetensors"))
    found: set[str] = set()
    for shard in shards:
        weights = load_file(shard)
        found |= weights.keys()
        model.load_state_dict(weights, strict=False)
    if not found:
        raise TrainingError(f"{checkpoint}: holds no weights: start the run again without --resume")


def check_same_run(folder: Path, run: dict[str, Any]) -> None:
    """Check that a run to be resumed is the same run, and write down a new one's terms.

    Raises:
        TrainingError: its data, base or settings are others than now.
    """
    path = folder / "run.json"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _write_durably(path, json.dumps(run, indent=2, sort_keys=True))
        return
    before = json.loads(path.read_text(encoding="utf-8"))
    changed = sorted(key for key in run.keys() | before.keys() if run.get(key) != before.get(key))
    if changed:
        key = changed[0]
        raise TrainingError(
            f"{folder.parent}: cannot be resumed: {', '.join(changed)} changed "
            f"({key}: {before.get(key)!r} then, {run.get(key)!r} now); "
            "give back the old ones, or train into another --output"
        )


def file_sha256(path: Path) -> str:
    """Hash a file without reading it whole."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_whole(checkpoint: Path) -> bool:
    try:
        sizes = json.loads((checkpoint / _MARKER).read_text(encoding="utf-8"))
        return all((checkpoint / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def _write_durably(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)
