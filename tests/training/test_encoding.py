from dataclasses import replace

import pytest

from rag_ft.errors import DataFormatError
from rag_ft.prompts import ABSTENTION, build_prompt
from rag_ft.reader_manifest import ReaderManifest, token_counter
from rag_ft.schema import Example, ExamplePassage
from rag_ft.training.encoding import encode_examples
from rag_ft.training.model import load_tokenizer
from rag_ft.training.splits import hold_out

READER = ReaderManifest(name="r", base="b", input_tokens=512, max_new_tokens=48)


@pytest.fixture(scope="module")
def tokenizer(tiny):
    return load_tokenizer(tiny)


def example(*passages: tuple[str, bool], target: str = "A bank must keep S$500 [2].") -> Example:
    rows = tuple(ExamplePassage(f"p{n}", text, gold) for n, (text, gold) in enumerate(passages))
    return Example("e1", "What must a bank keep?", rows, target, target == ABSTENTION, "s", "f", "t")


def test_the_input_is_the_prompt_that_asking_builds_closed_by_the_end_token(tokenizer, examples):
    encoded = encode_examples(examples, tokenizer, READER)
    row, first = encoded.rows[0], examples[0]
    prompt = build_prompt(first.question, [p.text for p in first.passages], token_counter(tokenizer), 511)
    assert row.input_ids.tolist() == tokenizer(prompt.text)["input_ids"]
    assert row.input_ids[-1] == row.labels[-1] == tokenizer.eos_token_id
    assert tokenizer.decode(row.labels, skip_special_tokens=True) == first.target
    assert encoded.targets == tuple(e.target for e in examples)


def test_marks_follow_the_passages_that_fit(tokenizer):
    long = "A bank must report. " * 200
    cut = example((long, False), ("Notice 626, 1: A bank must keep S$500.", True))
    encoded = encode_examples([cut], tokenizer, READER)
    assert encoded.targets == ("A bank must keep S$500 [1].",)
    assert len(encoded.rows[0].input_ids) <= 512


def test_an_example_whose_cited_passage_does_not_fit_is_left_out(tokenizer):
    long = "A bank must keep S$500. " * 200
    encoded = encode_examples([example(("Notice 626.", False), (long, True))], tokenizer, READER)
    assert (len(encoded.rows), encoded.left_out) == (0, ("e1",))


def test_closed_book_rows_have_the_question_alone_and_no_marks(tokenizer, examples):
    closed = replace(READER, prompt="closed-book")
    encoded = encode_examples(examples, tokenizer, closed)
    assert len(encoded.rows) == 12
    assert len(encoded.left_out) == 4
    decoded = tokenizer.decode(encoded.rows[0].input_ids, skip_special_tokens=True)
    assert decoded == examples[0].question
    assert encoded.targets[0] == "A bank must keep S$1,500."


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (example(target="MAS [1]."), "no passages, and a grounded reader learns from passages"),
        (example(("A.", True)), r"its target cites \[2\] of 1 passages"),
        (example(("A.", False), ("B.", True), target="S$500 " * 60 + "[2]"), "longer than output_tokens 48"),
    ],
)
def test_what_cannot_be_learned_is_an_error_that_names_the_example(tokenizer, row, fault):
    with pytest.raises(DataFormatError, match=fault):
        encode_examples([row], tokenizer, READER)


def test_held_out_examples_share_no_gold_passage_with_training(examples):
    twins = [replace(e, id=e.id + "b", question="And " + e.question) for e in examples]
    train, dev = hold_out([*examples, *twins], 0.25, 100, seed=3)
    assert len(train) + len(dev) == 32
    assert len(dev) == 8

    def groups(part):
        return {tuple(p.id for p in e.passages if p.gold) or e.question for e in part}

    assert not groups(train) & groups(dev)


def test_holding_out_knows_its_limits(examples):
    assert hold_out(examples, 0.0, 100, seed=1) == (examples, [])
    assert len(hold_out(examples, 0.5, 3, seed=1)[1]) == 3
    same = [replace(examples[0], id=str(n)) for n in range(4)]
    assert hold_out(same, 0.5, 100, seed=1) == (same, [])
