"""Word's automatic paragraph numbers, which its files hold as rules and not as text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# python-docx ships no types: an element, or an object of its own.
Element = Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is counted: from where, in which numerals, printed how ("%1.%2")."""

    start: int
    numerals: str
    printed: str
    indent: float


class WordNumbers:
    """Counts the lists of a Word file, paragraph by paragraph."""

    def __init__(self, numbering: Element | None) -> None:
        self.lists: dict[str, dict[int, _Level]] = {}
        self.abstracts: dict[str, str] = {}
        self.counters: dict[str, list[int | None]] = {}
        if numbering is not None:
            self._read(numbering)

    def label(self, paragraph: Element, style: Element | None) -> tuple[str, float | None]:
        """Return the number that Word prints before a paragraph, and its indent in points.

        Call it once for every paragraph, in order: it counts.
        """
        numbered = _numbering_of(paragraph) or _numbering_of_style(style)
        if numbered is None:
            return "", None
        list_id, depth = numbered
        levels = self.lists.get(list_id, {})
        level = levels.get(depth)
        if level is None or level.numerals in ("bullet", "none"):
            return "", level.indent if level else None
        # Lists that share a definition count together.
        counters = self.counters.setdefault(self.abstracts[list_id], [None] * _LEVELS)
        current = counters[depth]
        counters[depth] = level.start if current is None else current + 1
        counters[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        text = level.printed
        for at in range(depth + 1):
            above = levels.get(at)
            if above is None:
                continue
            count = counters[at]
            if count is None:
                count = counters[at] = above.start
            text = text.replace(f"%{at + 1}", _numeral(count, above.numerals))
        return text.strip(), level.indent

    def _read(self, numbering: Element) -> None:
        abstracts = {
            item.get(f"{_W}abstractNumId"): dict(_levels(item)) for item in numbering.iter(f"{_W}abstractNum")
        }
        for item in numbering.iter(f"{_W}num"):
            list_id = item.get(f"{_W}numId")
            link = item.find(f"{_W}abstractNumId")
            abstract = link.get(f"{_W}val") if link is not None else None
            if abstract is not None and abstract in abstracts:
                self.lists[list_id] = abstracts[abstract]
                self.abstracts[list_id] = list_id if item.find(f"{_W}lvlOverride") is not None else abstract


def _levels(abstract: Element) -> Iterator[tuple[int, _Level]]:
    for item in abstract.iter(f"{_W}lvl"):
        depth = int(item.get(f"{_W}ilvl", "0"))
        if depth < _LEVELS:
            indent = item.find(f"{_W}pPr/{_W}ind")
            yield (
                depth,
                _Level(
                    int(_value(item, "start", "1")),
                    _value(item, "numFmt", "decimal"),
                    _value(item, "lvlText", ""),
                    _points(indent),
                ),
            )


def _value(item: Element, name: str, default: str) -> str:
    found = item.find(f"{_W}{name}")
    value = found.get(f"{_W}val") if found is not None else None
    return default if value is None else str(value)


def _points(indent: Element | None) -> float:
    if indent is None:
        return 0.0
    twips = indent.get(f"{_W}left") or indent.get(f"{_W}start") or "0"
    return float(twips) / 20 if twips.lstrip("-").isdigit() else 0.0


def _numbering_of(paragraph: Element) -> tuple[str, int] | None:
    properties = paragraph.find(f"{_W}pPr/{_W}numPr")
    if properties is None:
        return None
    list_id = _value(properties, "numId", "0")
    depth = _value(properties, "ilvl", "0")
    if list_id == "0" or not depth.isdigit() or int(depth) >= _LEVELS:
        return None
    return list_id, int(depth)


def _numbering_of_style(style: Element | None) -> tuple[str, int] | None:
    """Follow a style and those it is based on to the list it belongs to."""
    for _ in range(_LEVELS):
        if style is None:
            return None
        if found := _numbering_of(style.element):
            return found
        style = style.base_style
    return None


def _numeral(count: int, numerals: str) -> str:
    if numerals in ("lowerLetter", "upperLetter"):
        letter = chr(97 + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if numerals == "upperLetter" else letter
    if numerals in ("lowerRoman", "upperRoman"):
        roman = ""
        for value, digits in _ROMAN:
            while count >= value:
                roman += digits
                count -= value
        return roman.upper() if numerals == "upperRoman" else roman
    if numerals == "decimalZero":
        return f"{count:02d}"
    return str(count)
