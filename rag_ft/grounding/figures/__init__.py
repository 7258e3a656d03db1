"""Figures of a text in a normal form: amounts, percentages, periods, dates, counts, section numbers.

Two figures say the same when kind, unit and value are equal: "twelve months" is "1 year",
"S$1.5 billion" is "$1,500 million", and 5 years is not 5 days.
"""

from functools import lru_cache

from rag_ft.grounding.figures.amounts import AMOUNTS, PERCENTAGES
from rag_ft.grounding.figures.counts import COUNTS
from rag_ft.grounding.figures.dates import DATES, TIMES
from rag_ft.grounding.figures.figure import Figure, FigureKind, Reader
from rag_ft.grounding.figures.periods import PERIODS
from rag_ft.grounding.figures.references import REFERENCES

__all__ = ["Figure", "FigureKind", "find_figures"]

# In this order: what an earlier pattern takes, a later one does not read again.
_READERS: tuple[Reader, ...] = (*DATES, *REFERENCES, *AMOUNTS, *PERCENTAGES, *PERIODS, *TIMES, *COUNTS)


# The checks of one answer read the same few texts some fifty times.
@lru_cache(maxsize=1024)
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
            figures.extend(found)
            if found:
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return tuple(sorted(figures, key=lambda figure: (figure.span, figure.value)))
