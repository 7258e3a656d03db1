"""Plain text: policy statements, and statutes as the statute book's text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from rag_ft.parsing.anatomy import ZONE
from rag_ft.parsing.blocks import Block, BlockKind, Mark, Source
from rag_ft.parsing.labels import read_label
from rag_ft.parsing.statutes import is_reference_broken_off, split_run_in

_PART = re.compile(r"(?:PART|Part|CHAPTER|Chapter|DIVISION|Division|Subdivision) \(?[0-9A-Z]{1,5}\)?\b")
_SECTION = re.compile(r"\d{1,3}[A-Z]{0,3}\. ")
_STATUTE = re.compile(r"\bAct (?:18|19|20)\d\d$")
_STOP = re.compile(r"[.;:?!,)”\"]\s*$")
_NOTE = re.compile(r"\[(\d{1,2})\]\s+(?=\S)")
_MARK = re.compile(r"\s?\[(\d{1,2})\]")
_HEADING_WORDS = 14
_PART_LEVEL, _MARGIN_LEVEL = 1, 5


def read_text(text: str) -> Source:
    """Read plain text: a line is a paragraph, a short line without a stop is a heading."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    words = [line for line in lines if line]
    if words and _STATUTE.search(words[0]) and any(_SECTION.match(line) for line in words):
        return _read_statute(lines)
    lines = words
    title = next((line for line in lines if not line.lower().startswith("published date")), None)
    notes = {match[1]: line[match.end() :] for line in lines if (match := _NOTE.match(line))}
    blocks = _with_notes([line for line in lines if not _NOTE.match(line)], notes)
    return Source(tuple(blocks), title=title)


def _with_notes(lines: list[str], notes: dict[str, str]) -> Iterator[Block]:
    """Take marks that have a note out of their lines, and set the notes behind them."""
    waiting = dict(notes)
    for line in lines:
        marks = [match for match in _MARK.finditer(line) if match[1] in notes]
        block = Block(line, _kind(line))
        if marks:
            text, found = "", []
            cut = 0
            for match in marks:
                text += line[cut : match.start()]
                found.append(Mark(len(text), match[1]))
                cut = match.end()
            block = replace(block, text=text + line[cut:], marks=tuple(found))
        yield block
        for mark in block.marks:
            if note := waiting.pop(mark.number, None):
                yield Block(note, "footnote", ref=mark.number)
    for number, note in waiting.items():
        yield Block(note, "footnote", ref=number)


def _kind(line: str) -> BlockKind:
    if ZONE.match(line) and len(line.split()) <= _HEADING_WORDS:
        return "heading"
    label = read_label(line)
    words = line[label.length :] if label else line
    if len(words.split()) > _HEADING_WORDS or _STOP.search(words):
        return "body"
    if label is None:
        return "heading"
    return "heading" if words.strip().isupper() else "body"


def _read_statute(lines: list[str]) -> Source:
    """Read an Act: blank lines part its sections, each under its marginal note."""
    blocks: list[Block] = []
    for blank, group in groupby(lines, key=lambda line: not line):
        if not blank:
            blocks.extend(_section(_unbroken(list(group))))
    return Source(tuple(blocks), title=next(filter(None, lines)), statute=True)


def _section(lines: list[str]) -> Iterator[Block]:
    if _PART.match(lines[0]) or ZONE.match(lines[0]):
        numbered = next((at for at, line in enumerate(lines) if _SECTION.match(line)), len(lines))
        yield Block(" ".join(lines[:numbered]), "heading", level=_PART_LEVEL)
        lines = lines[numbered:]
    elif len(lines) > 1 and _SECTION.match(lines[1]) and not _SECTION.match(lines[0]):
        yield Block(lines[0], "heading", level=_MARGIN_LEVEL)
        lines = lines[1:]
    for line in lines:
        yield from (Block(piece) for piece in split_run_in(line))


def _unbroken(lines: list[str]) -> list[str]:
    """Join a line that was broken inside a reference: "section 209(1)(a)," and "(c) and (d)"."""
    joined: list[str] = []
    for line in lines:
        if joined and line.startswith("(") and is_reference_broken_off(joined[-1]):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined
