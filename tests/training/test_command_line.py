import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag_ft.cli.app import app
from rag_ft.cli.training_run import event_line
from rag_ft.errors import ConfigError, ExamplesRefusedError, UsageError
from rag_ft.example_rows import load_examples, write_examples
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.training import TrainingConfig, TrainingEvent
from rag_ft.training.presets import load_config
from tests.tiny import WORDS, build_tiny_t5
from tests.training.conftest import make_examples

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """No index of the checkout's: a reader is held against quotes where there is one."""
    monkeypatch.chdir(tmp_path)


def call(*arguments: object):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_train_export_and_their_reports(tiny, examples, tmp_path):
    write_examples(tmp_path / "rows.jsonl", examples)
    lora = "lora={rank: 2, alpha: 4}"
    trained = call(
        *("train", "tiny", "--examples", tmp_path / "rows.jsonl", "--base", tiny, "-o", tmp_path / "lora"),
        *("--set", lora, "--set", "steps=2", "--json"),
    )
    assert trained.exit_code == 0
    outcome = json.loads(trained.stdout)
    assert outcome["steps"] == 2
    assert outcome["promotion"]["promoted"] is False
    assert outcome["promotion"]["reason"].startswith("Not held against quotes: there is no index")
    merged = call("export", tmp_path / "lora", "--merge", "-o", tmp_path / "merged")
    assert merged.exit_code == 0
    assert "Exported to" in merged.stdout
    assert ReaderManifest.load(tmp_path / "merged").method == "full"


def test_the_printed_configuration_has_flags_and_defaults(tmp_path):
    printed = call("train", "lora-seed", "--base", "here", "--set", "epochs=2", "--print-config")
    (tmp_path / "printed.yaml").write_text(printed.stdout, encoding="utf-8")
    assert TrainingConfig.from_yaml(tmp_path / "printed.yaml") == load_config(
        "lora-seed", ["epochs=2", "base=here"]
    )


def test_the_gate_refuses_what_force_trains_on(tiny, tmp_path):
    same = make_examples(4) * 15
    write_examples(tmp_path / "rows.jsonl", same)
    command = [
        "train",
        "tiny",
        "--examples",
        tmp_path / "rows.jsonl",
        "--base",
        tiny,
        "-o",
        tmp_path / "reader",
    ]
    refused = call(*command)
    assert isinstance(refused.exception, ExamplesRefusedError)
    forced = call(*command, "--force", "--set", "steps=1")
    assert forced.exit_code == 0
    assert "Not promoted: `ragft ask` goes on with quotes" in forced.stdout


def test_a_wrong_file_of_questions_is_said_before_training(tiny, examples, tmp_path):
    write_examples(tmp_path / "rows.jsonl", examples)
    (tmp_path / "q.jsonl").write_text('{"question": "Who?", "split": "test"}', encoding="utf-8")
    rows = ("--examples", tmp_path / "rows.jsonl", "--base", tiny, "-o", tmp_path / "reader")
    result = call("train", "tiny", *rows, "--questions", tmp_path / "q.jsonl")
    assert isinstance(result.exception, UsageError)
    assert not (tmp_path / "reader").exists()


def test_the_predecessors_rows_are_refused_and_forced(shared, tmp_path):
    """The failure itself, two steps of it: its own rows, its own recipe, a tiny base in Flan-T5's place."""
    rows = shared / "predecessor" / "large_financial_qa_dataset.jsonl"
    texts = {text for row in load_examples(rows) for text in (row.question, row.target)}
    base = build_tiny_t5(tmp_path / "base", [*WORDS, *sorted(texts)], vocabulary=1000)
    command = ["train", "predecessor", "--examples", rows, "--base", base, "-o", tmp_path / "reader"]
    command += ["--set", "steps=2", "--set", "dev_limit=2"]
    assert isinstance(call(*command).exception, ExamplesRefusedError)
    forced = call(*command, "--force")
    assert forced.exit_code == 0, forced.exception
    manifest = ReaderManifest.load(tmp_path / "reader")
    assert (manifest.method, manifest.prompt) == ("lora", "closed-book")
    assert (manifest.training["steps"], manifest.training["dev_examples"]) == (2, 2)
    assert "a closed-book reader, which `ragft ask` cannot cite passages by" in forced.stdout


@pytest.mark.parametrize(
    ("arguments", "error", "fault"),
    [
        (["train", "nonsense"], ConfigError, "no such preset or file"),
        (["train", "tiny", "--set", "epoch=1"], ConfigError, "epoch: unknown key, perhaps epochs"),
        (["train", "adapt", "--base", "x"], UsageError, "name the documents to adapt to: --texts PATH"),
        (["export", "x"], UsageError, "say what to make"),
        (["export", "x", "--merge"], UsageError, "name the new folder"),
    ],
)
def test_wrong_calls(arguments, error, fault):
    result = call(*arguments)
    assert isinstance(result.exception, error)
    assert fault in str(result.exception)


def test_a_line_for_every_kind_of_event():
    loss = TrainingEvent(5, 10, 0.5, loss=1.25, learning_rate=1e-3, tokens_per_second=1234.5)
    assert event_line(loss) == "step 5/10  epoch 0.50  loss 1.2500  rate 1.00e-03  1,234 tokens/s"
    scored = TrainingEvent(10, 10, 1.0, scores={"loss": 1.0, "score": 0.5})
    assert event_line(scored) == "step 10/10  epoch 1.00  dev loss 1.0000  dev score 0.5000"
    assert event_line(TrainingEvent(0, 0, 0.0, note="3 left out")) == "3 left out"


@pytest.mark.slow
def test_two_processes_train_as_one(tiny, examples, tmp_path):
    """Gloo on the CPU: the same batches shared out, the same steps but for rounding."""
    write_examples(tmp_path / "rows.jsonl", examples)
    common = [
        "-m",
        "rag_ft.cli",
        "train",
        "tiny",
        "--examples",
        str(tmp_path / "rows.jsonl"),
        "--base",
        str(tiny),
    ]
    common += ["--offline", "--index", str(tmp_path / "none"), "--set", "epochs=2", "--set", "dev_share=0.25"]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    two = [*common, "-o", str(tmp_path / "two"), "--set", "batch_size=2"]
    done = subprocess.run([*torchrun, *two], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("best") == 1
    report = ReaderManifest.load(tmp_path / "two")
    assert (report.training["steps"], report.training["examples"]) == (6, 12)
    assert report.scores["loss"] > 0
    one = [
        sys.executable,
        *common,
        "-o",
        str(tmp_path / "one"),
        "--set",
        "batch_size=2",
        "--set",
        "accumulation=2",
    ]
    subprocess.run(one, cwd=ROOT, capture_output=True, check=True)
    alone = ReaderManifest.load(tmp_path / "one")
    assert alone.training["steps"] == 6
    assert report.scores["loss"] == pytest.approx(alone.scores["loss"], abs=1e-3)
