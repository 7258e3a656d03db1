"""Statutes whose limbs run on within a line: where each limb and definition begins.

Only true sequences are cut, (a), (b), ...; a reference such as "subsection (1)(a)"
follows a word that names what it refers to, and its letter does not continue a list.
"""

import re
from itertools import pairwise

from rag_ft.parsing.labels import Count, read_label

_SPACED = re.compile(r"\(\s+([0-9A-Za-z]{1,5})\s+\)")
_LIMB = re.compile(r"(?<=[\s—])\((?:\d{1,3}[A-Z]{0,2}|[a-z]{1,4}|[A-Z]{1,4})\)(?=\s|\()")
# A definition follows the lead-in's dash, a stop, "; and", or an amendment tag.
_DEFINITION = re.compile(r"(?:(?<=;)|(?<=—)|(?<=\])|(?<=; and)|(?<=; or)|(?<=\.))\s+(?=“[^”]{1,100}”)")
# A repealed section stands, bare, behind the one before it.
_REPEALED = re.compile(r"(?<=[\].])\s+(?=\d{1,3}[A-Z]{0,3}\. \[ ?(?:Repealed|Deleted))")
_REFERRING = re.compile(
    r"\b(?:sub)?(?:sections?|paragraphs?|regulations?|rules?|parts?|articles?|items?|clauses?|limbs?|schedule)"
    r"(?:\s*\d{1,3}[A-Z]{0,3})?(?:\s*\([0-9A-Za-z]{1,5}\))*"
    r"(?:\s*(?:,|and|or|to)\s*(?:\d{1,3}[A-Z]{0,3})?(?:\([0-9A-Za-z]{1,5}\))*)*\s*$",
    re.IGNORECASE,
)
# "7. —(1)" begins a section and its first subsection at once.
_SECTION_HEAD = re.compile(r"\d{1,3}[A-Z]{0,3}\.\s*—")
_LOOK_BACK = 120
_LABEL = 12
# What a list begins behind, and what may stand between two of its items.
_OPENERS = ("—", "–", ":", "-")
_BETWEEN = (";", ".", "and", "or", "—", "]", ",", "–", ":", ")", "but", "”")
_FULL_STOPS = (";", ".", "; and", "; or", "]", "; but")


def tidy_fences(text: str) -> str:
    """Close up "( a )" as the statute book prints it: "(a)"."""
    return _SPACED.sub(r"(\1)", text)


def is_reference_broken_off(text: str) -> bool:
    """Whether a line ends inside a reference: "under section 209(1)(a)," goes on."""
    tail = text[-_LOOK_BACK:].rstrip()
    return tail.endswith((",", " and", " or", " to")) and _REFERRING.search(tail) is not None


def split_run_in(text: str) -> list[str]:
    """Cut a provision into its subsections, limbs and definitions; nothing is lost but white space."""
    text = tidy_fences(text)
    lists = _Lists()
    cuts = {match.end() for match in (*_DEFINITION.finditer(text), *_REPEALED.finditer(text))}
    for match in _LIMB.finditer(text):
        before = text[max(match.start() - _LOOK_BACK, 0) : match.start()].rstrip()
        label = read_label(text[match.start() : match.start() + _LABEL])
        if label is None or _REFERRING.search(before):
            continue
        if any(lists.last < cut <= match.start() for cut in cuts):
            # Limbs of a definition count from (a) again.
            lists.forget_limbs()
        lists.last = match.start()
        if lists.take(label.counts, before) and not _SECTION_HEAD.fullmatch(before):
            cuts.add(match.start())
    edges = [0, *sorted(cuts - {0}), len(text)]
    pieces = [text[start:end].strip() for start, end in pairwise(edges)]
    return [piece for piece in pieces if piece]


class _Lists:
    """The lists that are open at one place of a provision, outermost first."""

    def __init__(self) -> None:
        self.open: list[Count] = []
        self.last = -1

    def forget_limbs(self) -> None:
        """Close all lists but that of the subsections."""
        self.open = [count for count in self.open[:1] if count.style == "digit"]

    def take(self, counts: tuple[Count, ...], before: str) -> bool:
        """Enter a label where it continues a list or begins one; False where it does neither."""
        place = self._place(counts, before)
        if place is None:
            return False
        level, count = place
        self.open[level:] = [count]
        return True

    def _place(self, counts: tuple[Count, ...], before: str) -> tuple[int, Count] | None:
        first = next((count for count in counts if count.is_first), None)
        if first is not None and (not before or before.endswith(_OPENERS) or _is_label(before)):
            return (0 if first.style == "digit" and not self._has_digits() else len(self.open)), first
        if before.endswith(_BETWEEN):
            for level in range(len(self.open) - 1, -1, -1):
                for count in counts:
                    if count.follows(self.open[level]):
                        return level, count
        if before.endswith(_FULL_STOPS):
            for level in range(len(self.open) - 1, -1, -1):
                for count in counts:
                    if count.is_after(self.open[level]) and count.key[0] <= self.open[level].key[0] + 3:
                        return level, count
        return None

    def _has_digits(self) -> bool:
        return any(count.style == "digit" for count in self.open)


def _is_label(before: str) -> bool:
    """Whether the text before is itself a label: "(1)(a)" at the head of a line."""
    label = read_label(before.split()[-1]) if before else None
    return label is not None and label.length == len(before.split()[-1]) and len(before) <= _LOOK_BACK // 8
