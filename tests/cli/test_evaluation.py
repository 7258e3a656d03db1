import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rag_ft.cli.app import app
from rag_ft.evaluation import Evaluation, evaluate
from rag_ft.schema import Answer, Question

QUESTIONS = [
    Question(f"How long in case {n}?", id=str(n), answer="five years", answerable=True) for n in range(30)
]


class Saying:
    kind = "fake"
    index = None

    def __init__(self, text: str) -> None:
        self.name = "ours"
        self.settings: dict[str, str] = {}
        self._text = text

    def answer(self, question: Question) -> Answer:
        return Answer(question.question, self._text, False, None, (), (), None, (), "fake", "")


def ragft(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def results(tmp_path: Path) -> dict[str, Path]:
    files = {}
    for name, text in {"good": "five years", "bad": "no idea"}.items():
        files[name] = tmp_path / f"{name}.json"
        evaluate(QUESTIONS, [Saying(text)], resamples=100).save(files[name])
    return files


def test_the_gate_lets_through_and_stops(results: dict[str, Path]) -> None:
    passed = ragft("gate", "--baseline", results["bad"], "--candidate", results["good"], "--measure", "right")
    assert passed.exit_code == 0
    assert "pass  ours: Right 0.000 → 1.000" in passed.output
    stopped = ragft(
        "gate", "--baseline", results["good"], "--candidate", results["bad"], "--measure", "right=0.1"
    )
    assert stopped.exit_code == 1
    assert stopped.output.startswith("FAIL  ours: Right 1.000 → 0.000")
    as_json = ragft("gate", "--baseline", results["good"], "--candidate", results["bad"], "--json")
    assert as_json.exit_code == 1
    verdicts = {each["measure"]: each["passed"] for each in json.loads(as_json.stdout)}
    assert verdicts["right"] is False


def test_the_report_is_written_from_the_json(results: dict[str, Path], tmp_path: Path) -> None:
    done = ragft("report", results["good"], "--out", tmp_path / "report")
    assert done.exit_code == 0
    assert (tmp_path / "report" / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert Evaluation.load(tmp_path / "report" / "results.json") == Evaluation.load(results["good"])


def test_what_cannot_run_is_said_and_is_no_success(tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"question": "How long?", "answerable": false}\n')
    system = tmp_path / "s.yaml"
    system.write_text(f"name: ours\nindex: {tmp_path / 'none'}\n")
    done = ragft("eval", questions, system, "--only", "retrieval", "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "Not run: ours:" in done.stdout
    assert "not run" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    as_json = ragft("eval", questions, system, "--only", "retrieval", "--json")
    assert json.loads(as_json.stdout)["systems"][0]["status"] == "not run"
