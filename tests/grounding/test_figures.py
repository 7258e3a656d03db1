import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ft.grounding.figures import find_figures
from rag_ft.grounding.figures.numbers import read_number


def forms(text: str) -> list[tuple[str, str, str]]:
    return [(f.kind, f.unit, f.value) for f in find_figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exceeding S$20,000", [("amount", "SGD", "20000")]),
        ("SGD 1.5 billion", [("amount", "SGD", "1500000000")]),
        ("$1,500 million", [("amount", "SGD", "1500000000")]),
        ("US$5m", [("amount", "USD", "5000000")]),
        ("ten million dollars", [("amount", "SGD", "10000000")]),
        ("S$1 to 2 million", [("amount", "SGD", "1000000"), ("amount", "SGD", "2000000")]),
        ("2.5 per cent", [("percent", "percent", "2.5")]),
        ("50 basis points", [("percent", "percentage point", "0.5")]),
        ("twelve months", [("period", "month", "12")]),
        ("a year", [("period", "month", "12")]),
        ("a 12-month period", [("period", "month", "12")]),
        ("three (3) months", [("period", "month", "3")]),
        ("5 to 7 years", [("period", "month", "60"), ("period", "month", "84")]),
        ("within 5 business days", [("period", "business day", "5")]),
        ("within 21 working days", [("period", "working day", "21")]),
        ("2 calendar weeks", [("period", "day", "14")]),
        ("the next business day", [("period", "business day", "next")]),
        ("once a year", [("frequency", "every", "12 month")]),
        ("quarterly", [("frequency", "every", "3 month")]),
        ("30 June 2025", [("date", "day", "2025-6-30")]),
        ("30th Jun 2025", [("date", "day", "2025-6-30")]),
        ("June 30, 2025", [("date", "day", "2025-6-30")]),
        ("30/06/2025", [("date", "day", "2025-6-30")]),
        ("2025-06-30", [("date", "day", "2025-6-30")]),
        ("July 2025", [("date", "day", "2025-7-?")]),
        ("on 14 April", [("date", "day", "?-4-14")]),
        ("in 2016", [("date", "day", "2016-?-?")]),
        ("2000 customers", [("count", "", "2000")]),
        ("by 5.00 p.m.", [("time", "minute of day", "1020")]),
        ("section 16(3)(a)", [("reference", "section", "16(3)(a)")]),
        ("sections 5 and 6A", [("reference", "section", "5"), ("reference", "section", "6a")]),
        ("s 47(1)", [("reference", "section", "47(1)")]),
        ("paragraph 6.3(b)", [("reference", "paragraph", "6.3(b)")]),
        ("MAS Notice 626", [("reference", "notice", "626")]),
        ("Notice FSM-N05", [("reference", "notice", "fsmn05")]),
        ("PSN01", [("reference", "notice", "psn01")]),
        ("the Third Schedule", [("reference", "schedule", "3")]),
        ("the Banking Act 1970", [("reference", "year of the law", "1970")]),
        ("two-thirds of them", [("ratio", "fraction", "2/3")]),
        ("a ratio of 3:1", [("ratio", "ratio", "3:1")]),
        ("11 financial institutions", [("count", "", "11")]),
        ("one of the banks, no one", []),
        ("a bank may 5 times", [("count", "times", "5")]),
    ],
)
def test_normal_forms(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert forms(text) == expected


@pytest.mark.parametrize(
    ("said", "held", "same"),
    [
        ("1 year", "twelve months", True),
        ("5 years", "5 days", False),
        ("5 days", "5 business days", False),
        ("S$20,000", "S$5,000", False),
        ("S$20,000", "US$20,000", False),
        ("annually", "every 12 months", True),
        ("July 2025", "1 July 2025", True),
        ("1 July 2025", "July 2025", False),
        ("section 16", "paragraph 16", False),
        ("2%", "2 percentage points", False),
    ],
)
def test_figures_that_say_the_same(said: str, held: str, same: bool) -> None:
    assert find_figures(said)[0].same(find_figures(held)[0]) is same


@given(st.integers(min_value=0, max_value=10**12))
def test_digits_with_and_without_commas_are_one_number(number: int) -> None:
    assert read_number(f"{number:,}") == read_number(str(number)) == number


@given(st.text(max_size=200))
def test_any_text_is_read_and_spans_are_its_slices(text: str) -> None:
    for figure in find_figures(text):
        assert figure.text == text[figure.span.start : figure.span.end]


@pytest.mark.parametrize(
    ("words", "value"), [("twenty-five", 25), ("one hundred and five", 105), ("two thousand and one", 2001)]
)
def test_numbers_in_words(words: str, value: int) -> None:
    assert read_number(words) == value
