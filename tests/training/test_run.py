"""Whole runs of tiny models: learned, judged, saved, loaded, resumed."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from rag_ft.reader_manifest import ReaderManifest
from rag_ft.schema import Example
from rag_ft.training import TrainingConfig, TrainingEvent, train_reader
from rag_ft.training.presets import load_config, preset_names

QUICK = {"precision": "fp32", "input_tokens": 256, "output_tokens": 48, "batch_size": 4, "dev_share": 0.25}


def config(base: Path, **changes: object) -> TrainingConfig:
    return TrainingConfig.model_validate({**QUICK, "base": str(base), "epochs": 2, **changes})


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(next(folder.glob("*model.safetensors")))


def assert_same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> None:
    assert left.keys() == right.keys()
    assert [name for name in left if not torch.equal(left[name], right[name])] == []


def test_run_writes_a_plain_folder_that_says_what_it_is(
    tiny: Path, examples: list[Example], tmp_path: Path
) -> None:
    events: list[TrainingEvent] = []
    report = train_reader(examples, config(tiny, log_every=1), tmp_path / "reader", progress=events.append)
    folder = report.folder
    manifest = ReaderManifest.load(folder)
    assert (report.examples, report.dev_examples, report.steps) == (12, 4, 6)
    assert manifest.input_tokens == 256
    assert manifest.max_new_tokens == 48
    assert manifest.scores.keys() == {"loss", "score", "token_f1", "citation_f1", "abstention"}
    assert manifest.training["tokens_per_second"] > 0
    assert manifest.data.keys() == {"train", "dev"}
    assert json.loads((folder / "config.json").read_text())["tie_word_embeddings"] is False
    assert AutoModelForSeq2SeqLM.from_pretrained(folder).generation_config.max_new_tokens == 48
    assert AutoTokenizer.from_pretrained(folder)("S$20,000 [1]").input_ids
    assert (folder / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert "SHA-256 of train: " + manifest.data["train"] in (folder / "README.md").read_text()
    assert TrainingConfig.from_yaml(folder / "training.yaml") == config(tiny, log_every=1)
    assert list((folder / "run").glob("checkpoint-*")) == []
    assert any((folder / "run" / "tensorboard").iterdir())
    assert [event.step for event in events if event.loss is not None] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("preset", preset_names())
def test_every_preset_runs_two_steps(
    preset: str, tiny: Path, examples: list[Example], tmp_path: Path
) -> None:
    chosen = load_config(preset, ["steps=2", f"base={tiny}", "fresh=null", "dev_limit=2"])
    if chosen.task == "adapt":
        pytest.skip("adapted in test_adapt.py")
    report = train_reader(examples, chosen, tmp_path / "reader")
    assert report.steps == 2
    assert ReaderManifest.load(report.folder).method == chosen.method
