import gzip
import json

import pytest

from rag_ft.errors import ConfigError, DataFormatError, PathNotFoundError
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.training import train_reader
from rag_ft.training.adaptation import adapt_base
from rag_ft.training.model import load_tokenizer
from rag_ft.training.presets import load_config
from rag_ft.training.texts import chunk_tokens, hold_out_texts, load_texts
from tests.tiny import TINY
from tests.training.test_run import config

TEXTS = [f"A bank must keep S${n},000 [1]. The Authority supervises it. " * 12 for n in range(1, 13)]
QUICK = [
    "input_tokens=32",
    "batch_size=4",
    "evaluate_every=null",
    "log_every=1",
    "precision=fp32",
    "dev_share=0.3",
]


def test_adapting_a_base_lowers_the_loss_on_held_out_text(tiny, tmp_path):
    events = []
    settings = load_config("adapt", [*QUICK, f"base={tiny}", "epochs=4", "learning_rate=0.02"])
    report = adapt_base(TEXTS, settings, tmp_path / "base", progress=events.append)
    losses = [event.scores["loss"] for event in events if event.scores]
    assert len(losses) == 4
    assert losses[-1] < losses[0] - 0.3
    assert report.scores == {"loss": min(losses)}
    assert ReaderManifest.load(report.folder).task == "adapt"


def test_fresh_weights_adapted_become_the_base_of_a_reader(tiny, examples, tmp_path):
    fresh = [f"tokenizer={tiny}", "steps=2", f"fresh={TINY.model_dump_json()}"]
    base = adapt_base(TEXTS, load_config("fresh-small", [*QUICK, *fresh]), tmp_path / "base").folder
    assert "it is not Flan-T5" in (base / "README.md").read_text()
    reader = train_reader(examples, config(base, steps=1), tmp_path / "reader").folder
    assert ReaderManifest.load(reader).base == str(base)
    assert ReaderManifest.load(reader).training["pretrained"] is False
    assert "it is not Flan-T5" in (reader / "README.md").read_text()


def test_texts_are_read_from_rows_and_documents(tmp_path, primer):
    rows = tmp_path / "rows.jsonl.gz"
    with gzip.open(rows, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps({"text": text, "n": 1}) + "\n" for text in TEXTS[:2])
    assert list(load_texts([rows])) == TEXTS[:2]
    (tmp_path / "note.txt").write_text("1. A bank must report.", encoding="utf-8")
    assert list(load_texts([tmp_path / "note.txt"])) == ["1. A bank must report."]
    assert len(list(load_texts([primer]))) == len(list(primer.glob("*.md")))


def test_texts_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(PathNotFoundError, match="no such file or folder"):
        list(load_texts([tmp_path / "none"]))
    (tmp_path / "bad.jsonl").write_text('{"text": "A."}\n{"text": 3}\n', encoding="utf-8")
    with pytest.raises(DataFormatError, match=r"bad.jsonl:2: text: expected text, found 3"):
        list(load_texts([tmp_path / "bad.jsonl"]))


def test_chunks_hold_all_text_in_order_but_the_rest(tiny):
    tokenizer = load_tokenizer(tiny)
    chunks = chunk_tokens(TEXTS, tokenizer, 50)
    stream = [t for text in TEXTS for t in tokenizer(text, add_special_tokens=False).input_ids]
    assert chunks.reshape(-1).tolist() == stream[: len(stream) // 50 * 50]
    assert chunk_tokens(["A bank"], tokenizer, 50).shape == (0, 50)


def test_equal_texts_are_held_out_together():
    train, held = hold_out_texts([*TEXTS, *TEXTS], 0.3, seed=1)
    assert sorted(train + held) == sorted([*TEXTS, *TEXTS])
    assert held
    assert not set(train) & set(held)


def test_too_little_text_and_a_wrong_task_are_refused(tiny, tmp_path):
    with pytest.raises(DataFormatError, match="less than one chunk"):
        adapt_base(["A bank."], load_config("adapt", [f"base={tiny}"]), tmp_path / "a")
    with pytest.raises(ConfigError, match="task: reader"):
        adapt_base(TEXTS, load_config("tiny"), tmp_path / "b")
