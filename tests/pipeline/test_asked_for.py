"""What a question asks for and takes as given."""

import pytest

from rag_ft.pipeline.asked_for import gives_figure, gives_reason, holds_premises
from rag_ft.schema import DocumentInfo, Passage, Span

TEXT = "A fine of $500 is payable within 5 days."
PASSAGE = Passage("1", DocumentInfo("fines", "Fines"), "1", "", (Span(0, len(TEXT)),), TEXT)


@pytest.mark.parametrize(
    ("question", "answer", "sign"),
    [
        ("How long must a bank keep records?", "It must keep them for 5 years.", 1.0),
        ("How long must a bank keep records?", "It must keep them.", -1.0),
        ("Who must keep records?", "A bank must keep them for 5 years.", 0.0),
    ],
)
def test_a_figure_that_is_asked_for(question: str, answer: str, sign: float):
    assert gives_figure(question, answer) == sign


@pytest.mark.parametrize(
    ("question", "answer", "sign"),
    [
        ("Why was the band widened?", "It was widened in view of an uncertain year.", 1.0),
        ("Why was the band widened?", "The band was widened.", -1.0),
        ("When was the band widened?", "In May, in view of an uncertain year.", 0.0),
    ],
)
def test_a_reason_that_is_asked_for(question: str, answer: str, sign: float):
    assert gives_reason(question, answer) == sign


@pytest.mark.parametrize(
    ("question", "sign"),
    [
        ("Why is a fine of $500 payable within 5 days?", 1.0),
        ("Why is a fine of $600 payable within 5 days?", -1.0),
        ("Why is a fine payable?", 0.0),
    ],
)
def test_figures_that_are_taken_as_given(question: str, sign: float):
    assert holds_premises(question, [PASSAGE]) == sign
