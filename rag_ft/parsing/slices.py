"""The slices of a block that are a paragraph's own words."""

import re

from rag_ft.parsing.anatomy import ANNOTATION
from rag_ft.parsing.blocks import Block
from rag_ft.schema import Span


def own_words(text: str, offset: int, start: int) -> list[Span]:
    """Return the slices of a block from `offset` on, without amendment tags and outer white space.

    `start` is where the block stands in the document's text.
    """
    spans: list[Span] = []
    cut = offset
    for match in [*ANNOTATION.finditer(text, offset), None]:
        piece = text[cut : match.start() if match else len(text)]
        words = piece.strip().removeprefix("—").strip()
        if words:
            first = start + cut + piece.index(words)
            spans.append(Span(first, first + len(words)))
        cut = match.end() if match else len(text)
    return spans


def table_rows(block: Block, start: int) -> list[Span]:
    """Return a table's head (its caption and header row), then its rows."""
    lines: list[Span] = []
    offset = 0
    for line in block.text.split("\n"):
        if line.strip():
            lines.append(Span(start + offset, start + offset + len(line)))
        offset += len(line) + 1
    if block.ref is not None and len(lines) > 1:
        lines[:2] = [Span(lines[0].start, lines[1].end)]
    return lines


def gap_length(rest: str) -> int:
    """Count the white space, and the dash that a section sets between its number and "(1)"."""
    match = re.match(r"\s*(?:[—–]\s*(?=\())?", rest)
    return match.end() if match else 0
