"""Printed lines into blocks: where a paragraph, a heading or a limb begins."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rag_ft.parsing.anatomy import ANNOTATION, DEFINITION, REFERRING, SENTENCE_END, ZONE
from rag_ft.parsing.blocks import Block, BlockKind
from rag_ft.parsing.labels import Label, read_label
from rag_ft.parsing.pdf.printed import PrintedLine
from rag_ft.parsing.pdf.setting import Setting, contents_lines, reads_as_words
from rag_ft.parsing.pdf.table_blocks import add_table
from rag_ft.parsing.pdf.tables import Table
from rag_ft.parsing.pdf.words import Hyphens, Writer, write_lines

_BULLET = re.compile(r"[•▪●◦■□❖➢‣\uf0b7\uf0a7\uf0d8-]\s|o\s(?=[A-Z])|Ø\s")
_HEADING_WORDS = 40
_SENTENCE_HEADING = 8
_ZONE_WORDS = 12
# Left edges within so many points are one; a line that ends so far left of the margin ends a paragraph.
_NEAR = 5.0
_SHORT = 40.0


@dataclass(slots=True)
class _Open:
    """The block being gathered.

    `edge` is where its label begins, `indent` where its text does, `right` where its
    last line ends and `full` where its longest does.
    """

    lines: list[PrintedLine]
    label: Label | None
    edge: float
    indent: float
    kind: BlockKind = "body"
    text: str = ""
    right: float = 0.0
    full: float = 0.0


@dataclass(frozen=True, slots=True)
class _Next:
    """The line at hand, seen against the block being gathered."""

    line: PrintedLine
    text: str
    label: Label | None
    kind: BlockKind
    fresh_page: bool
    apart: bool
    ended: bool
    short: bool

    @property
    def left(self) -> float:
        return self.line.words[0].x0


class BlockBuilder:
    """Gathers printed lines into blocks, over page ends."""

    def __init__(self, setting: Setting, hyphens: Hyphens) -> None:
        self.setting = setting
        self.hyphens = hyphens
        self.blocks: list[Block] = []
        self.current: _Open | None = None
        self.margins: dict[int, float] = {}
        self.hanging = 0

    def build(self, flow: Iterable[PrintedLine | Table]) -> list[Block]:
        """Turn lines and tables, in reading order, into blocks."""
        items = list(flow)
        lines = [item for item in items if isinstance(item, PrintedLine)]
        contents = contents_lines(lines)
        for line in lines:
            self.margins[line.page] = max(self.margins.get(line.page, 0.0), line.box[2])
        for item in items:
            if isinstance(item, Table):
                self._close()
                add_table(self.blocks, item, self.hyphens)
            elif id(item) in contents:
                self._close()
                self.blocks.append(write_lines([item], self.hyphens).block("aside"))
            else:
                self._line(item)
        self._close()
        return self.blocks

    def _line(self, line: PrintedLine) -> None:
        text = _visible(line)
        if not text:
            self._struck(line)
            return
        label = read_label(text)
        if label is not None and label.form == "bullet":
            label = None
        following = self._seen(line, text, label)
        if self.current is None or self._begins(self.current, following):
            self._close()
            self.current = self._opened(following)
        else:
            self._append(self.current, following)

    def _seen(self, line: PrintedLine, text: str, label: Label | None) -> _Next:
        kind = self._kind(line, text)
        current = self.current
        if current is None:
            return _Next(line, text, label, kind, False, False, True, False)
        last = current.lines[-1]
        fresh = line.page != last.page
        step = last.base - line.base
        apart = not fresh and (step > 1.35 * self.setting.pitch or step < -self.setting.pitch)
        ended = SENTENCE_END.search(current.text) is not None
        full = current.full if len(current.lines) > 1 else self.margins[last.page]
        return _Next(line, text, label, kind, fresh, apart, ended, current.right < full - _SHORT)

    def _opened(self, first: _Next) -> _Open:
        indent = first.left
        if first.label is not None:
            # The text begins at the first word behind the label.
            after = [word for word in first.line.words[1:] if not word.glued]
            indent = after[0].x0 if after else indent
        right = first.line.box[2]
        return _Open([first.line], first.label, first.left, indent, first.kind, first.text, right, right)

    def _append(self, current: _Open, following: _Next) -> None:
        current.lines.append(following.line)
        current.text = f"{current.text} {following.text}"
        current.right = following.line.box[2]
        current.full = max(current.full, current.right)
        if len(current.lines) == 2 and current.kind == "body":
            current.indent = following.left
            if current.label is not None:
                self.hanging += 1 if current.indent > current.edge + _NEAR else -1

    def _kind(self, line: PrintedLine, text: str) -> BlockKind:
        if ANNOTATION.fullmatch(text):
            return "aside"
        if ZONE.match(text) and len(text.split()) <= _ZONE_WORDS and text[-1:] not in ".,;":
            before = self.current.text if self.current else ""
            if line.bold or SENTENCE_END.search(before) or not before:
                return "heading"
        if line.height < 0.95 * self.setting.body or not reads_as_words(text):
            # Small type, bold or not, is a figure's or a table's.
            return "body"
        if line.bold or line.height > 1.08 * self.setting.body:
            return "heading"
        capitals = text.isupper() and len(text.split()) > 1 and not re.search(r"\d{4}", text)
        return "heading" if capitals else "body"

    def _begins(self, current: _Open, following: _Next) -> bool:
        if following.kind != current.kind or following.kind == "aside":
            return True
        if following.kind == "heading":
            return self._begins_heading(current.lines[-1], following)
        return (
            following.apart
            or self._begins_labelled(current, following)
            or self._begins_unlabelled(current, following)
            or self._is_flush(current, following)
        )

    def _begins_heading(self, last: PrintedLine, following: _Next) -> bool:
        line = following.line
        if following.fresh_page or following.label is not None:
            return True
        if abs(line.height - last.height) > 0.12 * last.height:
            return True
        return not 0 < last.base - line.base <= 1.6 * max(self.setting.pitch, 1.2 * line.height)

    def _begins_labelled(self, current: _Open, following: _Next) -> bool:
        """Whether a label at the head of the line is one, and no figure of the sentence."""
        if following.label is None or REFERRING.search(current.text):
            return False
        return following.left < current.indent - _NEAR or following.ended or following.short

    def _begins_unlabelled(self, current: _Open, following: _Next) -> bool:
        """Whether a paragraph without a number begins: after a last line, a definition, a bullet."""
        if following.short and following.text[:1].isupper():
            if self.setting.justified and following.left >= current.edge - 1:
                return True
            if following.fresh_page and current.text.endswith("."):
                return True
        return following.ended and bool(DEFINITION.match(following.text) or _BULLET.match(following.text))

    def _is_flush(self, current: _Open, following: _Next) -> bool:
        """Whether words stand left of the limb before them, closing the list it stands in."""
        if len(current.lines) > 1:
            outdented = following.left < current.indent - _NEAR
            return outdented or (following.ended and following.left > current.indent + 3 * _NEAR)
        if current.label is None:
            return False
        left = current.indent if following.fresh_page and self.hanging > 0 else current.edge
        return following.left < left - _NEAR

    def _struck(self, line: PrintedLine) -> None:
        """Leave a line struck out as a whole to the amendments of its block."""
        if self.current is None:
            self.current = _Open([line], None, line.words[0].x0, line.words[0].x0)
        else:
            self.current.lines.append(line)

    def _close(self) -> None:
        current, self.current = self.current, None
        if current is None:
            return
        writer = write_lines(current.lines, self.hyphens)
        if not writer.text.strip():
            self._keep_changes(writer)
            return
        kind = current.kind
        words = len(writer.text.split())
        sentence = words > _SENTENCE_HEADING and writer.text.endswith((".", ";"))
        if kind == "heading" and (words > _HEADING_WORDS or sentence):
            kind = "body"
        level = round(current.lines[0].height * 10) if kind == "heading" else 0
        self.blocks.append(writer.block(kind, edge=current.edge, indent=current.indent, level=level))

    def _keep_changes(self, writer: Writer) -> None:
        """Hang the words of a block struck out as a whole on the block before it."""
        if not self.blocks:
            return
        last = self.blocks[-1]
        moved = tuple(change._replace(offset=len(last.text)) for change in writer.changes)
        self.blocks[-1] = replace(last, changes=(*last.changes, *moved))


def _visible(line: PrintedLine) -> str:
    words = [word for word in line.words if word.state != "deleted" and not word.raised]
    return "".join(("" if word.glued else " ") + word.text for word in words).strip()
