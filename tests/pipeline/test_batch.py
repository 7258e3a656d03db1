import json
from pathlib import Path

import pytest

from rag_ft.errors import DataFormatError, QuestionError
from rag_ft.pipeline.batch import ask_file, read_questions
from rag_ft.retrieval.passage_index import PassageIndex
from tests.pipeline.conftest import pipeline, write

ROWS = """{"id": "a", "question": "How long must a bank keep customer files?"}
{"id": "b", "question": "What does Notice 999 say?"}
"""
TEXT = "How long must a bank keep customer files?\n\nWhat does Notice 999 say?\n"


def rows_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_text_file_gives_a_row_a_line(index: PassageIndex, tmp_path: Path) -> None:
    questions = read_questions(write(tmp_path / "q.txt", TEXT))
    output = tmp_path / "out" / "answers.jsonl"
    report = ask_file(pipeline(index), questions, output)
    assert (report.questions, report.kept, report.answered, report.abstained) == (2, 0, 1, 1)
    rows = rows_of(output)
    assert [(row["id"], row["reason"], row["is_grounded"]) for row in rows] == [
        ("1", None, True),
        ("3", "not_named", True),
    ]
    assert rows[0]["citations"][0]["paragraph"].startswith("2.1")


def test_a_stopped_run_is_taken_up_and_a_cut_line_asked_anew(index: PassageIndex, tmp_path: Path) -> None:
    questions = read_questions(write(tmp_path / "q.jsonl", ROWS))
    output = tmp_path / "answers.jsonl"
    ask_file(pipeline(index), questions, output)
    whole = output.read_bytes()
    output.write_bytes(whole[:-40])
    report = ask_file(pipeline(index), questions, output)
    assert (report.kept, report.abstained) == (1, 1)
    assert [row["id"] for row in rows_of(output)] == ["a", "b"]
    assert ask_file(pipeline(index), questions, output).kept == 2


def test_another_day_is_another_question(index: PassageIndex, tmp_path: Path) -> None:
    from datetime import date

    questions = read_questions(write(tmp_path / "q.txt", TEXT))
    output = tmp_path / "answers.jsonl"
    ask_file(pipeline(index), questions, output)
    assert ask_file(pipeline(index), questions, output, as_of=date(2025, 1, 1)).kept == 0


@pytest.mark.parametrize("held", ["my own notes\n", "my own notes", '{"a": 1}', "{}\nmine"])
def test_what_is_no_file_of_answers_is_left_alone(index: PassageIndex, tmp_path: Path, held: str) -> None:
    questions = read_questions(write(tmp_path / "q.txt", TEXT))
    other = write(tmp_path / "notes.txt", held)
    with pytest.raises(DataFormatError, match=r"line [12] is no answer of ragft"):
        ask_file(pipeline(index), questions, other)
    assert other.read_text() == held


def test_files_that_cannot_be_asked(tmp_path: Path) -> None:
    with pytest.raises(DataFormatError, match="holds no question"):
        read_questions(write(tmp_path / "empty.txt", "\n \n"))
    with pytest.raises(QuestionError):
        read_questions(write(tmp_path / "odd.txt", "What is a bank?\n???\n"))
