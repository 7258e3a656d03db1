"""Does an answer state a figure that no cited passage holds? Amounts, shares, periods, dates, references.

A figure is a kind, a value and a unit: 5 years is not 5 days, and S$20,000 is not US$20,000.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Kind = Literal["money", "share", "period", "rhythm", "date", "reference", "number"]

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: value for value, word in enumerate(_UNITS, start=1)}
_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_WORDS |= {
    f"{ten}{dash}{unit}": _WORDS[ten] + _WORDS[unit] for ten in _TENS for unit in _UNITS[:9] for dash in "- "
}
_WORDS |= {"zero": 0, "nil": 0, "hundred": 100, "a hundred": 100, "one hundred": 100}
_SCALES = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mil": 10**6,
    "bn": 10**9,
    "b": 10**9,
}
_MONTHS = ("january february march april may june july august september october november december").split()
_MONTH_NUMBER = (
    {name: number for number, name in enumerate(_MONTHS, start=1)}
    | {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}
    | {"sept": 9}
)

_N = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORD_NUMBER = "|".join(sorted(_WORDS, key=len, reverse=True))
_ANY_NUMBER = rf"(?:{_N}|\b(?:{_WORD_NUMBER})\b)"
_SCALE = r"(?:\s?(?:thousand|million|billion|trillion|mn|bn|mil)\b|(?:k|m|b)\b)"
_CURRENCY = r"S\$|SGD|US\$|USD|EUR|GBP|HK\$|A\$|C\$|RM|JPY|CNY|RMB|[$€£¥]"
_CURRENCY_NAMES = {
    "s$": "SGD",
    "sgd": "SGD",
    "$": "SGD",
    "singapore dollars": "SGD",
    "dollars": "SGD",
    "us$": "USD",
    "usd": "USD",
    "us dollars": "USD",
    "eur": "EUR",
    "€": "EUR",
    "euros": "EUR",
    "rupees": "INR",
    "rupiah": "IDR",
    "baht": "THB",
    "gbp": "GBP",
    "£": "GBP",
    "pounds": "GBP",
    "hk$": "HKD",
    "a$": "AUD",
    "c$": "CAD",
    "rm": "MYR",
    "ringgit": "MYR",
    "jpy": "JPY",
    "¥": "JPY",
    "yen": "JPY",
    "cny": "CNY",
    "rmb": "CNY",
}
_OFTEN = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annually": "year",
    "annual": "year",
    "annum": "year",
}
_MONTH = "|".join((*_MONTHS, *(name[:3] + r"\.?" for name in _MONTHS), r"sept\.?"))
_PERIOD = (
    r"(?:(?:business|working|calendar|trading)\s+)?"
    r"(?:second|minute|hour|day|week|fortnight|month|quarter|year)s?"
)
_DOLLARS = r"(?:singapore\s|us\s)?dollars|euros|pounds|yen|ringgit|rupees|rupiah|baht"
_LIMBS = r"\((?:\d+[A-Z]?|[a-z]{1,3}|[A-Z]{1,2})\)"
_PROVISION = r"\d+[A-Z]{0,3}(?:[.-]\d+[A-Z]{0,2})*"
_REFERRING = (
    r"sections?|s|ss|paragraphs?|paras?|regulations?|rules?|articles?|clauses?|notices?|circulars?|"
    r"part|division|schedule|annex|appendix|table|chapter|no\."
)

_FIGURE = re.compile(
    rf"""
      (?P<iso>\b(?:19|20)\d\d-\d\d-\d\d\b)
    | (?P<day>\b\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month1>{_MONTH})\b,?\s+(?P<year1>(?:19|20)\d\d)\b
    | \b(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,\s+(?P<year2>(?:19|20)\d\d)\b
    | (?P<day4>\b\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month4>{_MONTH})\b
    | \b(?P<month3>{_MONTH})\s+(?P<year3>(?:19|20)\d\d)\b
    | (?P<currency>(?<![\w$]){_CURRENCY})\s?(?P<amount>{_N})(?P<scale1>{_SCALE})?
    | (?P<amount2>{_ANY_NUMBER})(?P<scale2>{_SCALE})?\s+(?P<currency2>{_DOLLARS})\b
    | (?P<share>{_ANY_NUMBER})\s?(?:%|per\s?cent\b|percent\b|percentage\spoints?\b)
    | (?P<points>{_ANY_NUMBER})\sbasis\spoints?\b
    | (?P<period>{_ANY_NUMBER})(?:\s*\(\d+\))?[\s-]+(?:consecutive\s)?(?P<unit>{_PERIOD})\b
    | \b(?:a|an|per|each|every)\s(?:(?:financial|calendar|further|additional)\s)?
        (?P<each>day|week|month|quarter|year|annum)\b
    | \b(?P<often>daily|weekly|monthly|quarterly|yearly|annually|annual)\b
    | (?P<limbed>\b{_PROVISION}(?:{_LIMBS})+)
    | (?<!['’\w])(?:{_REFERRING})\s(?P<referred>{_PROVISION}(?:{_LIMBS})*)
    | (?P<coded>\b(?=[A-Z]{{2}})[A-Z]+(?:[-/][A-Z]+)*[-/]?\d+(?:/\d+)*[A-Z]?\b)
    | (?P<dotted>\b\d+[A-Z]{{1,3}}\b|\b\d+(?:\.\d+){{2,}}\b|\b\d+-\d+-\d+[A-Z]?\b)
    | (?P<number>(?<![\w.])(?:{_N})(?![\w]))(?P<scale3>{_SCALE})?
    | (?P<words>\b(?:{_WORD_NUMBER})\b)(?P<scale4>{_SCALE})?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MARK = re.compile(r"\[\d{1,3}\]")
# "One" and its like say so little that a passage need not say them back.
_EMPTY_WORDS = frozenset({"one", "hundred", "a hundred"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: values compare as Decimals, dates and references as text; `text` is how it is written."""

    kind: Kind
    value: Decimal | str
    unit: str
    text: str

    def agrees_with(self, held: "Figure") -> bool:
        """Tell whether a passage that holds `held` holds this.

        A year, a month or a day is held by a date with it, a bare number by a count or a
        period of the same value, and a section by a limb of it.
        """
        if self.kind == "number":
            if held.kind == "date":
                return str(held.value)[:4] == str(self.value)
            if held.kind == "reference":
                return str(held.value).startswith(str(self.value))
            return held.kind in ("number", "period") and self.value == held.value
        if self.kind != held.kind or self.unit != held.unit:
            return self.kind == "reference" and held.kind == "number" and str(held.value) == self.value
        if self.kind == "date":
            value = str(held.value)
            return value.startswith(str(self.value)) or value.endswith(str(self.value))
        if self.kind == "reference":
            return held.value == self.value or str(held.value).startswith(f"{self.value}(")
        return self.value == held.value


def unsupported_figures(answer: str, passages: Iterable[str]) -> tuple[str, ...]:
    """Return the figures that an answer states and none of the passages holds, as it writes them."""
    held = [figure for passage in passages for figure in figures(passage)]
    stated = figures(answer)
    if (
        len(stated) == 1
        and stated[0].kind == "number"
        and stated[0].text == _MARK.sub(" ", answer).strip(" .")
    ):
        # The whole answer is a number: its unit stands in the question, so the value decides.
        return () if stated[0].value in {figure.value for figure in held} else (stated[0].text,)
    missing = [figure.text for figure in stated if not any(figure.agrees_with(other) for other in held)]
    return tuple(dict.fromkeys(missing))


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of a text, in order; citation marks are none."""
    folded = " ".join(_MARK.sub(" ", text).replace("‑", "-").replace("–", "-").split())
    return tuple(filter(None, (_figure(match) for match in _FIGURE.finditer(folded))))


def _figure(match: re.Match[str]) -> Figure | None:
    """Turn what matched into a figure; None for a "one" that counts nothing."""
    part = match.groupdict()
    text = match.group().strip()
    date = _date(part)
    if date is not None:
        return Figure("date", date, "", text)
    rhythm = part["each"] or part["often"]
    if rhythm:
        return Figure("rhythm", _OFTEN.get(rhythm.lower(), rhythm.lower()), "", text)
    reference = part["limbed"] or part["referred"] or part["coded"] or part["dotted"]
    if reference:
        return Figure("reference", reference.upper(), "", text)
    measured = _measured(part, text)
    if measured is not None:
        return measured
    if (part["words"] or "").lower() in _EMPTY_WORDS and not part["scale4"]:
        return None
    return Figure(
        "number", _value(part["words"] or part["number"], part["scale3"] or part["scale4"]), "", text
    )


def _measured(part: dict[str, str | None], text: str) -> Figure | None:
    if part["currency"]:
        return Figure("money", _value(part["amount"], part["scale1"]), _currency(part["currency"]), text)
    if part["currency2"]:
        return Figure("money", _value(part["amount2"], part["scale2"]), _currency(part["currency2"]), text)
    if part["share"]:
        return Figure("share", _value(part["share"], None), "", text)
    if part["points"]:
        return Figure("share", _value(part["points"], None), "basis point", text)
    if part["period"]:
        unit = " ".join((part["unit"] or "").lower().split()).removesuffix("s")
        return Figure("period", _value(part["period"], None), unit, text)
    return None


def _date(part: dict[str, str | None]) -> str | None:
    if part["iso"]:
        return part["iso"]
    for month, day, year in (
        ("month1", "day", "year1"),
        ("month2", "day2", "year2"),
        ("month3", "", "year3"),
    ):
        name = part[month]
        if name:
            number = _MONTH_NUMBER[name.lower().rstrip(".")]
            start = f"{part[year]}-{number:02}"
            return f"{start}-{int(part[day] or 0):02}" if day else start
    if part["month4"]:
        return f"-{_MONTH_NUMBER[part['month4'].lower().rstrip('.')]:02}-{int(part['day4'] or 0):02}"
    return None


def _value(number: str | None, scale: str | None) -> Decimal:
    assert number is not None  # noqa: S101  # the pattern matched it
    word = " ".join(number.lower().split())
    value = Decimal(_WORDS[word]) if word in _WORDS else Decimal(word.replace(",", ""))
    return value * _SCALES[scale.strip().lower()] if scale else value


def _currency(name: str) -> str:
    return _CURRENCY_NAMES[" ".join(name.lower().split())]
