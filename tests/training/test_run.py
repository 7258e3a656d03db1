"""Whole runs of tiny models: learned, judged, saved, loaded."""

import json
import shutil
import socket

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from rag_ft.errors import ConfigError, DataFormatError, ExamplesRefusedError, TrainingError, UsageError
from rag_ft.example_rows import load_examples
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.training import TrainingConfig, TrainingEvent, train_reader
from rag_ft.training.encoding import encode_examples
from rag_ft.training.export import load_trained
from rag_ft.training.presets import load_config, preset_names
from rag_ft.training.scoring import generate_answers
from rag_ft.training.settings import FreshModel
from tests.tiny import WORDS, build_tiny_t5
from tests.training.conftest import words_of

QUICK = {"precision": "fp32", "input_tokens": 256, "output_tokens": 48, "batch_size": 4, "dev_share": 0.25}


def config(base, **changes) -> TrainingConfig:
    return TrainingConfig.model_validate({**QUICK, "base": str(base), "epochs": 2, **changes})


def test_a_run_writes_a_plain_folder_that_says_what_it_is(tiny, examples, tmp_path):
    events: list[TrainingEvent] = []
    settings = config(tiny, log_every=1)
    report = train_reader(examples, settings, tmp_path / "reader", progress=events.append)
    folder, manifest = report.folder, ReaderManifest.load(report.folder)
    assert (report.examples, report.dev_examples, report.steps, report.stopped_early) == (12, 4, 6, False)
    assert (manifest.input_tokens, manifest.max_new_tokens, manifest.prompt) == (256, 48, "grounded")
    assert manifest.scores.keys() == {"loss", "score", "token_f1", "citation_f1", "abstention"}
    assert manifest.scores == report.scores
    assert manifest.training["tokens_per_second"] > 0
    assert manifest.data.keys() == {"train", "dev"}
    assert manifest.versions["torch"] == torch.__version__
    assert json.loads((folder / "config.json").read_text())["tie_word_embeddings"] is False
    assert AutoModelForSeq2SeqLM.from_pretrained(folder).generation_config.max_new_tokens == 48
    assert AutoTokenizer.from_pretrained(folder).decode(
        AutoTokenizer.from_pretrained(folder)("S$20,000 [1]").input_ids, skip_special_tokens=True
    ) == ("S$20,000 [1]")
    assert (folder / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert f"SHA-256 of train: {manifest.data['train']}" in (folder / "README.md").read_text()
    assert TrainingConfig.from_yaml(folder / "training.yaml") == settings
    assert len(list(load_examples(folder / "run" / "dev.jsonl"))) == 4
    assert list((folder / "run").glob("checkpoint-*")) == []
    assert any((folder / "run" / "tensorboard").iterdir())
    assert [event.step for event in events if event.loss is not None] == [1, 2, 3, 4, 5, 6]
    assert [event.step for event in events if event.scores] == [3, 6]


@pytest.mark.parametrize("preset", [name for name in preset_names() if load_config(name).task == "reader"])
def test_every_preset_runs_two_steps(preset, tiny, examples, tmp_path):
    chosen = load_config(
        preset,
        [
            *("steps=2", f"base={tiny}", "fresh=null", "dev_limit=2", "output_tokens=48", "input_tokens=256"),
        ],
    )
    report = train_reader(examples, chosen, tmp_path / "reader")
    assert report.steps == 2
    assert ReaderManifest.load(report.folder).method == chosen.method
    assert ReaderManifest.load(report.folder).prompt == chosen.prompt


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"learning_rate": 1e-2, "steps": 90},
        {"learning_rate": 5e-3, "steps": 150, "lora": {"rank": 64, "alpha": 128, "dropout": 0.0}},
    ],
    ids=["full", "lora"],
)
def test_sixteen_examples_are_learned_to_exact_match(changes, examples, tmp_path):
    shape = FreshModel(d_model=64, d_kv=16, d_ff=128, layers=2, heads=4)
    base = build_tiny_t5(tmp_path / "base", [*WORDS, *words_of(examples)], shape=shape)
    settings = config(base, batch_size=16, evaluate_every=1000, patience=None, **changes)
    report = train_reader(examples, settings, tmp_path / "reader", dev=examples)
    model, tokenizer = load_trained(report.folder)
    encoded = encode_examples(examples, tokenizer, ReaderManifest.load(report.folder))
    assert generate_answers(model, tokenizer, encoded.rows, 48) == [e.target for e in examples]
    assert report.scores["score"] == 1.0


def test_the_best_checkpoint_is_kept_and_a_run_without_gain_stops(tiny, examples, tmp_path):
    # So small a rate changes no float32 weight: nothing after the first evaluation is better.
    terms = {"learning_rate": 1e-30, "evaluate_every": 1, "patience": 2, "warmup": 0.0}
    report = train_reader(examples, config(tiny, **terms), tmp_path / "reader", dev=examples[:2])
    assert (report.steps, report.best_step, report.stopped_early) == (3, 1, True)


def test_accumulated_steps_weigh_every_token_alike(tiny, examples, tmp_path):
    """Two batches of two and one of four make the same step: T5's own loss would not."""
    weights = []
    for n, changes in enumerate(({"batch_size": 4}, {"batch_size": 2, "accumulation": 2})):
        settings = config(tiny, steps=1, warmup=0.0, sort_by_length=True, dev_share=0.0, **changes)
        report = train_reader(examples[:4], settings, tmp_path / str(n))
        weights.append(AutoModelForSeq2SeqLM.from_pretrained(report.folder).state_dict())
    before = AutoModelForSeq2SeqLM.from_pretrained(tiny).state_dict()
    for name, weight in weights[0].items():
        # Adam's first step divides a gradient by itself: where that is all but 0, its sign is noise.
        assert (weight - weights[1][name]).norm() <= 1e-2 * (weight - before[name]).norm() + 1e-7, name


def test_gradient_checkpointing_changes_no_weight(tiny, examples, tmp_path):
    adapters = []
    for flag in (False, True):
        lora = {"rank": 2, "alpha": 4, "dropout": 0.0}
        settings = config(tiny, steps=2, warmup=0.0, dev_share=0.0, gradient_checkpointing=flag, lora=lora)
        folder = train_reader(examples, settings, tmp_path / str(flag)).folder
        adapters.append(load_file(folder / "adapter_model.safetensors"))
    for name, weight in adapters[0].items():
        assert torch.allclose(weight, adapters[1][name], atol=1e-6), name


def test_the_gate_sees_the_examples_and_its_refusal_stands(tiny, examples, tmp_path):
    def gate(rows):
        raise ExamplesRefusedError(f"{len(rows)} rows refused")

    with pytest.raises(ExamplesRefusedError, match="16 rows refused"):
        train_reader(examples, config(tiny), tmp_path / "reader", gate=gate)
    assert not (tmp_path / "reader").exists()


def test_nothing_is_overwritten(tiny, examples, tmp_path):
    done = train_reader(examples, config(tiny, steps=1), tmp_path / "reader")
    with pytest.raises(UsageError, match="holds a finished reader"):
        train_reader(examples, config(tiny, steps=1), done.folder)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").touch()
    with pytest.raises(UsageError, match=r"holds other files \(mine.txt\)"):
        train_reader(examples, config(tiny, steps=1), tmp_path / "notes")


def test_wrong_calls_are_one_line(tiny, examples, tmp_path):
    with pytest.raises(ConfigError, match="task: adapt"):
        train_reader(examples, load_config("adapt"), tmp_path / "a")
    refusals = [e for e in examples if e.abstain]
    with pytest.raises(DataFormatError, match="none of 4 examples is left"):
        train_reader(refusals, config(tiny, prompt="closed-book", dev_share=0.0), tmp_path / "b")


def test_out_of_memory_says_what_to_lower(tiny, examples, tmp_path, monkeypatch):
    from rag_ft.training.trainer import RowTrainer

    def exhausted(*_, **__):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(RowTrainer, "compute_loss", exhausted)
    with pytest.raises(TrainingError) as error:
        train_reader(examples, config(tiny), tmp_path / "reader")
    assert str(error.value) == (
        "out of memory at step 0: lower batch_size (now 4), input_tokens (now 256), "
        "or set gradient_checkpointing=true; accumulation keeps the size of a step"
    )


def test_a_loss_that_is_no_number_ends_the_run(tiny, examples, tmp_path):
    settings = config(tiny, learning_rate=1e30, warmup=0.0, log_every=1, max_gradient=0)
    with pytest.raises(TrainingError, match="the loss is nan at step"):
        train_reader(examples, settings, tmp_path / "reader")


@pytest.mark.parametrize("lora", [None, {"rank": 2, "alpha": 4}], ids=["full", "lora"])
def test_training_on_a_cached_base_opens_no_socket(lora, tiny, examples, tmp_path, monkeypatch):
    """A hub id in the cache: peft would ask the hub for its configuration at every saving."""
    snapshot = tmp_path / "snapshots" / "0123abc"
    shutil.copytree(tiny, snapshot)
    monkeypatch.setattr("rag_ft.training.model.resolve_model", lambda *_, **__: snapshot)
    calls: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **_: calls.append(a))
    monkeypatch.setattr(socket.socket, "connect", lambda *a: calls.append(a))
    settings = config("google/flan-t5-small", steps=1, lora=lora)
    folder = train_reader(examples, settings, tmp_path / "reader").folder
    assert calls == []
    manifest = ReaderManifest.load(folder)
    assert (manifest.base, manifest.base_revision) == ("google/flan-t5-small", "0123abc")
    if lora:
        named = json.loads((folder / "adapter_config.json").read_text())
        assert (named["base_model_name_or_path"], named["revision"]) == ("google/flan-t5-small", "0123abc")
    assert "base_model: google/flan-t5-small" in (folder / "README.md").read_text()
