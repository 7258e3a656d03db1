from dataclasses import replace
from pathlib import Path

import pytest

from rag_ft.errors import ExamplesRefusedError
from rag_ft.example_rows import load_examples
from rag_ft.examples import GateLimits, check_examples
from rag_ft.prompts import ABSTENTION
from rag_ft.schema import Example, ExamplePassage

NOUNS = (
    "quay berth ferry lamp bell anchor rope crane barge buoy hull mast sail deck oar tide chart gull pier "
    "crab"
).split()


def row(number: int, *, abstain: bool = False, template: str = "") -> Example:
    noun, other = NOUNS[number % 20], NOUNS[number // 20 % 20]
    gold = ExamplePassage(
        f"g{number}", f"The {noun} near the {other} costs {number} dollars.", gold=not abstain
    )
    return Example(
        id=str(number),
        question=f"What does the {noun} by the {other} number {number} cost?",
        passages=(gold, ExamplePassage("d", "The port closes at dusk.", gold=False)),
        target=ABSTENTION if abstain else f"The {noun} of {other} costs {number} dollars [1].",
        abstain=abstain,
        source="own",
        family="cost",
        template=template,
    )


def good_rows() -> list[Example]:
    return [row(number, abstain=number % 4 == 0, template=f"t{number % 20}") for number in range(200)]


def test_a_good_set_passes_and_is_counted() -> None:
    report = check_examples(good_rows())
    report.require()
    assert (report.rows, report.answers, report.abstentions, report.unique_answers) == (200, 150, 50, 150)
    assert report.families == {"cost": 200}
    assert report.passages == {2: 200}


def test_many_questions_on_few_answers_without_passages_are_refused() -> None:
    """The kind of rows that the predecessor failed with: closed book, 24 answers for 496 rows."""
    answers = [f"Wardens must close the {noun} in a storm and report it in a week." for noun in NOUNS] * 25
    rows = [
        Example(
            f"r{n}",
            f"What is the rule on {NOUNS[n % 16]} number {n % 235}?",
            (),
            answer,
            False,
            "mock",
            "rules",
            "",
        )
        for n, answer in enumerate(answers[:496])
    ]
    report = check_examples(rows)
    with pytest.raises(ExamplesRefusedError) as refusal:
        report.require()
    said = str(refusal.value)
    assert "496 of 496 rows cite no gold passage" in said
    assert "unique answers are 20 of 496 (4%; at least 60%)" in said
    assert "abstentions are 0 of 496" in said
    assert "--force" in said


def test_few_answers_are_refused_even_where_they_are_grounded() -> None:
    rows = [replace(r, target="The quay costs 5 dollars [1].") if not r.abstain else r for r in good_rows()]
    assert any("unique answers" in fault for fault in check_examples(rows).faults)


def test_yes_and_no_are_no_repeated_answers() -> None:
    rows = [replace(r, target="Yes [1].") if not r.abstain else r for r in good_rows()]
    report = check_examples(rows)
    assert (report.answers, report.yes_no) == (0, 150)
    assert not any("unique answers" in fault for fault in report.faults)


def test_a_mark_of_a_distractor_is_no_citation() -> None:
    wrong = replace(row(1), target="The berth costs 1 dollar [2].")
    assert check_examples([wrong]).ungrounded == 1
    assert check_examples([replace(wrong, target="The berth costs 1 dollar [3].")]).ungrounded == 1
    assert check_examples([row(1)]).ungrounded == 0


def test_one_template_must_not_fill_the_set() -> None:
    rows = [replace(r, template="same") for r in good_rows()]
    assert any("template same are 200 of 200" in fault for fault in check_examples(rows).faults)
    assert check_examples([replace(r, template="") for r in good_rows()]).passed


def test_rows_said_twice_are_counted() -> None:
    rows = good_rows()
    report = check_examples([*rows, *(replace(r, id=f"{r.id}x") for r in rows[:10])])
    assert report.near_duplicates == 10
    assert any("near duplicates are 10 of 210" in fault for fault in report.faults)


def test_rows_over_the_budget_are_counted() -> None:
    limits = GateLimits(budget=60)
    assert check_examples([row(1)], limits, lambda text: len(text.split())).cut == 0
    assert check_examples([row(1)], limits, lambda text: 2 * len(text.split())).cut == 1


def test_the_very_rows_of_the_predecessor_are_refused(shared: Path) -> None:
    report = check_examples(load_examples(shared / "predecessor" / "large_financial_qa_dataset.jsonl"))
    assert (report.rows, report.unique_questions, report.unique_answers) == (496, 235, 24)
    with pytest.raises(ExamplesRefusedError):
        report.require()
