"""Dates, years and times of day."""

import re
from collections.abc import Iterator

from rag_ft.grounding.figures.figure import Figure, Reader, figure_of, pattern

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"


def _read_date(match: re.Match[str]) -> Iterator[Figure]:
    parts = match.groupdict()
    month = parts.get("month")
    if month and not month.isdigit():
        month = str(1 + next(at for at, name in enumerate(_MONTHS) if name[:3] == month.casefold()[:3]))
    value = "-".join(str(int(part)) if part else "?" for part in (parts.get("year"), month, parts.get("day")))
    yield figure_of(match, "date", "day", value)


def _read_time(match: re.Match[str]) -> Iterator[Figure]:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").casefold().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour < 24 and minute < 60:
        yield figure_of(match, "time", "minute of day", str(60 * hour + minute))


DATES: tuple[Reader, ...] = (
    (pattern(r"\b", _YEAR, r"-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])\b"), _read_date),
    (pattern(r"\b", _DAY, r"[\s-]+(?:day of )?", _MONTH, r",?[\s-]+", _YEAR, r"\b"), _read_date),
    (pattern(r"\b", _MONTH, " ", _DAY, r",? ", _YEAR, r"\b"), _read_date),
    # Day before month, as Singapore writes it.
    (pattern(r"\b(?P<day>0?[1-9]|[12]\d|3[01])[/.](?P<month>0?[1-9]|1[0-2])[/.]", _YEAR, r"\b"), _read_date),
    (pattern(r"\b", _MONTH, r",? ", _YEAR, r"\b"), _read_date),
    # With its capital: "may 5 banks" is no date.
    (pattern(r"\b", _DAY, " ", _MONTH, "(?![a-z])", case=True), _read_date),
    (pattern(r"\b", _MONTH, " ", _DAY, r"\b(?!\s*%)", case=True), _read_date),
)
TIMES: tuple[Reader, ...] = (
    (pattern(r"(?<![\w.:])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap]\.?m\b\.?)"), _read_time),
    (
        pattern(r"(?<![\w.:])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?P<half>)(?= ?(?:hours|hrs|h)\b)"),
        _read_time,
    ),
)
