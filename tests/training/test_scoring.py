import numpy as np
import pytest

from rag_ft.prompts import ABSTENTION
from rag_ft.training.encoding import FixedRows, Row
from rag_ft.training.progress import is_patience_spent
from rag_ft.training.scoring import batches_by_length, score_answers


def test_scores_by_hand():
    targets = ["Banks keep S$500 [1].", "MAS [2].", ABSTENTION, ABSTENTION, "Five years [1]."]
    answers = ["Banks keep S$900 [1].", "MAS [2].", ABSTENTION, "MAS [1].", ABSTENTION]
    scores = score_answers(answers, targets)
    # Two words of three shared, both marks right; then one due abstention, one missing, one not due.
    worth, refused = ((2 / 3 + 1) / 2 + 1 + 0) / 3, 1 / 2
    assert scores["score"] == pytest.approx(2 * worth * refused / (worth + refused))
    assert scores["token_f1"] == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert scores["citation_f1"] == pytest.approx((1 + 1 + 0) / 3)
    assert scores["abstention"] == pytest.approx(3 / 5)


@pytest.mark.parametrize("said", [ABSTENTION, "MAS [1]."])
def test_refusing_or_answering_everything_is_worth_nothing(said: str):
    assert score_answers([said] * 3, ["MAS [1].", ABSTENTION, ABSTENTION])["score"] == 0.0


def test_where_only_one_kind_is_due_its_part_is_the_score():
    assert score_answers([ABSTENTION, "MAS"], [ABSTENTION, ABSTENTION])["score"] == 0.5
    assert score_answers(["MAS [1].", ABSTENTION], ["MAS [1].", "Five [1]."])["score"] == 0.5
    assert score_answers([], [])["score"] == 0.0


def test_a_right_answer_with_a_wrong_mark_is_half_right():
    assert score_answers(["MAS [1]."], ["MAS [2]."])["score"] == 0.5


def test_closed_book_answers_have_no_marks_to_score():
    scores = score_answers(["MAS"], ["MAS"], "closed-book")
    assert scores == {"score": 1.0, "token_f1": 1.0, "abstention": 1.0}


def test_batches_for_generation_hold_every_row_within_the_budget():
    rows = FixedRows(
        [Row(np.zeros(n, dtype=np.int32), np.zeros(1, dtype=np.int32)) for n in (5, 90, 40, 8, 100)]
    )
    assert batches_by_length(rows, 200) == [[4, 1], [2, 3, 0]]
    assert batches_by_length(rows, 10) == [[4], [1], [2], [3], [0]]


@pytest.mark.parametrize(
    ("values", "patience", "spent"),
    [
        ([0.1, 0.2, 0.2, 0.1], 2, True),
        ([0.1, 0.2, 0.1], 2, False),
        ([0.3, 0.2, 0.4], 1, False),
        ([0.3, 0.2], None, False),
        ([], 1, False),
    ],
)
def test_patience(values, patience, spent):
    history = [{"loss": 1.0, "step": 1}, *({"eval_score": v, "step": n} for n, v in enumerate(values))]
    assert is_patience_spent(history, "eval_score", True, patience) is spent
    lower = [{"eval_loss": -entry["eval_score"]} for entry in history if "eval_score" in entry]
    assert is_patience_spent(lower, "eval_loss", False, patience) is spent
