"""`ragft train retriever`: rows from an index and from people, a tiny encoder, a model of its own."""

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag_ft.cli.app import app
from rag_ft.errors import ConfigError, EncoderMismatchError, UsageError
from rag_ft.examples.hard_negatives import mine_retriever_rows, structure_questions
from rag_ft.indexing import build_index
from rag_ft.retrieval.encoder import load_encoder
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.retriever_rows import load_retriever_rows
from rag_ft.schema import Gold, Question
from tests.tiny import build_tiny_encoder

TERMS = (
    ("account opening", "the first act by which a person becomes a customer"),
    ("ledger room", "the room in which the books of a bank are kept"),
    ("night vault", "a vault that no officer may open before sunrise"),
    ("seal keeper", "the officer who keeps the seal of a bank"),
    ("teller desk", "the desk at which money is paid out to a customer"),
    ("visitor book", "the book that every visitor signs on arrival"),
)
FEW = ["--set", "batch_size=2", "--set", "frozen_layers=0", "--set", "dev_share=0.3", "--offline"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [f"what does {term} mean in notice of green bank {words}" for term, words in TERMS]
    return build_tiny_encoder(tmp_path_factory.mktemp("encoder"), texts)


@pytest.fixture(scope="module")
def index(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    duties = "\n\n".join(
        f"{number}. A bank must not open the {term} to a visitor for more than {number + 2} days."
        for number, (term, _) in enumerate(TERMS, start=1)
    )
    (folder / "notice.md").write_text(
        f"---\ntitle: Notice of the Green Bank\nkind: notice\nnumber: G1\n---\n\n{duties}\n", encoding="utf-8"
    )
    where = tmp_path_factory.mktemp("index")
    build_index([folder], where, load_encoder(str(base), offline=True)).close()
    return where


def call(*arguments: object):
    return CliRunner().invoke(app, ["train", *map(str, arguments)])


def test_rows_come_from_structure_and_from_people_and_the_run_leaves_a_model(base, index, tmp_path):
    asked = [
        {"question": f"May the {term} be opened?", "gold": [{"document": "G1", "paragraph": str(number)}]}
        for number, (term, _) in enumerate(TERMS, start=1)
    ]
    judged = {**asked[0], "question": "To be judged by?", "split": "test"}
    file = tmp_path / "own.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in [*asked, judged]), encoding="utf-8")
    folder = tmp_path / "encoder"
    done = call(
        "retriever", "--index", index, "--questions", file, "--base", base, "-o", folder, *FEW, "--json"
    )
    assert done.exit_code == 0, done.exception
    report = json.loads(done.stdout)
    rows = load_retriever_rows(folder / "rows.jsonl")
    questions = {row.question for row in rows}
    assert {row["question"] for row in asked} <= questions
    assert judged["question"] not in questions
    assert len(questions) > len(asked)  # the structure asks more
    assert report["rows"] + report["dev_rows"] == len(rows)
    assert len(report["scores"]) == 1
    own = next(row for row in rows if row.question == asked[2]["question"])
    assert "night vault" in own.positive
    assert len(own.negatives) == 4
    assert all("night vault" not in text for text in own.negatives)
    assert report["base_sha256"] in (folder / "README.md").read_text(encoding="utf-8")
    # Another encoder than the index was made by is refused, both by name.
    trained = load_encoder(str(folder), offline=True)
    if report["kept_epoch"]:
        with pytest.raises(EncoderMismatchError, match=rf"{base}.*{folder}"):
            PassageIndex.load(index, trained)


def test_an_index_refuses_another_encoder_by_name(base, index, tmp_path):
    other = build_tiny_encoder(tmp_path, ["other words"], seed=2)
    with pytest.raises(EncoderMismatchError, match=rf"made by {base} .* encoder at hand is {other} "):
        PassageIndex.load(index, load_encoder(str(other), offline=True))


def test_a_stopped_run_goes_on_with_the_rows_it_had(base, index, tmp_path, monkeypatch):
    folder = tmp_path / "encoder"
    command = ["retriever", "--base", base, "-o", folder, *FEW, "--set", "save_every=1"]
    monkeypatch.setattr("rag_ft.cli.training_run.event_line", _stopping(3))
    assert isinstance(call(*command, "--index", index).exception, SystemExit | KeyboardInterrupt)
    monkeypatch.undo()
    resumed = call(*command, "--index", tmp_path / "gone", "--resume")
    assert resumed.exit_code == 0, resumed.exception
    assert not (folder / "checkpoint").exists()


def _stopping(after: int):
    calls = iter(range(100))

    def line(_event: object) -> str:
        if next(calls) == after:
            raise KeyboardInterrupt
        return ""

    return line


def test_a_public_set_is_asked_of_its_own_corpus(base, tmp_path, monkeypatch):
    monkeypatch.setattr("rag_ft.retrieval.encoder.DEFAULT_ENCODER", str(base))
    corpus, questions = tmp_path / "corpus.jsonl.gz", tmp_path / "questions.jsonl.gz"
    with gzip.open(corpus, "wt") as stream:
        for number, (term, words) in enumerate(TERMS):
            stream.write(json.dumps({"doc": 1, "pid": f"{number}.", "text": f"{term}: {words}"}) + "\n")
    with gzip.open(questions, "wt") as stream:
        for number, (term, _) in enumerate(TERMS):
            row = {
                "id": str(number),
                "q": f"What is a {term}?",
                "passages": [{"id": f"1|{number}.", "gold": 1}],
            }
            stream.write(json.dumps(row) + "\n")
    build_index(
        _documents(questions, corpus), tmp_path / "index", load_encoder(str(base), offline=True)
    ).close()
    given = [
        "--layout",
        "obliqa",
        "--questions",
        questions,
        "--corpus",
        corpus,
        "--index",
        tmp_path / "index",
    ]
    only = ["--set", "structure_questions=0", "--base", base, "-o", tmp_path / "out"]
    done = call("retriever", *given, *only, *FEW)
    assert done.exit_code == 0, done.exception
    rows = load_retriever_rows(tmp_path / "out" / "rows.jsonl")
    assert len(rows) == len(TERMS)
    assert all(row.question[len("What is a ") : -1] in row.positive for row in rows)


def _documents(questions: Path, corpus: Path):
    from rag_ft.evaluation.layouts import load_benchmark

    return load_benchmark("obliqa", questions, corpus).documents


def test_structure_is_drawn_by_the_seed(index, base):
    opened = PassageIndex.load(index, load_encoder(str(base), offline=True))
    first, again = (structure_questions(opened, 3, 4) for _ in range(2))
    assert first == again
    assert len(first) == 4
    assert all(question.gold[0].document.endswith("/notice.md") for question in first)
    opened.close()


def test_mining_passes_over_what_has_no_gold(index, base):
    opened = PassageIndex.load(index, load_encoder(str(base), offline=True))
    told: list[tuple[int, int]] = []
    questions = [Question("Nothing?"), Question("Gone?", gold=(Gold("nowhere", "1"),))]
    assert mine_retriever_rows(opened, questions, on_progress=lambda *at: told.append(at)) == []
    assert told == [(1, 2), (2, 2)]
    opened.close()


@pytest.mark.parametrize(
    ("arguments", "error", "fault"),
    [
        (["retriever", "--dev", "x"], UsageError, "neither --dev nor --texts"),
        (["retriever", "--set", "epoch=1"], ConfigError, "epoch: unknown key, perhaps epochs"),
        (["tiny", "--layout", "obliqa"], UsageError, "train a retriever"),
        (["tiny", "--questions", "x", "--questions", "y"], UsageError, "one file of --questions"),
        (["retriever", "--layout", "obliqa", "-i", "x"], UsageError, "name the questions of obliqa"),
    ],
)
def test_wrong_calls(arguments, error, fault):
    result = call(*arguments)
    assert isinstance(result.exception, error)
    assert fault in str(result.exception)


def test_the_configuration_is_printed_whole():
    printed = call("retriever", "--base", "here", "--set", "epochs=2", "--print-config")
    assert "base: here\nepochs: 2\n" in printed.stdout
    assert "structure_questions: 4000" in printed.stdout
