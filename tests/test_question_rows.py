import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.question_rows import load_questions
from rag_ft.schema import Gold, Question


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_only_the_question_is_required(tmp_path: Path) -> None:
    file = write(tmp_path / "q.jsonl", '{"question": "Who pays?"}', "", '{"question": " Why? ", "note": 3}')
    assert load_questions(file) == [Question("Who pays?", id="1"), Question("Why?", id="3")]


def test_every_key_of_a_json_row(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "question": "How long?",
        "answer": "5 years",
        "answerable": True,
        "gold": [{"document": "pdf/n.pdf", "paragraph": "12.3", "quote": "5 years"}, {"document": "x"}],
        "as_of": "2025-07-01",
        "split": "dev",
        "style": "lay",
        "alternatives": ["five years"],
    }
    assert load_questions(write(tmp_path / "q.jsonl", json.dumps(row))) == [
        Question(
            "How long?",
            id="7",
            answer="5 years",
            answerable=True,
            gold=(Gold("pdf/n.pdf", "12.3", "5 years"), Gold("x")),
            as_of=date(2025, 7, 1),
            split="dev",
            style="lay",
            alternatives=("five years",),
        )
    ]


def test_csv_has_the_gold_in_columns(tmp_path: Path) -> None:
    file = write(
        tmp_path / "q.csv",
        "question,answerable,document,paragraph,quote",
        '"How long, then?",yes,n.pdf,12.3,',
        "Who?,FALSE,,,",
    )
    assert load_questions(file) == [
        Question("How long, then?", id="2", answerable=True, gold=(Gold("n.pdf", "12.3"),)),
        Question("Who?", id="3", answerable=False),
    ]


def test_gzip_and_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl.gz"
    file.write_bytes(gzip.compress(b'\xef\xbb\xbf{"question": "Who?"}\n'))
    assert load_questions(file) == [Question("Who?", id="1")]


def test_faults_are_named_together_with_their_lines(tmp_path: Path) -> None:
    file = write(
        tmp_path / "q.jsonl",
        '{"question": "Who?", "id": "a"}',
        "{broken",
        '{"answer": "x"}',
        '{"question": "Why?", "id": "a"}',
        '{"question": "When?", "answerable": "maybe"}',
        '["no object"]',
        '{"question": "What?", "as_of": "July"}',
        '{"question": "What?", "gold": "6.3"}',
    )
    with pytest.raises(DataFormatError) as caught:
        load_questions(file)
    text = str(caught.value)
    assert str(file) in text
    assert "line 2: no JSON" in text
    assert "line 3: question is missing" in text
    assert "line 4: id 'a' stands on line 1" in text
    assert "line 5: answerable: expected true or false, found 'maybe'" in text
    assert "line 6: expected an object" in text
    assert "and 2 more" in text
    assert "\n" not in text


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "q.jsonl"
    file.write_bytes(content)
    with pytest.raises(DataFormatError, match="holds no question"):
        load_questions(file)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    for name, content in {"q.jsonl": b"\xff\xfe\x00", "q.jsonl.gz": b"not gzip"}.items():
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(DataFormatError, match="not readable as text"):
            load_questions(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PathNotFoundError, match=r"none\.jsonl"):
        load_questions(tmp_path / "none.jsonl")


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=5))
def test_questions_survive_a_round_trip(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    file = tmp_path_factory.mktemp("rows") / "q.jsonl"
    file.write_text("".join(json.dumps({"question": text}) + "\n" for text in texts), encoding="utf-8")
    assert [row.question for row in load_questions(file)] == [text.strip() for text in texts]
