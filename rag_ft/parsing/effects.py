"""Since when each paragraph has effect, as its words, its amendment tags and the endnotes say."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag_ft.parsing.anatomy import ANNOTATION
from rag_ft.parsing.blocks import Block
from rag_ft.parsing.dates import effect_date
from rag_ft.parsing.numbering import Numbered
from rag_ft.schema import Paragraph

_INSTRUMENT = re.compile(
    r"(?P<name>[A-Z][^\n;]{3,80}?\(Amendment(?: No\. ?\d+)?\)(?: \d{4})?)[^\n;.]{0,40}? with effect from"
)


def date_paragraphs(blocks: Sequence[Block], numbered: Numbered) -> tuple[Paragraph, ...]:
    """Date paragraphs whose words say "with effect from", or that an amendment tag follows.

    A tag alone on its line dates the whole numbered paragraph that it closes, and a
    definition by itself; the endnotes say since when its instrument has effect.
    """
    instruments = _instruments(numbered.text)
    dates: dict[int, date] = {}
    children: dict[int, list[int]] = {}
    for position, paragraph in enumerate(numbered.paragraphs):
        if paragraph.parent is not None:
            children.setdefault(paragraph.parent, []).append(position)
    owner: int | None = None
    for block, own in zip(blocks, numbered.owners, strict=True):
        if own is not None:
            owner = own
            if found := _stated(block, instruments):
                dates[own] = found
        elif block.kind == "aside" and owner is not None and (found := _tagged(block.text, instruments)):
            for position in _closed(owner, numbered.paragraphs, children):
                dates[position] = found
    return tuple(
        replace(paragraph, effective=dates[position]) if position in dates else paragraph
        for position, paragraph in enumerate(numbered.paragraphs)
    )


def _instruments(text: str) -> dict[str, date]:
    found = {}
    for match in _INSTRUMENT.finditer(text):
        if when := effect_date(text[match.start() : match.end() + 40]):
            found[_plain(match["name"])] = when
    return found


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _stated(block: Block, instruments: dict[str, date]) -> date | None:
    if block.text.lower().rstrip(".").endswith(("deleted", "repealed")) or re.search(
        r"\b(?:deleted|shall (?:take|have) effect|repealed)\b", block.text, re.IGNORECASE
    ):
        return effect_date(block.text)
    tags = [match[0] for match in ANNOTATION.finditer(block.text)]
    return max(filter(None, (_tagged(tag, instruments) for tag in tags)), default=None)


def _tagged(tag: str, instruments: dict[str, date]) -> date | None:
    return effect_date(tag) or instruments.get(_plain(tag.strip("[] ")))


def _closed(owner: int, paragraphs: Sequence[Paragraph], children: dict[int, list[int]]) -> list[int]:
    """Return the numbered paragraph or definition that ends here, with everything under it."""
    top = owner
    while paragraphs[top].role != "definition" and paragraphs[top].parent is not None:
        parent = paragraphs[top].parent
        if parent is None or paragraphs[top].role == "footnote":
            break
        top = parent
    gathered, pending = [], [top]
    while pending:
        position = pending.pop()
        gathered.append(position)
        pending.extend(children.get(position, ()))
    return gathered
