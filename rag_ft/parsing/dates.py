"""Dates as documents write them."""

import re
from datetime import date, datetime

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DATE = rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{'|'.join(_MONTHS)}),? (?P<year>\d{{4}})"
_WRITTEN = re.compile(rf"\b{_DATE}\b")
# "[Act 1 of 2021 wef 04/04/2024]": since when an amendment has effect.
_TAG = re.compile(r"\bwef (?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})")
_EFFECT = re.compile(rf"\bwith effect from (?:and including )?{_DATE}\b", re.IGNORECASE)


def first_date(text: str) -> date | None:
    """Return the first date that is written out, as "28 March 2024"."""
    return next((found for match in _WRITTEN.finditer(text) if (found := _written(match))), None)


def labelled_date(text: str, label: str) -> date | None:
    """Return the first date written out behind one of the labels (a pattern)."""
    pattern = re.compile(rf"(?:{label})\s*[:–-]?\s*{_DATE}\b", re.IGNORECASE)
    return next((found for match in pattern.finditer(text) if (found := _written(match))), None)


def effect_date(text: str) -> date | None:
    """Return the date from which words have effect, where they or their tag say so."""
    match = _EFFECT.search(text)
    if match and (found := _written(match)):
        return found
    return latest_tag(text)


def latest_tag(text: str) -> date | None:
    """Return the latest date of the amendment tags in a text."""
    return max(filter(None, (_numbers(match) for match in _TAG.finditer(text))), default=None)


def as_date(value: object) -> date | None:
    """Read a date out of front matter: a YAML date, ISO text, or one written out."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return first_date(value)
    return None


def _written(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), 1 + _MONTHS.index(match["month"].capitalize()), int(match["day"]))
    except ValueError:
        return None


def _numbers(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
