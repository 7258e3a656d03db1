"""What a question asks for and takes as given."""

import pytest

from rag_ft.grounding import fail_closed
from rag_ft.pipeline.asked_for import check_asked, gives_figure
from rag_ft.schema import DocumentInfo, Passage, Span, Verdict

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
    ("question", "answer", "refused"),
    [
        ("Why was the fine set?", "It was set in view of an uncertain year.", []),
        ("Why was the fine set?", "The fine was set.", ["citation"]),
        ("When was the fine set?", "In May.", []),
        ("Why is a fine of $500 payable within 5 days?", "So that it hurts.", []),
        ("Is a fine of $600 payable within 6 days?", "Yes.", ["figure", "figure"]),
        ("What does FCB stand for?", "FCB stands ready to collect fines.", ["citation"]),
        ("What does FCB stand for?", "The letters stand for Fruit and Corn Board.", []),
        ("What is D-SIB short for?", "A domestic systemically important bank is a D-SIB.", []),
        ("What is the full name of the ACIP?", "It is the AML/CFT Industry Partnership.", []),
    ],
)
def test_what_is_asked_and_taken_as_given(question: str, answer: str, refused: list[str]):
    assert [verdict.kind for verdict in check_asked(question, answer, [PASSAGE])] == refused


def test_a_check_that_breaks_refuses_the_answer():
    def broken() -> list[Verdict]:
        raise IndexError

    [verdict] = fail_closed("In May.", broken)
    assert not verdict.ok
