"""Amounts of money and percentages."""

import re
from collections.abc import Iterator

from rag_ft.grounding.figures.figure import Figure, Reader, figure_of, pattern, plain
from rag_ft.grounding.figures.numbers import NUMBER, RANGE, read_number

# By code: the symbols and names of each. "$" and "dollars" alone are Singapore's in Singapore's
# texts; "US$" never is.
_CURRENCIES = {
    "SGD": ("s$", "sgd", "$", "singapore dollar", "dollar"),
    "USD": ("us$", "usd", "us dollar", "u.s. dollar", "united states dollar"),
    "AUD": ("a$", "aud", "australian dollar"),
    "HKD": ("hk$", "hkd", "hong kong dollar"),
    "NZD": ("nz$", "nzd", "new zealand dollar"),
    "CAD": ("c$", "cad", "canadian dollar"),
    "EUR": ("€", "eur", "euro"),
    "GBP": ("£", "gbp", "pound", "pound sterling"),
    "JPY": ("¥", "jpy", "yen"),
    "MYR": ("rm", "myr", "ringgit"),
    "CNY": ("rmb", "cny", "yuan", "renminbi"),
    "CHF": ("chf", "swiss franc"),
    "INR": ("inr", "rupee"),
    "IDR": ("idr", "rupiah"),
    "THB": ("thb", "baht"),
}
_CODE_OF = {name: code for code, names in _CURRENCIES.items() for name in names}
_SYMBOL = (
    r"(?P<symbol>(?:US|HK|NZ|[SAC])?\$|€|£|¥"
    r"|\b(?:SGD|USD|AUD|HKD|NZD|CAD|EUR|GBP|JPY|MYR|RM|RMB|CNY|CHF|INR|IDR|THB)(?![a-z]))"
)
_NAMED = (
    r"(?P<named>(?:Singapore|US|U\.S\.|United States|Australian|Hong Kong|New Zealand|Canadian) dollars?"
    r"|dollars?"
    r"|euros?|pounds?(?: sterling)?|yen|ringgit|yuan|renminbi|rupees?|rupiah|baht|Swiss francs?"
    r"|SGD|USD|EUR|GBP|JPY|MYR|RMB|CNY|CHF)\b"
)
_SCALE = re.compile(r"(?:thousand|million|billion|trillion)\Z", re.IGNORECASE)


def _read_amount(match: re.Match[str]) -> Iterator[Figure]:
    groups = match.groupdict()
    written = (groups.get("symbol") or groups.get("named") or "").casefold()
    unit = _CODE_OF.get(written) or _CODE_OF[written.removesuffix("s")]
    low, number = groups["low"], groups["number"]
    if low:
        # "S$1 to 2 million": the scale stands once, after the second number.
        scale = _SCALE.search(number)
        shared = f" {scale.group()}" if scale and not _SCALE.search(low) else ""
        yield figure_of(match, "amount", unit, plain(read_number(low + shared)))
    yield figure_of(match, "amount", unit, plain(read_number(number)))


def _read_percent(match: re.Match[str]) -> Iterator[Figure]:
    written = match["unit"].casefold()
    points = "point" in written or "bp" in written
    per_hundred = 100 if written.startswith(("basis", "bp")) else 1
    for number in (match["low"], match["number"]):
        if number:
            value = read_number(number) / per_hundred
            yield figure_of(match, "percent", "percentage point" if points else "percent", plain(value))


_TO = r"(?:\s*[-–]\s*|\s+(?:to|and|or)\s+)"
AMOUNTS: tuple[Reader, ...] = (
    (
        pattern(
            _SYMBOL,
            rf"\s?(?:(?P<low>{NUMBER}){_TO}(?=\d)(?!{NUMBER}\s?(?:%|per\s?cent)))?(?P<number>{NUMBER})",
        ),
        _read_amount,
    ),
    (pattern(r"(?<![\w.])", RANGE, rf"(?P<number>{NUMBER})\s(?:of\s)?", _NAMED), _read_amount),
)
PERCENTAGES: tuple[Reader, ...] = (
    (
        pattern(
            r"(?<![\w.$€£¥])",
            RANGE,
            rf"(?P<number>{NUMBER})[\s-]?",
            r"(?P<unit>%|per ?cent(?:age)?(?:[ -]points?)?\b|percentage[ -]points?\b",
            r"|basis[ -]points?\b|bps?\b)",
        ),
        _read_percent,
    ),
)
