"""Footnotes: taken from the foot of the page and told by the mark they begin with."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag_ft.parsing.pdf.printed import PrintedLine, PrintedPage, Rule, is_grey

# Word draws a rule of about two inches over footnotes.
_RULE_WIDTH = (100.0, 220.0)
_SMALLER = 0.95
_INDENT = 60.0


@dataclass(slots=True)
class Footnote:
    """A footnote: its number as printed, the page of its first line, its lines."""

    number: str
    page: int
    lines: list[PrintedLine] = field(default_factory=list)


def take_footnotes(pages: Sequence[PrintedPage], body: float) -> list[Footnote]:
    """Take the footnotes out of the pages; `body` is the type height of running text."""
    notes: list[Footnote] = []
    for page in pages:
        foot = _foot(page, body)
        if not foot:
            continue
        taken = {id(line) for line in foot}
        page.lines = [line for line in page.lines if id(line) not in taken]
        for line in foot:
            number = _number(line, notes[-1].number if notes else "0")
            if number is not None:
                notes.append(Footnote(number, page.number, [line]))
            elif notes:
                notes[-1].lines.append(line)
            else:
                page.lines.append(line)
    return notes


def _foot(page: PrintedPage, body: float) -> list[PrintedLine]:
    edge = max(
        (
            rule.y0
            for rule in page.rules
            if rule.horizontal and is_grey(rule.colour) and _over_notes(rule, page, body)
        ),
        default=None,
    )
    if edge is not None:
        return [line for line in page.lines if line.base < edge]
    return _small_foot(page, body)


def _over_notes(rule: Rule, page: PrintedPage, body: float) -> bool:
    """Whether a short rule parts running text from the small type under it."""
    if not _RULE_WIDTH[0] < rule.x1 - rule.x0 < _RULE_WIDTH[1]:
        return False
    below = [line for line in page.lines if line.base < rule.y0]
    if not below or any(strip_overlaps(rule, line) for line in page.lines):
        return False
    small = sum(line.height <= _SMALLER * body for line in below)
    return small >= 0.8 * len(below) and abs(below[0].words[0].x0 - rule.x0) < _INDENT


def strip_overlaps(rule: Rule, line: PrintedLine) -> bool:
    """Whether a rule touches a line, as an underline does."""
    x0, y0, x1, y1 = line.box
    return y0 - 1 < rule.y0 < y1 and rule.x0 < x1 and x0 < rule.x1


def _small_foot(page: PrintedPage, body: float) -> list[PrintedLine]:
    """Without a rule: the small lines at the foot that begin with a raised figure."""
    foot: list[PrintedLine] = []
    for line in sorted(page.lines, key=lambda line: line.base):
        if line.height > _SMALLER * body or line.base > page.height / 2:
            break
        foot.append(line)
    starts = [line for line in foot if line.words[0].raised]
    if not starts:
        return []
    top = max(line.base for line in starts)
    taken = {id(line) for line in foot if line.base <= top}
    return [line for line in page.lines if id(line) in taken]


def _number(line: PrintedLine, last: str) -> str | None:
    """Take the number off a footnote's first line; None where the line goes on with another."""
    first = line.words[0]
    expected = first.text.isdigit() and int(first.text) == int(last) + 1
    if not (first.raised or expected) or not first.text.isdigit() or len(line.words) < 2:
        return None
    del line.words[0]
    return first.text
