import pytest

from rag_ft.evaluation.results import RowResult
from rag_ft.evaluation.risk_coverage import risk_coverage


def given(wrong: int, confidence: float | None) -> RowResult:
    return RowResult("q", {"risk": (wrong, 1)}, confidence=confidence)


ABSTAINED = RowResult("q", {}, abstained=True)


def test_the_curve_by_hand() -> None:
    curve = risk_coverage([given(1, 0.2), given(0, 0.9), given(0, 0.8), given(1, 0.5), ABSTAINED])
    assert curve is not None
    assert [(point.coverage, point.risk) for point in curve.points] == [
        (pytest.approx(1 / 5), 0),
        (pytest.approx(2 / 5), 0),
        (pytest.approx(3 / 5), pytest.approx(1 / 3)),
        (pytest.approx(4 / 5), pytest.approx(2 / 4)),
    ]
    assert curve.area == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)


def test_equal_confidence_gives_no_credit_for_luck() -> None:
    orders = [[given(1, 0.5), given(0, 0.5)], [given(0, 0.5), given(1, 0.5)]]
    curves = [risk_coverage(order) for order in orders]
    assert curves[0] == curves[1]
    assert curves[0] is not None
    assert curves[0].area == pytest.approx(0.5)
    assert [(p.coverage, p.risk) for p in curves[0].points] == [(1.0, 0.5)]


def test_a_good_order_has_the_smaller_area() -> None:
    good = risk_coverage([given(0, 3), given(0, 2), given(1, 1)])
    bad = risk_coverage([given(0, 1), given(0, 2), given(1, 3)])
    assert good is not None
    assert bad is not None
    assert good.area == pytest.approx((0 + 0 + 1 / 3) / 3)
    assert bad.area == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_no_answer_or_no_confidence_draws_nothing() -> None:
    assert risk_coverage([ABSTAINED]) is None
    assert risk_coverage([given(0, 0.5), given(0, None)]) is None
