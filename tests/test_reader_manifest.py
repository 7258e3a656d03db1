import json

import pytest

from rag_ft.errors import ModelUnavailableError
from rag_ft.prompts import build_prompt
from rag_ft.reader_manifest import ReaderManifest, token_counter


def count(text: str) -> int:
    return len(text.split())


def test_a_manifest_reads_back_as_it_was_saved(tmp_path):
    manifest = ReaderManifest(
        "r", "google/flan-t5-small", base_revision="abc", scores={"score": 0.5}, thresholds={"score": -1.0}
    )
    manifest.save(tmp_path)
    assert ReaderManifest.load(tmp_path) == manifest
    assert not list(tmp_path.glob("*.partial"))


def test_a_later_key_is_passed_over_and_a_later_format_refused(tmp_path):
    ReaderManifest("r", "b").save(tmp_path)
    values = json.loads((tmp_path / "ragft.json").read_text())
    (tmp_path / "ragft.json").write_text(json.dumps({**values, "later": 1}))
    assert ReaderManifest.load(tmp_path) == ReaderManifest("r", "b")
    for wrong, fault in (
        ({**values, "format": 2}, "format 2, and this ragft reads format 1"),
        ([], "format None"),
        ({"format": 1}, "no name or base"),
    ):
        (tmp_path / "ragft.json").write_text(json.dumps(wrong))
        with pytest.raises(ModelUnavailableError, match=fault):
            ReaderManifest.load(tmp_path)


def test_no_manifest_is_no_reader(tmp_path):
    with pytest.raises(ModelUnavailableError, match="no finished reader: train one with"):
        ReaderManifest.load(tmp_path)
    (tmp_path / "ragft.json").write_text("{")
    with pytest.raises(ModelUnavailableError, match="not readable"):
        ReaderManifest.load(tmp_path)


def test_grounded_input_is_the_prompt_less_one_token_for_the_end():
    lines = ["one two three", "four five"]
    prompt = ReaderManifest("r", "b", input_tokens=31).build_input("Who?", lines, count)
    assert prompt == build_prompt("Who?", lines, count, 30)


def test_closed_book_input_is_the_question_alone():
    prompt = ReaderManifest("r", "b", prompt="closed-book").build_input("Who\nis it?", ["a", "b"], count)
    assert (prompt.text, prompt.included, prompt.left_out) == ("Who is it?", (), (0, 1))


def test_tokens_are_counted_without_the_end():
    def tokenizer(text: str, *, add_special_tokens: bool, verbose: bool) -> dict[str, list[int]]:
        return {"input_ids": list(range(len(text.split()) + add_special_tokens))}

    assert token_counter(tokenizer)("a b c") == 3
