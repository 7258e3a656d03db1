from dataclasses import replace

import pytest

from rag_ft.errors import UsageError
from rag_ft.evaluation import Evaluation, evaluate
from rag_ft.evaluation.gate import DEFAULT_TOLERANCES, GateVerdict, gate, parse_tolerances
from rag_ft.schema import Gold, Question

QUESTIONS = [
    Question(
        f"How long in case {n}?",
        id=str(n),
        answer="five years",
        answerable=True,
        gold=(Gold("primer/records.md", "1.1"),),
    )
    for n in range(60)
]


@pytest.fixture
def ran(make_system, make_answer, make_passage):
    """Evaluate a system that answers the first `right` questions right and the rest wrong."""

    def run(right: int, name: str = "ours", questions=QUESTIONS) -> Evaluation:
        found = make_passage()

        def reply(question: Question):
            text = "five years" if int(question.id) < right else "Bank of England, two days"
            return make_answer(f"{text} [1]", [found])

        return evaluate(questions, [make_system(name, reply, [found])], resamples=300)

    return run


def verdict(verdicts: list[GateVerdict], measure: str) -> GateVerdict:
    return next(each for each in verdicts if each.measure == measure)


def test_no_change_passes(ran) -> None:
    verdicts = gate(ran(50), ran(50), DEFAULT_TOLERANCES)
    assert all(each.passed for each in verdicts)
    assert verdict(verdicts, "right").reason == "no fall"
    # Nothing was unanswerable, so no abstention could be counted.
    assert "abstention_recall" not in {each.measure for each in verdicts}


def test_a_plain_fall_fails_and_a_rise_of_what_should_be_low_too(ran) -> None:
    verdicts = gate(ran(50), ran(30), DEFAULT_TOLERANCES)
    right = verdict(verdicts, "right")
    assert not right.passed
    assert right.fall == pytest.approx(20 / 60)
    assert right.reason == "worse by 0.333, beyond noise"
    assert not verdict(verdicts, "hallucinated_institution").passed
    assert not verdict(verdicts, "wrong_figure").passed
    assert verdict(verdicts, "gold_paragraph_cited").passed


def test_a_rise_passes(ran) -> None:
    assert all(each.passed for each in gate(ran(30), ran(50), DEFAULT_TOLERANCES))


def test_noise_is_an_excuse_unless_any_fall_is_asked_for(ran) -> None:
    tolerances = {"right": 0.02}
    (excused,) = gate(ran(50), ran(48), tolerances)
    assert excused.passed
    assert excused.reason == "within noise"
    (refused,) = gate(ran(50), ran(48), tolerances, any_fall=True)
    assert not refused.passed
    assert refused.reason == "worse by 0.033, though chance may explain it"


def test_a_fall_within_tolerance_passes(ran) -> None:
    (found,) = gate(ran(50), ran(30), {"right": 0.4})
    assert found.passed
    assert found.reason == "within tolerance"


def test_a_gate_that_cannot_see_is_shut(ran) -> None:
    before = ran(50)
    not_run = replace(before, systems=(replace(before.systems[0], status="not run", reason="no model"),))
    (found,) = gate(before, not_run, {"right": 0.0})
    assert not found.passed
    assert found.reason == "the candidate did not run: no model"
    fewer = ran(50, questions=QUESTIONS[:59])
    (found,) = gate(before, fewer, {"right": 0.0})
    assert not found.passed
    assert "1 questions of the baseline were not asked as they stand, the first 59" in found.reason
    other_words = ran(50, questions=[replace(QUESTIONS[0], question="Something easier?"), *QUESTIONS[1:]])
    (found,) = gate(before, other_words, {"right": 0.0})
    assert not found.passed


def test_abstaining_always_fails_what_it_can_no_longer_be_held_to(make_system, make_answer, ran) -> None:
    silent = evaluate(
        QUESTIONS, [make_system("ours", lambda _: make_answer("", abstained=True))], resamples=100
    )
    (found,) = gate(ran(60), silent, {"hallucinated_institution": 0.0})
    assert not found.passed
    assert found.reason == "the candidate has nothing to count it over"


def test_single_systems_may_be_renamed_and_several_go_by_name(ran) -> None:
    assert gate(ran(50, "old"), ran(50, "new"), {"right": 0.0})[0].passed
    two = replace(ran(50, "old"), systems=(*ran(50, "old").systems, *ran(50, "other").systems))
    verdicts = gate(two, ran(50, "other"), {"right": 0.0})
    assert [(each.system, each.passed) for each in verdicts] == [("old", False), ("other", True)]
    assert [each.system for each in gate(two, two, {"right": 0.0}, system="other")] == ["other"]
    with pytest.raises(UsageError, match="no system 'third'"):
        gate(two, two, {"right": 0.0}, system="third")


def test_tolerances_are_read() -> None:
    assert parse_tolerances([]) == DEFAULT_TOLERANCES
    assert parse_tolerances(["right=0.05", "R@5", "wrong_figure"]) == {
        "right": 0.05,
        "R@5": 0.02,
        "wrong_figure": 0.0,
    }
    for wrong in ("latency_p50", "beauty", "right=2", "right=much"):
        with pytest.raises(UsageError):
            parse_tolerances([wrong])


def test_measures_that_were_not_taken_cannot_be_held(ran) -> None:
    with pytest.raises(UsageError, match="took none of abstention_recall"):
        gate(ran(50), ran(50), {"abstention_recall": 0.0})


def test_a_verdict_is_a_line(ran) -> None:
    (found,) = gate(ran(60), ran(0), {"right": 0.02})
    assert found.as_line() == (
        "FAIL  ours: Right 1.000 → 0.000, change -1.000 to -1.000, tolerance 0.020: "
        "worse by 1.000, beyond noise"
    )
