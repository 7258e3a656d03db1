"""What a format's reader hands on: blocks of running text, in reading order.

A block is one printed paragraph, heading, table or footnote, already joined over its
printed lines; its label, if it has one, still stands at its head.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rag_ft.schema import Span

BlockKind = Literal["body", "heading", "table", "footnote", "aside"]
Box = tuple[float, float, float, float]
_LISTED = 20


class Piece(NamedTuple):
    """A printed line of a block: its slice of the block's text, its page and its box there."""

    span: Span
    page: int
    box: Box | None = None


class Mark(NamedTuple):
    """Where a footnote's mark stood in the block's text, before it was taken out."""

    offset: int
    number: str


class Change(NamedTuple):
    """Words put in, at their place in the block's text, or struck out before `offset`."""

    kind: Literal["inserted", "deleted"]
    offset: int
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Block:
    """One unit of running text.

    `level` is the depth of a heading, 1 the highest; `edge` the left edge of the label
    and `indent` that of the text in PDF points, None where the format has none; `ref`
    a footnote's number or a table's short name.
    """

    text: str
    kind: BlockKind = "body"
    level: int = 0
    edge: float | None = None
    indent: float | None = None
    pieces: tuple[Piece, ...] = ()
    marks: tuple[Mark, ...] = ()
    changes: tuple[Change, ...] = ()
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file as its reader saw it: blocks, and what the format itself says of the document."""

    blocks: tuple[Block, ...]
    title: str | None = None
    declared: tuple[tuple[str, object], ...] = ()
    page_count: int = 0
    empty_pages: tuple[int, ...] = ()
    tracked: bool = False
    warnings: tuple[str, ...] = ()
    statute: bool = False


def page_list(numbers: Sequence[int]) -> str:
    """Write page numbers for a message, the first twenty."""
    listed = ", ".join(map(str, numbers[:_LISTED]))
    return f"{listed} and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else listed
