"""A figure in its normal form, and when two of them say the same."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

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
        if {self.kind, other.kind} == {"ratio", "percent"}:
            return _share(self) == _share(other) is not None
        if self.kind != other.kind or self.unit != other.unit:
            return False
        if self.kind == "date":
            parts = zip(self.value.split("-"), other.value.split("-"), strict=True)
            return all(mine in ("?", theirs) for mine, theirs in parts)
        if self.kind == "reference":
            # Section 15 is where section 15(1)(b) stands.
            return self.value == other.value or other.value.startswith(f"{self.value}(")
        return self.value == other.value


def _share(figure: Figure) -> Decimal | None:
    """Give a percentage, or a fraction as one: a half is 50%."""
    if figure.unit == "percent":
        return Decimal(figure.value)
    if figure.unit == "fraction":
        times, _, over = figure.value.partition("/")
        return 100 * Decimal(times) / Decimal(over)
    return None


# A pattern, and what reads its matches into figures: none where it was no figure after all.
Reader = tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Figure]]]


def figure_of(match: re.Match[str], kind: FigureKind, unit: str, value: str) -> Figure:
    """Make a figure of a whole match."""
    return Figure(kind, unit, value, match.group(), Span(match.start(), match.end()))


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and trailing zeros: "1500000000", "0.5"."""
    return format(value.normalize(), "f")


def pattern(*parts: str, case: bool = False) -> re.Pattern[str]:
    """Compile a pattern from its parts, without regard to case unless told."""
    return re.compile("".join(parts), 0 if case else re.IGNORECASE)
