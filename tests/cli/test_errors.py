"""Every wrong call is one line on stderr that says what to do, with its exit code, and no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def ragft(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rag_ft.cli", *args]
    env = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(cwd), "HF_HUB_OFFLINE": "1"}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=env, timeout=120, check=False)


def assert_one_line(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


def test_a_missing_path(tmp_path: Path):
    assert_one_line(ragft("index", "nowhere", cwd=tmp_path), 2, "nowhere")


def test_an_empty_folder(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    assert_one_line(ragft("index", "empty", cwd=tmp_path), 2, "empty")


def test_no_index_yet(tmp_path: Path):
    assert_one_line(ragft("ask", "Who?", cwd=tmp_path), 2, "index/default", "ragft index")


@pytest.mark.parametrize("question", ["", "   ", "??"])
def test_an_empty_question(tmp_path: Path, question: str):
    assert_one_line(ragft("ask", question, cwd=tmp_path), 2, "question is empty")


def test_a_question_of_ten_thousand_words(tmp_path: Path):
    assert_one_line(ragft("ask", "why " * 10_000, cwd=tmp_path), 2, "10,000 words", "400")
