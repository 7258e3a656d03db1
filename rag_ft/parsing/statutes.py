"""Statutes whose limbs run on within a line: where each limb and definition begins.

Only true sequences are cut, (a), (b), ...; a reference such as "subsection (1)(a)"
follows a word that names what it refers to, and its letter does not continue a list.
"""

import re
from itertools import pairwise

from rag_ft.parsing.labels import Count, read_label

_SPACED = re.compile(r"\(\s+([0-9A-Za-z]{1,5})\s+\)")
_CANDIDATE = re.compile(r"(?<=[\s—])\((?:\d{1,3}[A-Z]{0,2}|[a-z]{1,4}|[A-Z]{1,4})\)(?=\s|\()")
_DEFINITION = re.compile(r"(?:(?<=;)|(?<=—)|(?<=\])|(?<=and)|(?<=or)|(?<=\.))\s+(?=“[^”]{1,100}”(?:[,\s]))")
_REFERRING = re.compile(
    r"(?:sub)?(?:sections?|paragraphs?|regulations?|rules?|parts?|articles?|items?|clauses?|limbs?"
    r"|subsections?|schedule)(?:\s*\([0-9A-Za-z]{1,5}\))*(?:\s*(?:,|and|or|to)\s*\([0-9A-Za-z]{1,5}\))*"
    r"(?:\s*(?:,|and|or|to))?\s*$",
    re.IGNORECASE,
)


def tidy_fences(text: str) -> str:
    """Close up "( a )" as the statute book prints it: "(a)"."""
    return _SPACED.sub(r"(\1)", text)


def split_run_in(text: str) -> list[str]:
    """Cut a provision into its subsections, limbs and definitions; nothing is lost but white space."""
    text = tidy_fences(text)
    cuts = {0}
    stack: list[Count] = []
    for match in _CANDIDATE.finditer(text):
        before = text[: match.start()].rstrip()
        if _REFERRING.search(before[-60:]):
            continue
        label = read_label(text[match.start() :])
        if label is None:
            continue
        depth = _depth(label.counts, stack, before)
        if depth is None:
            continue
        level, count = depth
        stack[level:] = [count]
        cuts.add(match.start())
    for match in _DEFINITION.finditer(text):
        cuts.add(match.end())
    edges = [*sorted(cuts), len(text)]
    pieces = [text[a:b].strip() for a, b in pairwise(edges)]
    return [piece for piece in pieces if piece]


def _depth(counts: tuple[Count, ...], stack: list[Count], before: str) -> tuple[int, Count] | None:
    """Find the list that a label continues or begins; None where it does neither."""
    ended = before.endswith((";", ".", "and", "or", "—", "]", ",", "–", ":", ")"))
    for level in range(len(stack) - 1, -1, -1):
        for count in counts:
            if ended and count.follows(stack[level]):
                return level, count
    for count in counts:
        if (count.is_first and before.endswith(("—", "–", ":", "-", ")"))) or (count.is_first and not before):
            return len(stack), count
        if count.style == "digit" and count.is_first and before.endswith("—"):
            return 0, count
    for level in range(len(stack) - 1, -1, -1):
        for count in counts:
            if before.endswith((";", ".", "; and", "; or", "]")) and count.is_after(stack[level]):
                return level, count
    return None
