"""Whatever goes wrong in a command is one line on stderr; run in this process, since it is many cases."""

import subprocess
import sys
from pathlib import Path

import pytest

from rag_ft.cli import running
from tests.cli.test_errors import ROOT


@pytest.fixture
def ragft(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, tmp_path: Path):
    """Run `ragft` with arguments in an empty folder: its exit code and the line it said."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["ragft", *args])
        code = running.run()
        said = capsys.readouterr().err
        assert said.startswith("ragft: "), said
        assert said.count("\n") == 1, said
        assert "Traceback" not in said
        return code, said

    return run


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["serch"], 2, ["No such command 'serch'", "'search'", "`ragft --help`"]),
        (["ask", "--nope", "Who?"], 2, ["No such option: --nope", "`ragft ask --help`"]),
        (["ask", "Who", "regulates", "banks"], 2, ["(regulates banks)", "put the question in quotes"]),
        (["search"], 2, ["Missing argument 'question'"]),
        (["ask", "Who?", "--risk", "2"], 2, ["'--risk'", "less than or equal to 1"]),
        (["ask", "Who?", "-k", "0"], 2, ["'-k'", "greater than or equal to 1"]),
        (["ask", "Who?", "--as-of", "2025-13-01"], 2, ["'2025-13-01' is no day", "2025-06-30"]),
        (["search", "x", "--issued-to", "June"], 2, ["'June' is no day"]),
        (["index", "x", "--wait", "-1"], 2, ["'--wait'"]),
        (["eval", "q.jsonl", "--only", "both"], 2, ["'both' is not one of 'retrieval'"]),
        (["ask", "-f", "none.txt"], 2, ["none.txt: no such question file"]),
        (["fetch", "none.pdf"], 2, ["none.pdf is not in the list"]),
    ],
)
def test_a_wrong_call(ragft, args: list[str], code: int, words: list[str]) -> None:
    found, said = ragft(*args)
    assert found == code
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    "args",
    [
        ["ask", "-f", "q.txt", "-o", "a-file/answers.jsonl"],
        ["eval", "q.jsonl", "--out", "a-file/report"],
        ["examples", "-o", "a-file/rows.jsonl"],
        ["calibrate", "q.jsonl", "-o", "a-file/score.json"],
    ],
)
def test_an_output_that_cannot_be_written_is_told_before_the_work(ragft, tmp_path: Path, args) -> None:
    (tmp_path / "a-file").write_text("")
    (tmp_path / "q.txt").write_text("Who?\n")
    (tmp_path / "q.jsonl").write_text('{"question": "Who?"}\n')
    code, said = ragft(*args)
    assert code == 2
    assert "cannot be written" in said
    assert "name another place" in said


def test_trying_an_output_leaves_no_file_and_no_change(tmp_path: Path) -> None:
    from rag_ft.cli.outputs import check_output

    check_output(tmp_path / "new" / "rows.jsonl")
    assert list((tmp_path / "new").iterdir()) == []
    kept = tmp_path / "kept"
    kept.write_text("mine")
    check_output(kept)
    assert kept.read_text() == "mine"


@pytest.mark.parametrize("args", [["ask", "-f", "q.txt"], ["train", "tiny", "--examples", "q.txt"]])
def test_a_file_that_is_no_text(ragft, tmp_path: Path, args: list[str]) -> None:
    (tmp_path / "q.txt").write_bytes(b"\xf7\x00\xff")
    code, said = ragft(*args)
    assert code == 2
    assert "q.txt: not" in said
    assert "UTF-8" in said


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(28, "No space left on device", "index/x"), 1, "index/x: No space left on device"),
        (KeyboardInterrupt(), 130, "stopped"),
        (ValueError("a\nb"), 1, "a fault of ragft: ValueError: a b; RAGFT_TRACEBACK=1 shows where"),
    ],
)
def test_what_nobody_foresaw_is_one_line_too(
    ragft, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr("rag_ft.indexing.index_status", fail)
    assert ragft("status") == (code, f"ragft: {said}\n")


def test_a_fault_shows_where_it_is_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise ValueError("a")

    monkeypatch.setattr("rag_ft.indexing.index_status", fail)
    monkeypatch.setenv("RAGFT_TRACEBACK", "1")
    monkeypatch.setattr(sys, "argv", ["ragft", "status"])
    with pytest.raises(ValueError, match="a"):
        running.run()


def test_a_reader_that_leaves_early_hears_no_complaint() -> None:
    command = f"{sys.executable} -m rag_ft.cli gate --help | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stderr == ""
