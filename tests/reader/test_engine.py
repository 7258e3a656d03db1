"""Which engine reads: the folder's own where it is sound and there is no GPU, else torch."""

import json
import shutil
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from rag_ft.pipeline import Pipeline
from rag_ft.reader import load_reader
from rag_ft.reader.engine import FOLDER, engine_sha256
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.retrieval.passage_index import PassageIndex
from tests.pipeline.conftest import even_score, index  # noqa: F401
from tests.reader.test_seq2seq import PASSAGES, TEXTS
from tests.tiny import WORDS, build_tiny_t5

pytestmark = pytest.mark.skipif(find_spec("ctranslate2") is None, reason="ctranslate2 is not installed")

QUESTION = "What must a bank keep?"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader with an engine, as `ragft export --engine` leaves it."""
    from rag_ft.training.engine import convert

    folder = build_tiny_t5(tmp_path_factory.mktemp("engine") / "reader", [*WORDS, *TEXTS])
    manifest = ReaderManifest("tiny", "tiny", max_new_tokens=8)
    manifest.save(folder)
    convert(folder, folder / FOLDER)
    engine = {"kind": "ctranslate2", "sha256": engine_sha256(folder / FOLDER)}
    replace(manifest, engine=engine).save(folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("rag_ft.reader.seq2seq.may_have_gpu", lambda: False)
    return Path(shutil.copytree(made, tmp_path / "reader"))


def test_a_sound_engine_reads(folder: Path):
    reader = load_reader(folder)
    assert (reader.engine, reader.notes) == ("ctranslate2 int8", ())
    three = reader.propose(QUESTION, PASSAGES, 3)
    assert [c.score for c in three] == sorted((c.score for c in three), reverse=True)
    assert reader.propose_many([(QUESTION, PASSAGES), ("Who?", PASSAGES[:1])], 3)[0] == three


def test_the_engine_says_what_torch_says(folder: Path):
    by_engine = load_reader(folder).propose(QUESTION, PASSAGES, 1)[0]
    shutil.rmtree(folder / FOLDER)
    reader = load_reader(folder)
    by_torch = reader.propose(QUESTION, PASSAGES, 1)[0]
    assert (reader.engine, reader.notes) == ("torch float32 on cpu", ())
    assert by_engine.score == pytest.approx(by_torch.score, abs=0.2)


def test_a_suppressed_name_is_not_said_by_the_engine(folder: Path):
    reader = load_reader(folder)
    first = next(c.text for c in reader.propose(QUESTION, PASSAGES, 4) if c.text)
    again = reader.propose(QUESTION, PASSAGES, 4, suppress=[first])
    assert all(first not in candidate.text for candidate in again)


def test_the_answer_says_which_engine_read(folder: Path, index: PassageIndex):  # noqa: F811
    answer = Pipeline(index, load_reader(folder), score=even_score()).ask("How long are customer files kept?")
    assert answer.engine == "ctranslate2 int8"
    quoted = Pipeline(index, score=even_score()).ask("How long are customer files kept?")
    assert quoted.engine == ""


def test_an_engine_whose_files_changed_is_passed_over(folder: Path, index: PassageIndex):  # noqa: F811
    config = folder / FOLDER / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "more": 1}), encoding="utf-8")
    reader = load_reader(folder)
    assert reader.engine == "torch float32 on cpu"
    [note] = reader.notes
    assert "not the engine that was checked against torch" in note
    assert f"ragft export {folder} --engine" in note
    answer = Pipeline(index, reader, score=even_score()).ask("How long are customer files kept?")
    assert note in answer.notes


def test_an_engine_that_was_never_checked_is_passed_over(folder: Path):
    replace(ReaderManifest.load(folder), engine={}).save(folder)
    assert "not the engine that was checked" in load_reader(folder).notes[0]


def test_a_damaged_engine_is_passed_over(folder: Path):
    (folder / FOLDER / "model.bin").write_bytes(b"damaged")
    engine = {"kind": "ctranslate2", "sha256": engine_sha256(folder / FOLDER)}
    replace(ReaderManifest.load(folder), engine=engine).save(folder)
    reader = load_reader(folder)
    assert reader.engine == "torch float32 on cpu"
    assert "no engine that ctranslate2 can load" in reader.notes[0]


def test_without_ctranslate2_torch_reads(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    reader = load_reader(folder)
    assert reader.engine == "torch float32 on cpu"
    assert "ctranslate2 is not installed" in reader.notes[0]


def test_a_gpu_reads_by_torch(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rag_ft.reader.seq2seq.may_have_gpu", lambda: True)
    monkeypatch.setattr("rag_ft.reader.seq2seq.choose_device", lambda: torch.device("cuda"))
    reader = load_reader(folder)
    assert (reader.engine.split()[0], reader.notes) == ("torch", ())


def test_a_driver_without_its_gpu_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rag_ft.reader.seq2seq.may_have_gpu", lambda: True)
    monkeypatch.setattr("rag_ft.reader.seq2seq.choose_device", lambda: torch.device("cpu"))
    assert load_reader(folder).engine == "ctranslate2 int8"
