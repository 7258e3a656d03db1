import pytest

from rag_ft.evaluation.correctness import is_right
from rag_ft.evaluation.judges.wording import share_of_words, stems
from rag_ft.schema import Gold, Question

ROW = Question(
    "How long must records be kept?",
    answer="At least 5 years after the business ends",
    gold=(Gold("n", "12.3", "a period of not less than five years following the end of business relations"),),
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Records are kept for five years after business relations end [1].", True),
        ("a period of not less than five years following the end of business relations [1]", True),
        ("At least 6 years after the business ends", False),
        ("5 years", False),  # the figure alone is a third of the words
        ("Five years after it ends, at least.", True),
        ("5 days after the business ends", False),
        ("It depends on the risk.", False),
    ],
)
def test_figures_must_be_there_and_half_the_words(answer: str, expected: bool) -> None:
    assert is_right(ROW, answer) is expected


def test_without_a_reference_nobody_can_tell() -> None:
    assert is_right(Question("q?"), "anything") is None


def test_words_by_hand() -> None:
    assert stems("The banks must require requirements") == {"bank", "requir"}
    assert share_of_words("keep records", "records kept long") == 0.5
    assert share_of_words("of the", "anything") == 1.0
    assert share_of_words("no exception", "exception") == 0.5
