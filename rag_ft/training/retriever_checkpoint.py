"""Where a retriever's run stands, on disk: weights, moments of the optimizer, scores; whole or not at all."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from rag_ft.errors import TrainingError
from rag_ft.retriever_rows import RetrieverRow
from rag_ft.training.retriever_settings import RetrieverConfig

_STATE = "state.json"
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is: steps done in all, and the score of the base and of each epoch that ended."""

    step: int
    scores: tuple[float, ...]


class Checkpoint:
    """The checkpoint of one run; a run of other rows or another configuration cannot take it up."""

    def __init__(self, folder: Path, config: RetrieverConfig, rows: Sequence[RetrieverRow]) -> None:
        self._folder = folder
        content = json.dumps([asdict(row) for row in rows]).encode()
        self._run = {
            "config": config.model_dump(mode="json"),
            "rows": hashlib.sha256(content).hexdigest(),
        }

    def save(
        self,
        standing: Standing,
        trained: Mapping[str, torch.nn.Parameter],
        optimizer: torch.optim.Optimizer,
    ) -> None:
        """Write it beside the last one, then put it in its place."""
        fresh = self._folder.with_name(f"{self._folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        save_file({name: p.detach().contiguous() for name, p in trained.items()}, fresh / "weights")
        moments = {
            f"{name}/{key}": value.contiguous()
            for name, p in trained.items()
            for key, value in optimizer.state[p].items()
        }
        save_file(moments, fresh / "moments")
        state = {**self._run, **asdict(standing)}
        (fresh / _STATE).write_text(json.dumps(state), encoding="utf-8")
        shutil.rmtree(self._folder, ignore_errors=True)
        fresh.rename(self._folder)

    def restore(
        self, trained: Mapping[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer
    ) -> Standing:
        """Put weights and moments back and say where the run stands.

        Raises:
            TrainingError: there is nothing to resume, or it is another run.
        """
        run = self._folder.parent
        if not (self._folder / _STATE).is_file():
            raise TrainingError(f"{run} holds no run to resume: leave --resume out")
        state = json.loads((self._folder / _STATE).read_text(encoding="utf-8"))
        for what, words in (("config", "another configuration"), ("rows", "other rows")):
            if state[what] != self._run[what]:
                raise TrainingError(f"{run} was begun with {words}: leave --resume out")
        weights, moments = load_file(self._folder / "weights"), load_file(self._folder / "moments")
        with torch.no_grad():
            for name, parameter in trained.items():
                parameter.copy_(weights[name])
                kept = {key: moments.get(f"{name}/{key}") for key in _MOMENTS}
                # A weight that no loss reaches (BERT's pooler) has no moments.
                if kept["step"] is not None:
                    optimizer.state[parameter] = kept
        return Standing(state["step"], tuple(state["scores"]))

    def remove(self) -> None:
        """Drop it: the run has ended."""
        shutil.rmtree(self._folder, ignore_errors=True)
