"""Periods and frequencies: 5 years, twelve months, 3 business days, annually."""

import re
from collections.abc import Iterator

from rag_ft.grounding.figures.figure import Figure, Reader, figure_of, pattern, plain
from rag_ft.grounding.figures.numbers import NUMBER, RANGE, read_number

# In what a period is counted: a year is twelve months, but a month is no number of days, and a
# business day is no day.
_UNITS = {
    "year": ("month", 12),
    "month": ("month", 1),
    "quarter": ("month", 3),
    "decade": ("month", 120),
    "week": ("day", 7),
    "fortnight": ("day", 14),
    "day": ("day", 1),
    "hour": ("hour", 1),
    "minute": ("minute", 1),
    "min": ("minute", 1),
    "second": ("second", 1),
}
_FREQUENCIES = {
    "annual": "12 month",
    "annually": "12 month",
    "yearly": "12 month",
    "year": "12 month",
    "semi-annually": "6 month",
    "half-yearly": "6 month",
    "quarterly": "3 month",
    "quarter": "3 month",
    "monthly": "1 month",
    "month": "1 month",
    "fortnightly": "14 day",
    "weekly": "7 day",
    "week": "7 day",
    "daily": "1 day",
    "day": "1 day",
    "hourly": "1 hour",
    "hour": "1 hour",
    "biennially": "24 month",
}
_QUALIFIER = r"(?:calendar|business|working|trading|market|banking)"
_UNIT = (
    rf"(?P<unit>(?:{_QUALIFIER}[ -])?"
    r"(?:years?|months?|quarters?|weeks?|fortnights?|days?|hours?|minutes?|mins?|seconds?|decades?))\b"
)
_ARTICLE = rf"an?(?= (?:full )?(?:year|month|week|fortnight|hour|decade|day|{_QUALIFIER} day)\b)"


def _unit_of(written: str) -> tuple[str, int]:
    words = re.split(r"[\s-]+", written.casefold().removesuffix("s"))
    if len(words) == 1 or words[0] == "calendar":
        return _UNITS[words[-1]]
    return " ".join(words), 1  # a "business month" is nobody's month


def _read_period(match: re.Match[str]) -> Iterator[Figure]:
    unit, times = _unit_of(match["unit"])
    for number in (match["low"], match["number"]):
        if number:
            value = read_number("1" if number.casefold() in ("a", "an") else number)
            yield figure_of(match, "period", unit, plain(value * times))


def _read_next(match: re.Match[str]) -> Iterator[Figure]:
    yield figure_of(match, "period", _unit_of(match["unit"])[0], "next")


def _read_frequency(match: re.Match[str]) -> Iterator[Figure]:
    yield figure_of(match, "frequency", "every", _FREQUENCIES[match["often"].casefold()])


def _read_times(match: re.Match[str]) -> Iterator[Figure]:
    """Read "twice a year" as every six months, where the times go into the period evenly."""
    length = {"year": 12, "month": 1}[match["often"].casefold()]
    times = 2 if match["twice"] else int(read_number(match["number"]))
    if times and length % times == 0:
        yield figure_of(match, "frequency", "every", f"{length // times} month")
    else:
        yield figure_of(match, "count", "times", str(times))


# Frequencies first: "once a year" is no period of a year.
PERIODS: tuple[Reader, ...] = (
    (
        pattern(
            rf"\b(?:(?P<twice>twice)|(?P<number>{NUMBER})\stimes)\s(?:a|each|every|per)\s(?P<often>year|month)\b"
        ),
        _read_times,
    ),
    (
        pattern(
            r"\b(?:(?:once|one time) (?:a|every|each|per) |every |each |per )",
            r"(?P<often>year|quarter|month|week|day|hour)\b(?! (?:business|working))",
        ),
        _read_frequency,
    ),
    (
        pattern(r"\bon an? (?P<often>annual|yearly|quarterly|monthly|weekly|daily|hourly) basis\b"),
        _read_frequency,
    ),
    (
        pattern(
            r"\b(?P<often>annually|yearly|semi-annually|half-yearly|quarterly|monthly|fortnightly|weekly",
            r"|daily|hourly|biennially)\b",
        ),
        _read_frequency,
    ),
    (
        pattern(
            rf"(?<![\w.]){RANGE}(?P<number>{NUMBER}|{_ARTICLE})",
            r"(?:\sor\s(?:more|fewer|less))?(?:[\s-]|\s\(\d+\)\s)(?:full |consecutive |clear |successive )?",
            _UNIT,
        ),
        _read_period,
    ),
    (
        pattern(
            r"\b(?:next|following|same|preceding|previous)\s",
            rf"(?P<unit>(?:{_QUALIFIER} )?(?:day|week|month|hour|quarter|year))\b",
        ),
        _read_next,
    ),
)
