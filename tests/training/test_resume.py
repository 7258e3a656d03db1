"""A killed run, resumed, ends with the weights that it would have had."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from rag_ft.errors import TrainingError, UsageError
from rag_ft.example_rows import write_examples
from rag_ft.training import train_reader
from rag_ft.training.checkpoints import last_whole_checkpoint
from tests.training.test_run import config

ROOT = Path(__file__).resolve().parents[2]
LORA = {"lora": {"rank": 4, "alpha": 8, "dropout": 0.1}}
# Dropout draws random numbers at every step; six steps in two epochs, an evaluation after each second.
TERMS = {"dropout": 0.1, "accumulation": 1, "evaluate_every": 2, "log_every": 1, "learning_rate": 5e-3}


class KilledError(Exception):
    """Stands for a kill, at a step that the test chooses."""


def weights(folder: Path) -> dict[str, torch.Tensor]:
    [file] = folder.glob("*model.safetensors")
    return load_file(file)


def assert_same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> None:
    assert left.keys() == right.keys()
    assert [name for name in left if not torch.equal(left[name], right[name])] == []


def killer(step: int):
    def kill(event):
        if event.step == step and event.loss is not None:
            raise KilledError

    return kill


@pytest.fixture(scope="module", params=[{}, pytest.param(LORA, marks=pytest.mark.slow)], ids=["full", "lora"])
def whole(request, tiny, examples, tmp_path_factory):
    settings = config(tiny, **TERMS, **request.param)
    return settings, train_reader(examples, settings, tmp_path_factory.mktemp("whole") / "reader")


@pytest.mark.parametrize("step", [1, 3, pytest.param(4, marks=pytest.mark.slow), 6])
def test_resumed_at_any_step_the_weights_are_the_same(whole, examples, tmp_path, step):
    settings, report = whole
    with pytest.raises(KilledError):
        train_reader(examples, settings, tmp_path / "reader", progress=killer(step))
    if step > 2:
        with pytest.raises(UsageError, match=r"holds an unfinished run: go on with --resume"):
            train_reader(examples, settings, tmp_path / "reader")
    resumed = train_reader(examples, settings, tmp_path / "reader", resume=True)
    assert (resumed.steps, resumed.best_step) == (report.steps, report.best_step)
    assert resumed.scores == report.scores
    assert_same(weights(resumed.folder), weights(report.folder))


def test_a_torn_checkpoint_is_passed_over(whole, examples, tmp_path):
    settings, report = whole
    with pytest.raises(KilledError):
        train_reader(examples, settings, tmp_path / "reader", progress=killer(5))
    work = tmp_path / "reader" / "run"
    assert last_whole_checkpoint(work).name == "checkpoint-4"
    with next((work / "checkpoint-4").glob("*model.safetensors")).open("r+b") as file:
        file.truncate(10)
    assert last_whole_checkpoint(work) != work / "checkpoint-4"
    resumed = train_reader(examples, settings, tmp_path / "reader", resume=True)
    assert_same(weights(resumed.folder), weights(report.folder))


def test_killed_after_the_last_step_nothing_more_is_trained(tiny, examples, tmp_path, monkeypatch):
    settings = config(tiny, **TERMS, steps=5)
    whole = train_reader(examples, settings, tmp_path / "whole")

    def kill(*_, **__):
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr("rag_ft.training.run.save_folder", kill)
        with pytest.raises(KilledError):
            train_reader(examples, settings, tmp_path / "reader")
    resumed = train_reader(examples, settings, tmp_path / "reader", resume=True)
    assert (resumed.steps, resumed.tokens) == (5, 0)
    assert_same(weights(resumed.folder), weights(whole.folder))


def test_another_run_is_not_resumed(tiny, examples, tmp_path):
    with pytest.raises(KilledError):
        train_reader(examples, config(tiny, **TERMS), tmp_path / "reader", progress=killer(5))
    with pytest.raises(TrainingError, match="cannot be resumed: data changed"):
        train_reader(examples[:12], config(tiny, **TERMS), tmp_path / "reader", resume=True)
    with pytest.raises(TrainingError, match="cannot be resumed: config changed"):
        train_reader(examples, config(tiny, **TERMS, epochs=3), tmp_path / "reader", resume=True)


@pytest.mark.slow
def test_killed_by_the_kernel_and_resumed_on_the_command_line(tiny, examples, tmp_path):
    write_examples(tmp_path / "examples.jsonl", examples)
    command = [sys.executable, "-m", "rag_ft.cli", "train", "tiny", "--base", str(tiny), "--offline"]
    command += ["--examples", str(tmp_path / "examples.jsonl")]
    for key, value in (*TERMS.items(), ("epochs", 3), ("save_every", 1)):
        command += ["--set", f"{key}={value}"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}

    def run(folder: Path, *more: str) -> subprocess.Popen:
        return subprocess.Popen(
            [*command, "-o", str(folder), *more], cwd=ROOT, env=environment, text=True, stderr=subprocess.PIPE
        )

    assert run(tmp_path / "whole").wait() == 0
    for step in (2, 5, 9):
        folder = tmp_path / f"killed-{step}"
        with run(folder) as running:
            for line in running.stderr:
                if line.startswith(f"step {step}/"):
                    os.kill(running.pid, signal.SIGKILL)
                    break
            assert running.wait() == -signal.SIGKILL
        assert not (folder / "ragft.json").exists()
        assert run(folder, "--resume").wait() == 0
        assert_same(weights(folder), weights(tmp_path / "whole"))
