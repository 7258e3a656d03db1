"""Printed words into the text of a block, with the place of every line in it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rag_ft.parsing.blocks import Block, BlockKind, Change, Mark, Piece
from rag_ft.parsing.pdf.extraction import LINE_END_HYPHEN
from rag_ft.parsing.pdf.printed import PrintedLine, Word
from rag_ft.schema import Span

_CLOSES = re.compile(r"[,;:.)\]”’](?![\w.])")
_SPLIT = re.compile(r"[^\W\d_]+-[^\W\d_]+|[^\W\d_]+")


@dataclass(slots=True)
class Hyphens:
    """Decides whether a hyphen at a line's end belongs to the word or to the line.

    The document is its own dictionary: "cross-border" or "crossborder", whichever it
    prints elsewhere. Without a witness the hyphen stays, since Word breaks lines only at
    hyphens that belong to the word, unless this document was seen to break words.
    """

    known: Counter[str] = field(default_factory=Counter)
    breaks_words: bool = False

    @classmethod
    def learn(cls, lines: Iterable[PrintedLine]) -> "Hyphens":
        """Count the words that stand within lines, then the line ends they explain."""
        hyphens = cls()
        ends: list[tuple[str, str]] = []
        carried: Word | None = None
        for line in lines:
            for word in line.words:
                if carried is not None:
                    ends.append((carried.text.rstrip(LINE_END_HYPHEN), word.text))
                    carried = None
                elif word.text.endswith(LINE_END_HYPHEN):
                    carried = word
                else:
                    hyphens.known.update(part.casefold() for part in _SPLIT.findall(word.text))
        whole = sum(hyphens._witness(a, b) == "" for a, b in ends)
        parted = sum(hyphens._witness(a, b) == "-" for a, b in ends)
        hyphens.breaks_words = whole > parted
        return hyphens

    def between(self, before: str, after: str) -> str:
        """Return what stands between the halves of a word: a hyphen or nothing."""
        witness = self._witness(before, after)
        if witness is not None:
            return witness
        return "" if self.breaks_words and before[-1:].islower() and after[:1].islower() else "-"

    def _witness(self, before: str, after: str) -> str | None:
        first = re.search(r"[^\W\d_]+$", before)
        second = re.match(r"[^\W\d_]+", after)
        if first is None or second is None:
            return "-"
        whole = self.known[(first[0] + second[0]).casefold()]
        parted = self.known[f"{first[0]}-{second[0]}".casefold()]
        if whole == parted:
            return None
        return "" if whole > parted else "-"


class Writer:
    """Writes words one after another and remembers where each printed line came to stand."""

    def __init__(self, hyphens: Hyphens) -> None:
        self.hyphens = hyphens
        self.text = ""
        self.pieces: list[Piece] = []
        self.marks: list[Mark] = []
        self.changes: list[Change] = []
        self._space = False
        self._broken = False

    def line(self, line: PrintedLine) -> None:
        """Add a printed line; struck words and footnotes' marks leave the text."""
        start: int | None = None
        shown: list[Word] = []
        for word in line.words:
            self._space = self._space or not word.glued or not self.text
            if _CLOSES.match(word.text):
                # The space stood before a footnote's mark or struck words.
                self._space = False
            if word.raised and word.state != "deleted":
                self.marks.append(Mark(len(self.text), word.text))
            elif word.state == "deleted":
                self._change("deleted", word, line.page)
            else:
                self._join(word)
                if start is None:
                    start = len(self.text)
                self._write(word, line.page)
                shown.append(word)
        self._space = True
        if start is not None:
            box = PrintedLine(shown, line.page).box
            self.pieces.append(Piece(Span(start, len(self.text)), line.page, box))

    def resume(self, block: Block) -> None:
        """Go on behind a block that was written before."""
        self.text = block.text
        self.pieces, self.marks, self.changes = list(block.pieces), list(block.marks), list(block.changes)

    def separate(self, separator: str) -> None:
        """Begin a cell or a row: what follows stands behind `separator`."""
        self.text = self.text.rstrip(" ") + separator
        self._space = self._broken = False

    def block(
        self,
        kind: BlockKind = "body",
        *,
        edge: float | None = None,
        indent: float | None = None,
        level: int = 0,
        ref: str | None = None,
    ) -> Block:
        """Give what was written as one block."""
        return Block(
            self.text,
            kind,
            level=level,
            edge=edge,
            indent=indent,
            pieces=tuple(self.pieces),
            marks=tuple(self.marks),
            changes=tuple(self.changes),
            ref=ref,
        )

    def _join(self, word: Word) -> None:
        if self._broken:
            before = self.text.rsplit(None, 1)[-1]
            self.text += self.hyphens.between(before, word.text)
            if self.pieces:
                last = self.pieces[-1]
                if last.span.end < len(self.text):
                    self.pieces[-1] = Piece(Span(last.span.start, len(self.text)), last.page, last.box)
        elif self._space and self.text and not self.text.endswith(("\n", "\t")):
            self.text += " "
        self._space = self._broken = False

    def _write(self, word: Word, page: int) -> None:
        text = word.text
        if text.endswith(LINE_END_HYPHEN):
            self._broken = True
            text = text.rstrip(LINE_END_HYPHEN)
        if word.state == "inserted":
            self._change("inserted", word, page)
        self.text += text.replace(LINE_END_HYPHEN, "-")

    def _change(self, kind: str, word: Word, page: int) -> None:
        """Note a changed word, together with the changed words just before it."""
        text = word.text.replace(LINE_END_HYPHEN, "-")
        if self.changes:
            last = self.changes[-1]
            reached = last.offset + (len(last.text) if kind == "inserted" else 0)
            if last.kind == kind and last.page == page and abs(len(self.text) - reached) <= 1:
                joined = last.text + ("" if word.glued else " ") + text
                self.changes[-1] = last._replace(text=joined)
                return
        self.changes.append(Change(kind, len(self.text), text, page))  # type: ignore[arg-type]


def write_lines(lines: Sequence[PrintedLine], hyphens: Hyphens) -> Writer:
    """Write lines as one running text."""
    writer = Writer(hyphens)
    for line in lines:
        writer.line(line)
    return writer
