"""Figures of a text in a normal form: amounts, percentages, periods, dates, counts, section numbers.

Two figures say the same when kind, unit and value are equal: "twelve months" is "1 year",
"S$1.5 billion" is "$1,500 million", and 5 years is not 5 days.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rag_ft.grounding.numbers import NUMBER, read_number
from rag_ft.schema import Span

FigureKind = Literal[
    "amount", "percent", "period", "date", "time", "reference", "frequency", "ratio", "count"
]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, its unit and value in normal form, and where it stands.

    `unit` is a currency ("SGD"), "percent", "month", "business day", "section"; `value` is
    a decimal, a date's `year-month-day` with `?` for what is not given, or a label ("16(3)").
    `noun` is the words after a count.
    """

    kind: FigureKind
    unit: str
    value: str
    text: str
    span: Span
    noun: str = ""

    @property
    def every(self) -> str | None:
        """The period of a frequency, or a period as one: "12 month"."""
        return {"frequency": self.value, "period": f"{self.value} {self.unit}"}.get(self.kind)

    def same(self, other: "Figure") -> bool:
        """Tell whether this figure says no more and no other than `other` does."""
        if "frequency" in (self.kind, other.kind):
            # "annually" and "every 12 months" say the same.
            return self.every == other.every
        if self.kind != other.kind or self.unit != other.unit:
            return False
        if self.kind == "date":
            return all(mine in ("?", theirs) for mine, theirs in zip(*_dates(self, other), strict=True))
        return self.value == other.value


def _dates(one: Figure, other: Figure) -> tuple[list[str], list[str]]:
    return one.value.split("-"), other.value.split("-")


def find_figures(text: str) -> tuple[Figure, ...]:
    """Find every figure of a text, in order; offsets are in its characters.

    What reads as a date, a section number or an amount is not counted again as a count.
    """
    taken = bytearray(len(text))
    figures: list[Figure] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            found = list(read(match))
            if found:
                figures.extend(found)
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return tuple(sorted(figures, key=lambda figure: (figure.span, figure.value)))


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _figure(match: re.Match[str], kind: FigureKind, unit: str, value: str, noun: str = "") -> Figure:
    return Figure(kind, unit, value, match.group(), Span(match.start(), match.end()), noun)


# Dates -------------------------------------------------------------------------------------

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"


def _read_date(match: re.Match[str]) -> Iterator[Figure]:
    parts = match.groupdict()
    month = parts.get("month")
    if month and not month.isdigit():
        month = str(1 + next(at for at, name in enumerate(_MONTHS) if name.startswith(month.casefold()[:3])))
    day = parts.get("day")
    if month and int(month) > 12:
        return
    value = "-".join(str(int(part)) if part else "?" for part in (parts.get("year"), month, day))
    yield _figure(match, "date", "day", value)


# Amounts -----------------------------------------------------------------------------------

# "$" alone is the Singapore dollar in Singapore's texts; "US$" never is.
_CURRENCIES = {
    "s$": "SGD", "sgd": "SGD", "$": "SGD", "singapore dollar": "SGD", "dollar": "SGD",
    "us$": "USD", "usd": "USD", "us dollar": "USD", "u.s. dollar": "USD", "united states dollar": "USD",
    "a$": "AUD", "aud": "AUD", "australian dollar": "AUD", "hk$": "HKD", "hkd": "HKD",
    "hong kong dollar": "HKD", "nz$": "NZD", "nzd": "NZD", "c$": "CAD", "cad": "CAD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "£": "GBP", "gbp": "GBP", "pound": "GBP",
    "pound sterling": "GBP", "¥": "JPY", "jpy": "JPY", "yen": "JPY", "rm": "MYR", "myr": "MYR",
    "ringgit": "MYR", "rmb": "CNY", "cny": "CNY", "yuan": "CNY", "renminbi": "CNY", "chf": "CHF",
    "swiss franc": "CHF", "inr": "INR", "rupee": "INR", "idr": "IDR", "rupiah": "IDR", "thb": "THB",
    "baht": "THB", "cent": "cent",
}  # fmt: skip
_SYMBOL = r"(?:US|HK|NZ|[SAC])?\$|€|£|¥|\b(?:SGD|USD|AUD|HKD|NZD|EUR|GBP|JPY|MYR|RM|RMB|CNY|CHF|INR|IDR|THB)(?![a-z])"
_NAMED = r"(?:Singapore|US|U\.S\.|United States|Australian|Hong Kong) dollars?|dollars?|euros?|pounds?(?: sterling)?|yen|ringgit|yuan|renminbi|rupees?|rupiah|baht|Swiss francs?|SGD|USD|EUR|GBP|JPY|MYR|RMB|CNY|CHF"


def _read_amount(match: re.Match[str]) -> Iterator[Figure]:
    written = (match["symbol"] or match["named"]).casefold().strip()
    unit = _CURRENCIES.get(written) or _CURRENCIES.get(written.rstrip("s")) or written.upper()
    for group in ("low", "number"):
        if match[group]:
            number = match[group]
            if group == "low" and match["number"] and not re.search("[a-z]", number):
                # "S$1 to 2 million": the scale stands once, after the second number.
                scale = re.search(r"[a-z]+\Z", match["number"], re.IGNORECASE)
                number = f"{number} {scale.group()}" if scale and scale.group() in _LONG_SCALES else number
            yield _figure(match, "amount", unit, _plain(read_number(number)))


_LONG_SCALES = ("thousand", "million", "billion", "trillion")


# Percentages, periods, counts --------------------------------------------------------------


def _read_percent(match: re.Match[str]) -> Iterator[Figure]:
    written = " ".join(match["unit"].casefold().replace("-", " ").split())
    points = "point" in written or "bp" in written
    per_hundred = 100 if written.startswith(("basis", "bp")) else 1
    for group in ("low", "number"):
        if match[group]:
            value = read_number(match[group]) / per_hundred
            yield _figure(match, "percent", "percentage point" if points else "percent", _plain(value))


_PERIODS: dict[str, tuple[str, int]] = {
    "year": ("month", 12), "month": ("month", 1), "quarter": ("month", 3), "week": ("day", 7),
    "fortnight": ("day", 14), "day": ("day", 1), "calendar day": ("day", 1), "hour": ("hour", 1),
    "minute": ("minute", 1), "min": ("minute", 1), "second": ("second", 1), "decade": ("month", 120),
    "business day": ("business day", 1), "working day": ("working day", 1),
    "trading day": ("trading day", 1), "market day": ("market day", 1), "banking day": ("banking day", 1),
    "business hour": ("business hour", 1), "working hour": ("working hour", 1),
}  # fmt: skip


def _read_period(match: re.Match[str]) -> Iterator[Figure]:
    written = re.sub(r"[\s-]+", " ", match["unit"].casefold()).removesuffix("s")
    unit, times = _PERIODS[written]
    for group in ("low", "number"):
        if match[group]:
            number = "1" if match[group].casefold() in ("a", "an") else match[group]
            yield _figure(match, "period", unit, _plain(read_number(number) * times))


_FREQUENCIES = {
    "annually": "12 month", "yearly": "12 month", "annual": "12 month", "year": "12 month",
    "semi-annually": "6 month", "half-yearly": "6 month", "quarterly": "3 month", "quarter": "3 month",
    "monthly": "1 month", "month": "1 month", "fortnightly": "14 day", "weekly": "7 day", "week": "7 day",
    "daily": "1 day", "day": "1 day", "hourly": "1 hour", "hour": "1 hour", "biennially": "24 month",
}  # fmt: skip


def _read_frequency(match: re.Match[str]) -> Iterator[Figure]:
    yield _figure(match, "frequency", "every", _FREQUENCIES[match["often"].casefold()])


def _read_time(match: re.Match[str]) -> Iterator[Figure]:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").casefold().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour < 24 and minute < 60:
        yield _figure(match, "time", "minute of day", str(60 * hour + minute))


def _read_fraction(match: re.Match[str]) -> Iterator[Figure]:
    part = match["part"].casefold().removesuffix("s")
    over = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}[part]
    times = 1 if (match["times"] or "a").casefold() in ("a", "one") else int(read_number(match["times"]))
    yield _figure(match, "ratio", "fraction", f"{times}/{over}")


def _read_ratio(match: re.Match[str]) -> Iterator[Figure]:
    yield _figure(
        match, "ratio", "ratio", re.sub(r"\s|to", lambda m: ":" if m.group() == "to" else "", match.group())
    )


def _read_times(match: re.Match[str]) -> Iterator[Figure]:
    word = {"once": "1", "twice": "2", "thrice": "3", "double": "2", "triple": "3"}
    value = word.get(match.group().casefold()) or _plain(read_number(match["number"]))
    yield _figure(match, "count", "times", value)


def _read_count(match: re.Match[str]) -> Iterator[Figure]:
    number = match["number"]
    following = match["noun"] or ""
    if number.casefold() == "one" and not _COUNTED.match(following):
        return  # "one of", "no one": a word, not a count
    value = read_number(number)
    year = re.fullmatch(r"(?:19|20)\d\d", number)
    if year and not re.match(r" (?!(?:is|was|has|as|this|thus)\b)[a-z-]+s\b", following):
        yield _figure(match, "date", "day", f"{number}-?-?")
        return
    yield Figure(
        "count",
        "",
        _plain(value),
        number,
        Span(match.start("number"), match.end("number")),
        following.strip(),
    )


_COUNTED = re.compile(r" (?!(?:of|or|and|who|another|that|which|is|in|to|for|such|may|must|the)\b)[a-z]")


# Section, paragraph and notice numbers -----------------------------------------------------

_LABEL = r"(?:\d+[A-Z]{0,3}(?:[.\-]\d+[A-Z]?)*(?:\(\w{1,5}\))*|\(\w{1,5}\)(?:\(\w{1,5}\))*|[A-Z](?:[.\-]\d+)*(?![\w’'])|[IVXLC]+[A-Z]?\b)"
_KINDS = {
    "section": "sections?|ss?\\.?(?= ?\\d)|sec\\.|§+",
    "paragraph": "paragraphs?|paras?\\.?|sub-?paragraphs?|clauses?|limbs?",
    "subsection": "sub-?sections?",
    "regulation": "regulations?|regs?\\.",
    "rule": "rules?",
    "article": "articles?|arts?\\.",
    "part": "parts?",
    "division": "divisions?",
    "chapter": "chapters?|cap\\.?",
    "schedule": "schedules?",
    "annex": "annex(?:es)?|appendix|appendices",
    "table": "tables?",
    "footnote": "footnotes?|endnotes?",
    "recommendation": "recommendations?",
    "principle": "principles?",
    "phase": "phases?|stages?|tiers?|steps?|basel|levels?|pillars?",
    "form": "forms?",
}
_REFERENCE = "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items())
_LINKED = r"(?:(?:\s*,\s*|\s*[-–]\s*|,?\s+(?:and|or|to)\s+){label})*"
_CODE = r"(?:PSN|FSM-?N|FSM-?G|SFA\s?\d{0,2}[A-C]?-?[NG]|FAA-?[NG]|CMG-?[NG]|PS-?[NG]|TCA-?[NG]|FHC-?[NG]|SKN|MAS|SRD|PDD?|TRPD|BD|ID|CMI|AMLD?|FSG)"
_NOTICE = rf"(?:{_CODE}\s?\d{{1,4}}[A-Z]?(?:\(\w\))?(?:/\d+)*|\d{{2,4}}[A-Z]?)"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()


def _read_reference(match: re.Match[str]) -> Iterator[Figure]:
    kind = next(kind for kind in _KINDS if match[kind])
    for label in re.finditer(_LABEL, match["labels"]):
        yield _figure(match, "reference", kind, label.group().casefold().rstrip("."))


def _read_notice(match: re.Match[str]) -> Iterator[Figure]:
    for number in re.finditer(_NOTICE, match["numbers"]):
        yield _figure(match, "reference", "notice", re.sub(r"[\s-]", "", number.group()).casefold())


def _read_schedule(match: re.Match[str]) -> Iterator[Figure]:
    yield _figure(match, "reference", "schedule", str(1 + _ORDINALS.index(match["ordinal"].casefold())))


def _read_act(match: re.Match[str]) -> Iterator[Figure]:
    yield _figure(match, "reference", "year of the law", match["year"])


_Reader = Callable[[re.Match[str]], Iterator[Figure]]
_RANGE = rf"(?:(?P<low>{NUMBER})(?:\s*[-–]\s*|\s+(?:to|and|or)\s+))?"
_PERIOD_UNIT = r"(?P<unit>(?:(?:calendar|business|working|trading|market|banking)[ -])?(?:years?|months?|quarters?|weeks?|fortnights?|days?|hours?|minutes?|mins?|seconds?|decades?))\b"


def _compiled(pattern: str, *, case: bool = False) -> re.Pattern[str]:
    return re.compile(pattern, 0 if case else re.IGNORECASE)


# In this order: what an earlier pattern takes, a later one does not read again.
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_compiled(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])\b"), _read_date),
    (_compiled(rf"\b{_DAY}[\s-]+(?:day of )?{_MONTH},?[\s-]+{_YEAR}\b"), _read_date),
    (_compiled(rf"\b{_MONTH} {_DAY},? {_YEAR}\b"), _read_date),
    (_compiled(r"\b(?P<day>0?[1-9]|[12]\d|3[01])[/.](?P<month>0?[1-9]|1[0-2])[/.](?P<year>(?:19|20)\d\d)\b"), _read_date),
    (_compiled(rf"\b{_MONTH},? {_YEAR}\b"), _read_date),
    (_compiled(rf"\b{_DAY} {_MONTH}(?![a-z])", case=True), _read_date),
    (_compiled(rf"\b{_MONTH} {_DAY}\b(?!\s*%)", case=True), _read_date),
    (_compiled(rf"\b(?:Act|Regulations|Rules|Order|Bill|Code|Directions?|Guidelines)\s+{_YEAR}\b", case=True), _read_act),
    (_compiled(rf"\b(?:Notices?|Circulars?|Guidelines)\s+(?:Nos?\.?\s+)?(?P<numbers>{_NOTICE}(?:(?:,\s*|,?\s+(?:and|or)\s+){_NOTICE})*)(?![\d,]*\d)"), _read_notice),
    (_compiled(rf"\b(?P<numbers>{_CODE.replace('MAS|', '')}\s?\d{{1,4}}[A-Z]?)\b", case=True), _read_notice),
    (_compiled(rf"\b(?P<ordinal>{'|'.join(_ORDINALS)}) Schedule\b"), _read_schedule),
    (_compiled(rf"(?<![\w-])(?i:{_REFERENCE})\s?(?:[Nn]os?\.\s)?(?P<labels>{_LABEL}{_LINKED.format(label=_LABEL)})", case=True), _read_reference),
    (_compiled(rf"(?P<symbol>{_SYMBOL})\s?(?:(?P<low>{NUMBER})(?:\s*[-–]\s*|\s+(?:to|and|or)\s+)(?=[\d]))?(?P<number>{NUMBER})(?P<named>)", ), _read_amount),
    (_compiled(rf"(?<![\w.]){_RANGE}(?P<number>{NUMBER})\s(?:of\s)?(?P<named>{_NAMED})\b(?P<symbol>)"), _read_amount),
    (_compiled(rf"(?<![\w.]){_RANGE}(?P<number>{NUMBER})[\s-]?(?P<unit>%|per ?cent(?:age)?(?:[ -]points?)?\b|percentage[ -]points?\b|basis[ -]points?\b|bps?\b)"), _read_percent),
    (_compiled(r"\b(?:(?:once|one time) (?:a|every|each|per) |every |each |per )(?P<often>year|quarter|month|week|day|hour)\b(?! (?:business|working))"), _read_frequency),
    (_compiled(rf"(?<![\w.]){_RANGE}(?P<number>{NUMBER}|an?(?= (?:full )?(?:year|month|week|fortnight|day|hour|decade|business day|working day)\b))(?:[\s-]|\s\(\d+\)\s)(?:full |consecutive |clear |successive )?{_PERIOD_UNIT}"), _read_period),
    (_compiled(r"\b(?P<often>annually|yearly|semi-annually|half-yearly|quarterly|monthly|fortnightly|weekly|daily|hourly|biennially)\b"), _read_frequency),
    (_compiled(r"(?<![\w.:])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap]\.?m\b\.?)"), _read_time),
    (_compiled(r"(?<![\w.:])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?P<half>)(?= ?(?:hours|hrs|h)\b)"), _read_time),
    (_compiled(r"(?<![\w.])\d+(?:\.\d+)?\s?(?::|to)\s?1(?![\w.,])"), _read_ratio),
    (_compiled(rf"\b(?P<times>an?|{NUMBER})?[ -]?(?P<part>half|halves|thirds?|quarters?|fourths|fifths?|tenths?)(?= of\b)"), _read_fraction),
    (_compiled(rf"\b(?:(?P<number>{NUMBER})[ -]times|twice|thrice|double)\b"), _read_times),
    (_compiled(rf"(?<![\w.,$/-])(?<!\()(?P<number>{NUMBER})(?![\d%])(?!\.\d)(?P<noun>(?:[ -][A-Za-z][\w’'-]*){{0,4}})"), _read_count),
)  # fmt: skip
