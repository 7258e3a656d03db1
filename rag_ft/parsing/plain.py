"""Plain text: policy statements, and statutes as the statute book's text."""

import re

from rag_ft.parsing.blocks import Block, BlockKind, Source
from rag_ft.parsing.labels import read_label
from rag_ft.parsing.anatomy import ZONE
from rag_ft.parsing.statutes import split_run_in

_PART = re.compile(r"(?:PART|Part|CHAPTER|Chapter|DIVISION|Division|Subdivision) [0-9A-Z]{1,5}\b")
_SECTION = re.compile(r"\d{1,3}[A-Z]{0,3}\. ")
_STATUTE = re.compile(r"\bAct (?:18|19|20)\d\d$")
_SENTENCE_END = re.compile(r"[.;:?!,)”\"]\s*$")
_HEADING_WORDS = 14


def read_text(text: str) -> Source:
    """Read plain text: a line is a paragraph, a short line without a stop is a heading."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    if lines and _STATUTE.search(lines[0]) and any(_SECTION.match(line) for line in lines):
        return _read_statute(lines)
    blocks = tuple(Block(line, _kind(line), level=1 if line.isupper() else 2) for line in lines)
    title = next((line for line in lines if not line.lower().startswith("published date")), None)
    return Source(blocks, title=title)


def _kind(line: str) -> BlockKind:
    if ZONE.match(line) and len(line.split()) <= _HEADING_WORDS:
        return "heading"
    label = read_label(line)
    words = line[label.length :] if label else line
    if len(words.split()) > _HEADING_WORDS or _SENTENCE_END.search(words):
        return "body"
    if label is None:
        return "heading"
    return "heading" if words.strip().isupper() else "body"


def _read_statute(lines: list[str]) -> Source:
    blocks: list[Block] = []
    for position, line in enumerate(lines):
        following = lines[position + 1] if position + 1 < len(lines) else ""
        if _PART.match(line) or ZONE.match(line):
            blocks.append(Block(line, "heading", level=1))
        elif _SECTION.match(following) and not _SECTION.match(line) and not line.startswith("("):
            blocks.append(Block(line, "heading", level=2))
        else:
            blocks.extend(Block(piece) for piece in split_run_in(line))
    return Source(tuple(blocks), title=lines[0], statute=True)
