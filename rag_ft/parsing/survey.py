"""A first look over a document: where its numbering begins, and how it is set."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag_ft.parsing.anatomy import ZONE
from rag_ft.parsing.blocks import Block
from rag_ft.parsing.labels import read_label

_SENTENCE_WORDS = 12
_SECTION_WORDS = 3
_HANGING = 8.0
STRUCTURAL = range(1, 7)


@dataclass(frozen=True, slots=True)
class Survey:
    """What holds for a whole document.

    `body_from` is the position of the first numbered block, the number of blocks where
    there is none; `is_plain` that nothing is numbered and nothing has a heading;
    `hanging` that the text of numbered paragraphs stands right of their numbers.
    """

    body_from: int
    is_plain: bool
    hanging: bool

    @classmethod
    def of(cls, blocks: Sequence[Block], statute: bool = False) -> "Survey":
        """Look over the blocks of a document; an excerpt of a statute may begin with any section."""
        first = _first_numbered(blocks, statute)
        headed = any(block.kind == "heading" and block.level for block in blocks)
        return cls(first, first == len(blocks) and not headed, _hangs(blocks))

    def is_front(self, blocks: Sequence[Block], at: int) -> bool:
        """Whether a block belongs to the title page: before any number, no sentence, no annex."""
        block = blocks[at]
        if not at < self.body_from < len(blocks) or ZONE.match(block.text):
            return False
        if block.kind == "heading" and block.level in STRUCTURAL:
            return False
        if block.kind == "heading" and len(block.text.split()) <= _SECTION_WORDS and at + 1 < len(blocks):
            # "INTRODUCTION" right before a number or a sentence heads it, unless a chapter follows.
            following = blocks[at + 1]
            if at + 1 == self.body_from or is_sentence(following.text):
                return following.kind == "heading"
        return block.kind == "heading" or not is_sentence(block.text)


def is_sentence(text: str) -> bool:
    """Whether words are long enough for a sentence and end like one."""
    return len(text.split()) >= _SENTENCE_WORDS and text.rstrip(' ”"’)')[-1:] in ".:;—–-"


def _first_numbered(blocks: Sequence[Block], statute: bool) -> int:
    for position, block in enumerate(blocks):
        if block.kind == "heading" and ZONE.match(block.text):
            return position
        label = read_label(block.text) if block.kind in ("body", "heading") else None
        if label is None or label.form == "bullet" or block.text[label.length :].strip()[:1].islower():
            continue
        # A letter's first paragraph may go without a number.
        if statute or not label.counts or label.counts[0].is_first or label.counts[0].key == (2,):
            return position
    return len(blocks)


def _hangs(blocks: Sequence[Block]) -> bool:
    votes = 0
    for block in blocks:
        if block.kind != "body" or block.edge is None or block.indent is None or len(block.pieces) < 2:
            continue
        label = read_label(block.text)
        if label is not None and label.form in ("decimal", "dash", "bare", "dot"):
            votes += 1 if block.indent > block.edge + _HANGING else -1
    return votes > 0
