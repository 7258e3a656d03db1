import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.pipeline.calibration import find_threshold, questions_needed
from rag_ft.pipeline.scoring import (
    FEATURE_NAMES,
    SHIPPED_SCORE,
    Features,
    Outcome,
    ScoreModel,
    fit_logistic,
)


def test_a_threshold_by_hand() -> None:
    # 39 questions: (n + 1) * 0.05 - 1 = 1 wrong answer may stand, so the second worst sets the threshold.
    outcomes = [Outcome(0.9, wrong=True), Outcome(0.7, wrong=True), Outcome(0.3, wrong=True)]
    outcomes += [Outcome(0.8, wrong=False)] * 20 + [Outcome(None, wrong=False)] * 16
    threshold = find_threshold(outcomes, 0.05)
    assert threshold.value == pytest.approx(0.7)
    assert threshold.value > 0.7
    assert threshold.coverage == pytest.approx(21 / 39)
    assert threshold.wrong == pytest.approx(1 / 39)
    assert threshold.is_promised


def test_too_few_questions_promise_nothing() -> None:
    assert questions_needed(0.05) == 19
    assert questions_needed(0.1) == 9
    threshold = find_threshold([Outcome(0.9, wrong=False)] * 18, 0.05)
    assert not threshold.is_promised
    assert "at least 19 are needed" in threshold.describe()


def test_nothing_wrong_lets_everything_through() -> None:
    threshold = find_threshold([Outcome(0.1, wrong=False)] * 40, 0.05)
    assert (threshold.value, threshold.coverage) == (0.0, 1.0)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=20, max_size=80),
    st.sampled_from([0.05, 0.1, 0.3]),
)
def test_the_bound_of_the_paper_holds(rows: list[tuple[float, bool]], risk: float) -> None:
    outcomes = [Outcome(score, wrong) for score, wrong in rows]
    n, threshold = len(outcomes), find_threshold(outcomes, risk)
    loss = sum(o.wrong and (o.score or 0) >= threshold.value for o in outcomes) / n
    assert n / (n + 1) * loss + 1 / (n + 1) <= risk + 1e-9
    # And it is the least such threshold: a wrong answer just below would break it.
    below = [o.score for o in outcomes if o.wrong and o.score is not None and o.score < threshold.value]
    if below:
        worse = sum(o.wrong and (o.score or 0) >= max(below) for o in outcomes) / n
        assert n / (n + 1) * worse + 1 / (n + 1) > risk - 1e-9


def test_a_logistic_model_finds_what_tells() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(400, 3))
    labels = (rows[:, 0] + 0.1 * rng.normal(size=400) > 0).astype(np.float64)
    weights, means, scales, bias = fit_logistic(rows, labels)
    assert weights[0] > 3 * max(abs(weights[1]), abs(weights[2]))
    chance = 1 / (1 + np.exp(-(((rows - means) / scales) @ weights + bias)))
    assert np.mean((chance > 0.5) == (labels > 0.5)) > 0.95


def test_a_score_file_holds_what_it_was_given(tmp_path) -> None:
    n = len(FEATURE_NAMES)
    model = ScoreModel(
        tuple(float(i) for i in range(n)),
        (0.5,) * n,
        (2.0,) * n,
        -1.0,
        (Outcome(None, wrong=False),),
        "r",
        {"a": "b"},
    )
    model.save(tmp_path / "score.json")
    assert ScoreModel.load(tmp_path / "score.json") == model
    features = Features(*([0.5] * n))
    assert model.score(features) == pytest.approx(1 / (1 + np.e))


def test_a_score_file_that_cannot_be_used(tmp_path) -> None:
    with pytest.raises(PathNotFoundError, match="ragft calibrate"):
        ScoreModel.load(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text('{"format": 1, "features": ["x"]}')
    with pytest.raises(DataFormatError, match="run ragft calibrate again"):
        ScoreModel.load(tmp_path / "bad.json")


def test_the_shipped_score_says_where_it_comes_from() -> None:
    model = ScoreModel.load(SHIPPED_SCORE)
    assert model.provenance["command"].startswith("ragft calibrate ")
    assert len(model.outcomes) >= questions_needed(0.05)
