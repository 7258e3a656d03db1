import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.example_rows import example_line, examples_sha256, load_examples, write_examples
from rag_ft.schema import Example, ExamplePassage

filled = st.text(min_size=1).filter(str.strip)
passages = st.lists(st.builds(ExamplePassage, filled, filled, st.booleans()), max_size=3).map(tuple)
rows = st.builds(Example, filled, filled, passages, filled, st.booleans(), st.text(), st.text(), st.text())


@given(st.lists(rows, max_size=4))
def test_what_is_written_is_read(tmp_path_factory, examples):
    file = tmp_path_factory.mktemp("rows") / "examples.jsonl"
    assert write_examples(file, examples) == len(examples)
    assert list(load_examples(file)) == examples
    assert examples_sha256(load_examples(file)) == examples_sha256(examples)


def test_the_hash_is_that_of_the_file(tmp_path):
    import hashlib

    example = Example("1", "Q?", (ExamplePassage("p", "T", True),), "A [1].", False, "s", "f", "t")
    write_examples(tmp_path / "e.jsonl", [example, example])
    written = hashlib.sha256((tmp_path / "e.jsonl").read_bytes()).hexdigest()
    assert examples_sha256([example, example]) == written


def test_rows_of_question_and_answer_become_closed_book_examples(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text('\n{"question": "Who?", "answer": "MAS.", "topic": "names", "source": "mock"}\n')
    [example] = load_examples(file)
    assert (example.question, example.target, example.passages) == ("Who?", "MAS.", ())
    assert (example.family, example.source, example.abstain) == ("names", "mock", False)
    assert example.id.startswith("q")


GOOD = {
    "id": "1",
    "question": "Q?",
    "passages": [{"id": "p", "text": "T", "gold": True}],
    "target": "A [1].",
    "abstain": False,
    "source": "",
    "family": "",
    "template": "",
}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"question": " "}, "question: expected text, found ' '"),
        ({"abstain": "no"}, "abstain: expected true or false, found 'no'"),
        ({"passages": "T"}, "passages: expected a list, found str"),
        ({"passages": [{"id": "p", "text": "T"}]}, r"passages.0: expected an object with id, text and gold"),
        ({"passages": [{"id": "p", "text": "T", "gold": 1}]}, r"passages.0: gold: expected true or false"),
        ({"target": None}, "target: expected text, found None"),
        ({"score": 1}, "unknown score"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(tmp_path, change, fault):
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps(GOOD) + "\n\n" + json.dumps({**GOOD, **change}) + "\n")
    with pytest.raises(DataFormatError, match=rf"rows.jsonl:3: .*{fault}"):
        list(load_examples(file))


def test_lines_that_are_no_rows(tmp_path):
    for line, fault in (
        ("{", "not a line of JSON"),
        ("[]", "expected an object, found list"),
        ("{}", "no abstain"),
    ):
        (tmp_path / "rows.jsonl").write_text(line)
        with pytest.raises(DataFormatError, match=fault):
            list(load_examples(tmp_path / "rows.jsonl"))
    with pytest.raises(PathNotFoundError, match="ragft examples"):
        list(load_examples(tmp_path / "none.jsonl"))


def test_rows_are_read_one_at_a_time(tmp_path):
    (tmp_path / "rows.jsonl").write_text(json.dumps(GOOD) + "\n{broken\n")
    assert next(load_examples(tmp_path / "rows.jsonl")).id == "1"


def test_a_line_keeps_the_letters_of_its_text():
    example = Example("1", "Café?", (), "é", False, "", "", "")
    assert "Café" in example_line(example)
