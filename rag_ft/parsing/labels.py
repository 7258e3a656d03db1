"""Paragraph labels: how they are printed, what they count, which follows which."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Style = Literal["decimal", "dash", "digit", "lower", "roman", "upper", "ROMAN"]

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_ROMAN_NUMERAL = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")

# The orders in which a printed label is tried. A bare number is a label only before white space.
_DASH = re.compile(
    r"(?P<body>(?:\d{1,3}|[A-Z]{1,3})[A-Z]?(?:[-‑–]\d{1,3}[A-Z]{0,2}){1,4}|\d{1,3}[-‑][A-Z])(?=\s|$)"
)
_DECIMAL = re.compile(r"(?P<body>[A-Z]?\d{1,3}[A-Z]{0,3}(?:\.\d{1,3}[A-Z]{0,3}){1,5})\.?(?=\s|$)")
# A day or a quantity at the head of a line is no label.
_QUANTITY = (
    r"(?!\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\s+(?:per ?cent|percent|million|billion|years?|months?|weeks?|days?|hours?|business days?)\b|\s+%)"
)
_NUMBER = re.compile(rf"(?P<body>\d{{1,3}}[A-Z]{{0,3}})(?P<dot>\.)?(?=\s|$|[—–]\(){_QUANTITY}")
_PAREN = re.compile(r"\((?P<body>\d{1,3}[A-Z]{0,2}|[a-z]{1,4}|[A-Z]{1,5})\)(?=\s|[(“\"‘—–]|$|[a-z]{3})")
_HALF = re.compile(r"(?P<body>\d{1,2}|[a-z]{1,4})\)(?=\s|$)")
_POINT = re.compile(r"(?P<body>[a-z]|[ivxl]{1,5}|[A-Z]|[IVXL]{1,5})\.(?=\s|$)")
_BULLET = re.compile(r"(?P<body>[•▪●◦■□❖➢‣–—\-o\uf0b7\uf0a7\uf0d8])(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Count:
    """One reading of a label: a style and the place it counts to.

    `key` orders labels of a style; an inserted label sorts after the one it follows:
    "3" (3,), "3A" (3, 1), "4" (4,).
    """

    style: Style
    key: tuple[int, ...]

    @property
    def is_first(self) -> bool:
        """Whether a list may begin here."""
        return self.key == (1,)

    def follows(self, other: "Count") -> bool:
        """Whether this is the very next label after `other`, inserted ones included."""
        if self.style != other.style:
            return False
        mine, theirs = self.key, other.key
        if len(mine) == 1:
            return mine[0] == theirs[0] + 1
        if mine[:-1] == theirs:
            return mine[-1] == 1
        return mine[:-1] == theirs[: len(mine) - 1] and mine[-1] == theirs[len(mine) - 1] + 1

    def is_after(self, other: "Count") -> bool:
        """Whether this stands anywhere after `other` in one list."""
        return self.style == other.style and self.key > other.key


@dataclass(frozen=True, slots=True)
class Label:
    """A label as printed at the head of a text.

    `form` says how it is fenced, so that "(a)", "a)" and "a." are lists of their own;
    `length` is the number of characters it takes, fences included.
    """

    body: str
    form: Literal["dash", "decimal", "bare", "dot", "paren", "half", "point", "bullet"]
    length: int
    counts: tuple[Count, ...] = ()

    @property
    def printed(self) -> str:
        """The label as it is joined to its parent's."""
        return f"({self.body})" if self.counts else self.body


def read_label(text: str) -> Label | None:
    """Read the label that a text begins with, or None."""
    for pattern, form in ((_DASH, "dash"), (_DECIMAL, "decimal")):
        if match := pattern.match(text):
            return Label(_plain(match["body"]), form, match.end())  # type: ignore[arg-type]
    if match := _NUMBER.match(text):
        form = "dot" if match["dot"] else "bare"
        return Label(match["body"], form, match.end(), _counts(match["body"]))  # type: ignore[arg-type]
    for pattern, form in ((_PAREN, "paren"), (_HALF, "half"), (_POINT, "point")):
        if (match := pattern.match(text)) and (counts := _counts(match["body"])):
            return Label(match["body"], form, match.end(), counts)  # type: ignore[arg-type]
    if match := _BULLET.match(text):
        return Label(match["body"], "bullet", match.end())
    return None


def _plain(body: str) -> str:
    return body.replace("‑", "-").replace("–", "-")


@lru_cache(maxsize=4096)
def _counts(body: str) -> tuple[Count, ...]:
    """Every way to read a label's body: "i" is the ninth letter and the first numeral."""
    if match := re.fullmatch(r"(\d+)([A-Z]*)", body):
        return (Count("digit", (int(match[1]), *_letters(match[2]))),)
    counts: list[Count] = []
    if body.islower():
        if roman := _roman(body):
            counts.append(Count("roman", (roman,)))
        if letters := _list_letters(body):
            counts.append(Count("lower", letters))
        return tuple(counts)
    if body.isupper():
        if roman := _roman(body.lower()):
            counts.append(Count("ROMAN", (roman,)))
        elif len(body) > 1 and (roman := _roman(body[:-1].lower())):
            # (IVA) stands between (IV) and (V).
            counts.append(Count("ROMAN", (roman, ord(body[-1]) - 64)))
        if letters := _list_letters(body.lower()):
            counts.append(Count("upper", letters))
        return tuple(counts)
    return ()


def _letters(suffix: str) -> tuple[int, ...]:
    return tuple(ord(letter) - 64 for letter in suffix)


def _list_letters(body: str) -> tuple[int, ...] | None:
    """Order "a" to "z", then "aa", "bb"; an inserted "aa" after "a" reads as (1, 1)."""
    if len(body) > 2:
        return None
    return tuple(ord(letter) - 96 for letter in body)


def _roman(body: str) -> int | None:
    if not body or not _ROMAN_NUMERAL.fullmatch(body):
        return None
    total = 0
    for here, after in zip(body, [*body[1:], ""], strict=True):
        value = _ROMAN[here]
        total += -value if after and _ROMAN[after] > value else value
    return total
