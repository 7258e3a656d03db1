"""The primer gives a set that training takes: what `ragft train` does without a file of examples."""

from pathlib import Path

from rag_ft.examples import check_examples, make_examples
from rag_ft.examples.tokens import estimate_tokens
from rag_ft.indexing import build_index
from tests.conftest import FakeEncoder


def test_the_primer_gives_examples_that_pass_the_gate(primer: Path, tmp_path: Path) -> None:
    index = build_index([primer], tmp_path / "index", FakeEncoder())
    report = check_examples(make_examples(index), count_tokens=estimate_tokens)
    report.require()
    assert report.rows >= 100
    assert report.ungrounded == report.cut == 0
    assert 0.25 <= report.abstention_share <= 0.31
    assert report.unique_answer_share >= 0.6
    assert len(report.families) >= 15
