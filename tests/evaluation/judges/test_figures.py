from decimal import Decimal
from pathlib import Path

import pytest

from rag_ft.evaluation.judges.figures import figures, unsupported_figures
from tests.evaluation.judges.bench import accused, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S$20,000", [("money", Decimal(20000), "SGD")]),
        ("SGD 1.5 million", [("money", Decimal(1500000), "SGD")]),
        ("20,000 dollars", [("money", Decimal(20000), "SGD")]),
        ("US$5m", [("money", Decimal(5000000), "USD")]),
        ("25 per cent, 0.5%", [("share", Decimal(25), ""), ("share", Decimal("0.5"), "")]),
        ("twenty-five percent", [("share", Decimal(25), "")]),
        ("50 basis points", [("share", Decimal(50), "basis point")]),
        ("five (5) business days", [("period", Decimal(5), "business day")]),
        ("a 30-day period", [("period", Decimal(30), "day")]),
        ("three consecutive months", [("period", Decimal(3), "month")]),
        ("once a year", [("rhythm", "year", "")]),
        ("monthly", [("rhythm", "month", "")]),
        ("14 April 2016", [("date", "2016-04-14", "")]),
        ("July 1, 2025", [("date", "2025-07-01", "")]),
        ("2025-07-01", [("date", "2025-07-01", "")]),
        ("April 2016", [("date", "2016-04", "")]),
        ("by 30 April", [("date", "-04-30", "")]),
        ("paragraph 6.3(b) of Notice 626", [("reference", "6.3(B)", ""), ("reference", "626", "")]),
        ("section 47(1)", [("reference", "47(1)", "")]),
        ("Notice PSN01", [("reference", "PSN01", "")]),
        ("14A", [("reference", "14A", "")]),
        ("11 financial institutions", [("number", Decimal(11), "")]),
        ("three kinds", [("number", Decimal(3), "")]),
        ("the bank's 5 days", [("period", Decimal(5), "day")]),
        ("one of them [3]", []),
    ],
)
def test_figures_are_read(text: str, expected: list[tuple]) -> None:
    assert [(figure.kind, figure.value, figure.unit) for figure in figures(text)] == expected


@pytest.mark.parametrize(
    ("answer", "passage", "missing"),
    [
        ("At least 5 years [1].", "for at least five years", ()),
        ("5 days", "five years", ("5 days",)),
        ("5 business days", "5 days", ("5 business days",)),
        ("S$20,000", "exceeding $20,000", ()),
        ("US$20,000", "exceeding S$20,000", ("US$20,000",)),
        ("S$5,000", "S$20,000 or S$5,000", ()),
        ("$1.5 billion", "$1,500 million", ()),
        ("20 per cent", "20 days", ("20 per cent",)),
        ("In 2016", "with effect from 14 April 2016", ()),
        ("In May 2016", "with effect from 14 April 2016", ("May 2016",)),
        ("from 14 April", "with effect from 14 April 2016", ()),
        ("section 47", "section 47(1)", ()),
        ("section 47(2)", "section 47(1)", ("section 47(2)",)),
        ("6% a month", "6% a year", ("a month",)),
        ("5", "within 5 business days", ()),
        ("7", "within 5 business days", ("7",)),
        ("8 times", "8% of income", ("8",)),
        ("no figure", "", ()),
    ],
)
def test_what_a_passage_does_not_hold(answer: str, passage: str, missing: tuple[str, ...]) -> None:
    assert unsupported_figures(answer, [passage]) == missing


def test_a_verbatim_sentence_never_counts_as_wrong(primer: Path) -> None:
    for sentence, paragraph in sentences(primer):
        assert unsupported_figures(sentence, [paragraph]) == (), sentence


def test_error_rates_on_the_bench_it_was_not_built_against() -> None:
    rates = accused(unsupported_figures)
    assert rates["right"] == rates["institution_alias"] == 0.0
    assert rates["figure"] >= 0.97
    assert rates["date"] >= 0.97
    assert rates["unit"] >= 0.95
