"""Tables: words between ruled lines into rows of cells."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag_ft.parsing.blocks import Box
from rag_ft.parsing.pdf.printed import PrintedLine, PrintedPage, Rule, Word

_TOUCH = 3.0
_SHORTEST = 6.0


@dataclass(slots=True)
class Table:
    """Rows of cells, each the lines of words in it, and where the table stands."""

    page: int
    box: Box
    edges: tuple[float, ...]
    rows: list[list[list[PrintedLine]]] = field(default_factory=list)


def take_tables(page: PrintedPage) -> list[tuple[int, Table]]:
    """Take the ruled tables out of a page, each with the place of its first line among the lines."""
    found: list[tuple[int, Table]] = []
    for region in _regions(page.rules):
        table = _table(page, region)
        if table is None:
            continue
        inside = [
            at for at, line in enumerate(page.lines) if any(_within(word, table.box) for word in line.words)
        ]
        place = inside[0]
        # A place counts lines that stay, so that later tables do not shift it.
        kept: list[PrintedLine] = []
        for line in page.lines:
            words = [word for word in line.words if not _within(word, table.box)]
            if words:
                kept.append(PrintedLine(words, line.page))
        before = sum(
            1 for line in page.lines[:place] if not all(_within(word, table.box) for word in line.words)
        )
        shift = len(page.lines) - len(kept)
        found = [(at if at <= before else max(at - shift, before), other) for at, other in found]
        page.lines = kept
        found.append((before, table))
    return sorted(found, key=lambda each: (each[0], -each[1].box[3]))


def _regions(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Group rules that touch one another."""
    rules = [rule for rule in rules if max(rule.x1 - rule.x0, rule.y1 - rule.y0) > 0.2]
    groups: list[tuple[list[float], list[Rule]]] = []
    for rule in sorted(rules, key=lambda rule: (-rule.y1, rule.x0)):
        touching = [
            group
            for group in groups
            if rule.x0 <= group[0][2] + _TOUCH
            and rule.x1 >= group[0][0] - _TOUCH
            and rule.y0 <= group[0][3] + _TOUCH
            and rule.y1 >= group[0][1] - _TOUCH
        ]
        box = [rule.x0, rule.y0, rule.x1, rule.y1]
        members = [rule]
        for group in touching:
            groups.remove(group)
            members = group[1] + members
            box = [
                min(box[0], group[0][0]),
                min(box[1], group[0][1]),
                max(box[2], group[0][2]),
                max(box[3], group[0][3]),
            ]
        groups.append((box, members))
    return [members for _, members in groups if len(members) >= 6]


def _clusters(values: Sequence[float]) -> list[float]:
    """Join edges that are drawn twice, a point or two apart."""
    joined: list[list[float]] = []
    for value in sorted(values):
        if joined and value - joined[-1][-1] <= _TOUCH:
            joined[-1].append(value)
        else:
            joined.append([value])
    return [sum(group) / len(group) for group in joined]


def _table(page: PrintedPage, rules: list[Rule]) -> Table | None:
    """Lay words into the cells of a grid; None where it has no two columns with words."""
    verticals = [rule for rule in rules if not rule.horizontal and rule.y1 - rule.y0 > _SHORTEST]
    horizontals = [rule for rule in rules if rule.horizontal and rule.x1 - rule.x0 > _SHORTEST]
    xs = _clusters([(rule.x0 + rule.x1) / 2 for rule in verticals])
    ys = sorted(_clusters([(rule.y0 + rule.y1) / 2 for rule in horizontals]), reverse=True)
    if len(xs) < 3 or len(ys) < 2:
        return None
    box = (xs[0] - 1, ys[-1] - 1, xs[-1] + 1, ys[0] + 1)
    cells: dict[tuple[int, int], list[PrintedLine]] = {}
    descending = [-y for y in ys]
    for line in page.lines:
        for word in line.words:
            if not _within(word, box):
                continue
            x, y = word.middle
            column = min(max(bisect_right(xs, x) - 1, 0), len(xs) - 2)
            row = min(max(bisect_right(descending, -y) - 1, 0), len(ys) - 2)
            row, column = _origin(row, column, xs, ys, verticals, horizontals)
            _put(cells.setdefault((row, column), []), word, line)
    rows = [
        [cells.get((row, column), []) for column in range(len(xs) - 1)]
        for row in range(len(ys) - 1)
        if any((row, column) in cells for column in range(len(xs) - 1))
    ]
    if not any(sum(bool(cell) for cell in row) >= 2 for row in rows):
        return None
    return Table(page.number, box, tuple(xs), rows)


def _put(cell: list[PrintedLine], word: Word, line: PrintedLine) -> None:
    """Add a word to its cell, on the cell's last line where it is the same printed line."""
    if (cell and cell[-1].words[-1] in line.words and any(word is other for other in line.words)) or (
        cell and abs(cell[-1].words[-1].y0 - word.y0) < 0.3 * word.height
    ):
        cell[-1].words.append(word)
    else:
        cell.append(PrintedLine([word], line.page))


def _origin(
    row: int, column: int, xs: list[float], ys: list[float], verticals: list[Rule], horizontals: list[Rule]
) -> tuple[int, int]:
    """Walk left and up over sides that are not drawn: the first cell of a merged one."""
    moved = True
    while moved:
        moved = False
        middle = (ys[row] + ys[row + 1]) / 2
        if column and not any(
            abs(rule.x0 - xs[column]) <= _TOUCH and rule.y0 <= middle <= rule.y1 for rule in verticals
        ):
            column -= 1
            moved = True
        centre = (xs[column] + xs[column + 1]) / 2
        if row and not any(
            abs(rule.y0 - ys[row]) <= _TOUCH and rule.x0 <= centre <= rule.x1 for rule in horizontals
        ):
            row -= 1
            moved = True
    return row, column


def _within(word: Word, box: Box) -> bool:
    x, y = word.middle
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
