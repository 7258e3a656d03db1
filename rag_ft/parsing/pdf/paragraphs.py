"""Printed lines into blocks: where a paragraph, a heading or a limb begins."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rag_ft.parsing.anatomy import ANNOTATION, CAPTION, DEFINITION, REFERRING, SENTENCE_END, ZONE
from rag_ft.parsing.blocks import Block
from rag_ft.parsing.labels import Label, read_label
from rag_ft.parsing.pdf.printed import PrintedLine
from rag_ft.parsing.pdf.tables import Table
from rag_ft.parsing.pdf.words import Hyphens, Writer, write_lines

_CONTENTS = re.compile(r"(?:\.{4,}|…{2,}|(?:\. ){4,})[.… ]*\s*\d*$")
_CONTENTS_TITLE = re.compile(r"(?:table of )?contents", re.IGNORECASE)
_FEWEST_ENTRIES = 3
_WORD = 3
_HEADING_WORDS = 40
_ZONE_WORDS = 12
_CAPTION_WORDS = 24
_NEAR = 5.0


@dataclass(frozen=True, slots=True)
class Setting:
    """How a document is set: the height of its type and the pitch of its lines, in points."""

    body: float
    pitch: float
    justified: bool = False

    @classmethod
    def measure(cls, lines: Sequence[PrintedLine]) -> "Setting":
        """Take the commonest height, weighed by words, and the commonest near pitch."""
        heights: Counter[float] = Counter()
        pitches: Counter[float] = Counter()
        for line, following in zip(lines, lines[1:], strict=False):
            heights[round(line.height, 1)] += len(line.words)
            step = line.base - following.base
            if line.page == following.page and 0 < step < 2.5 * line.height:
                pitches[round(step, 0)] += 1
        body = heights.most_common(1)[0][0] if heights else 12.0
        common = [
            pitch for pitch, times in pitches.items() if times >= 0.25 * max(pitches.values(), default=1)
        ]
        rights = Counter(round(line.box[2] / 4) for line in lines)
        full = sum(rights[at] for at, _ in rights.most_common(2))
        return cls(body, min(common, default=1.2 * body), full > 0.5 * len(lines))


@dataclass(slots=True)
class _Open:
    """The block being gathered: its lines, its label, where its label and its text begin."""

    lines: list[PrintedLine]
    label: Label | None
    edge: float
    indent: float
    kind: str = "body"
    text: str = ""
    right: float = field(default=0.0)


class BlockBuilder:
    """Gathers printed lines into blocks, over page ends."""

    def __init__(self, setting: Setting, hyphens: Hyphens) -> None:
        self.setting = setting
        self.hyphens = hyphens
        self.blocks: list[Block] = []
        self.current: _Open | None = None
        self.margin = 0.0
        self.hanging = 0
        self.contents: set[int] = set()

    def build(self, flow: Iterable[PrintedLine | Table]) -> list[Block]:
        """Turn lines and tables, in reading order, into blocks."""
        items = list(flow)
        self.contents = _contents([item for item in items if isinstance(item, PrintedLine)])
        for item in items:
            if isinstance(item, Table):
                self._table(item)
            else:
                self._line(item)
        self._close()
        return self.blocks

    def _line(self, line: PrintedLine) -> None:
        text = _visible(line)
        if not text:
            # A line struck out as a whole leaves its words to the amendments of its block.
            self._struck(line)
            return
        if id(line) in self.contents:
            self._close()
            self.blocks.append(write_lines([line], self.hyphens).block("aside"))
            return
        self.margin = max(self.margin, line.box[2])
        kind = self._kind(line, text)
        label = read_label(text)
        if label is not None and label.form == "bullet":
            label = None
        if self.current is None or self._begins(line, text, label, kind):
            self._close()
            self._open(line, text, label, kind)
            return
        current = self.current
        current.lines.append(line)
        current.text = f"{current.text} {text}"
        if len(current.lines) == 2 and current.kind == "body":
            current.indent = line.words[0].x0
            if current.label is not None:
                self.hanging += 1 if current.indent > current.edge + _NEAR else -1
        current.right = line.box[2]

    def _open(self, line: PrintedLine, text: str, label: Label | None, kind: str) -> None:
        indent = line.words[0].x0
        if label is not None:
            # The text begins at the first word behind the label.
            length = len(label.body)
            after = [word for word in line.words[1:] if not word.glued]
            indent = after[0].x0 if after and length else indent
        self.current = _Open([line], label, line.words[0].x0, indent, kind, text, line.box[2])

    def _kind(self, line: PrintedLine, text: str) -> str:
        if ANNOTATION.fullmatch(text):
            return "aside"
        if ZONE.match(text) and len(text.split()) <= _ZONE_WORDS and text[-1:] not in ".,;":
            before = self.current.text if self.current else ""
            if line.bold or SENTENCE_END.search(before) or not before:
                return "heading"
        if line.height < 0.95 * self.setting.body or not _reads_as_words(text):
            # Small type, bold or not, is a figure's or a table's.
            return "body"
        if line.bold or line.height > 1.08 * self.setting.body:
            return "heading"
        if text.isupper() and len(text) > 4 and len(text.split()) > 1 and not re.search(r"\d{4}", text):
            return "heading"
        return "body"

    def _begins(self, line: PrintedLine, text: str, label: Label | None, kind: str) -> bool:
        current = self.current
        assert current is not None
        last = current.lines[-1]
        if kind == "aside" or current.kind == "aside":
            return True
        if kind != current.kind:
            return True
        if kind == "heading":
            return self._begins_heading(line, last, label)
        fresh_page = line.page != last.page
        step = last.base - line.base
        apart = not fresh_page and (step > 1.35 * self.setting.pitch or step < -self.setting.pitch)
        ended = SENTENCE_END.search(current.text) is not None
        x0 = line.words[0].x0
        if label is not None and not REFERRING.search(current.text):
            if x0 < current.indent - _NEAR or apart or ended or _ended_short(current, self.margin):
                return True
        if apart:
            return True
        if (
            self.setting.justified
            and text[:1].isupper()
            and _ended_short(current, self.margin)
            and x0 >= current.edge - 1
        ):
            return True
        if DEFINITION.match(text) and ended:
            return True
        if re.match(r"[•▪●◦■□❖➢‣\uf0b7\uf0a7\uf0d8-]\s|o\s(?=[A-Z])|Ø\s", text) and (ended or apart):
            return True
        if len(current.lines) > 1:
            # Flush words stand further left than the limb before them.
            if x0 < current.indent - _NEAR or (x0 > current.indent + 3 * _NEAR and ended):
                return True
        elif current.label is not None:
            left = current.indent if fresh_page and self.hanging > 0 else current.edge
            if x0 < left - _NEAR:
                return True
        return fresh_page and ended and current.text.endswith(".") and _ended_short(current, self.margin)

    def _begins_heading(self, line: PrintedLine, last: PrintedLine, label: Label | None) -> bool:
        if line.page != last.page or label is not None:
            return True
        if abs(line.height - last.height) > 0.12 * last.height:
            return True
        return not 0 < last.base - line.base <= 1.6 * max(self.setting.pitch, 1.2 * line.height)

    def _struck(self, line: PrintedLine) -> None:
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
        if kind == "heading" and (words > _HEADING_WORDS or (words > 8 and writer.text.endswith((".", ";")))):
            kind = "body"
        self.blocks.append(
            writer.block(
                kind,  # type: ignore[arg-type]
                edge=current.edge,
                indent=current.indent,
                level=round(current.lines[0].height * 10) if kind == "heading" else 0,
            )
        )

    def _keep_changes(self, writer: Writer) -> None:
        """Hang the words of a block struck out as a whole on the block before it."""
        if not self.blocks:
            return
        last = self.blocks[-1]
        moved = tuple(change._replace(offset=len(last.text)) for change in writer.changes)
        self.blocks[-1] = _replaced(last, changes=(*last.changes, *moved))

    def _table(self, table: Table) -> None:
        self._close()
        last = self.blocks[-1] if self.blocks else None
        if last is not None and last.kind == "table" and _same_columns(last, table):
            writer = self._rows(table, Writer(self.hyphens), last.text.split("\n")[1 if last.ref else 0])
            if not writer.text:
                return
            shift = len(last.text) + 1
            pieces = tuple(
                p._replace(span=type(p.span)(p.span.start + shift, p.span.end + shift)) for p in writer.pieces
            )
            self.blocks[-1] = _replaced(
                last,
                text=f"{last.text}\n{writer.text}",
                pieces=(*last.pieces, *pieces),
                marks=(*last.marks, *(m._replace(offset=m.offset + shift) for m in writer.marks)),
                changes=(*last.changes, *(c._replace(offset=c.offset + shift) for c in writer.changes)),
            )
            return
        writer = Writer(self.hyphens)
        ref = None
        if last is not None and last.kind in ("heading", "body") and (match := CAPTION.match(last.text)):
            if len(last.text.split()) <= _CAPTION_WORDS:
                caption = self.blocks.pop()
                ref = match["name"]
                writer.text, writer.pieces = caption.text + "\n", list(caption.pieces)
                writer.marks, writer.changes = list(caption.marks), list(caption.changes)
        writer = self._rows(table, writer, None)
        if writer.text.strip():
            self.blocks.append(
                writer.block(
                    "table", edge=table.edges[0], indent=table.edges[-1], ref=ref, level=len(table.edges)
                )
            )

    def _rows(self, table: Table, writer: Writer, header: str | None) -> Writer:
        first = True
        for row in table.rows:
            if header is not None and first and _plain_row(row) == header.split():
                first = False
                continue
            if writer.text and not writer.text.endswith("\n"):
                writer.separate("\n")
            first = False
            for column, cell in enumerate(row):
                if column:
                    writer.separate("\t")
                for line in cell:
                    writer.line(line)
            writer.text = writer.text.rstrip("\t ")
        return writer


def _replaced(block: Block, **changes: object) -> Block:
    from dataclasses import replace

    return replace(block, **changes)  # type: ignore[arg-type]


def _plain_row(row: list[list[PrintedLine]]) -> list[str]:
    return [word.text for cell in row for line in cell for word in line.words]


def _same_columns(block: Block, table: Table) -> bool:
    return (
        block.level == len(table.edges)
        and block.edge is not None
        and block.indent is not None
        and abs(block.edge - table.edges[0]) < 8
        and abs(block.indent - table.edges[-1]) < 8
    )


def _ended_short(current: _Open, margin: float) -> bool:
    """Whether the last line stops well before the right margin, as a paragraph's last line does."""
    return current.right < margin - 40


def _visible(line: PrintedLine) -> str:
    words = [word for word in line.words if word.state != "deleted" and not word.raised]
    return "".join(("" if word.glued else " ") + word.text for word in words).strip()


def _contents(lines: Sequence[PrintedLine]) -> set[int]:
    """Find tables of contents: on each page, from the heading or the first entry to the last entry."""
    found: set[int] = set()
    pages: dict[int, list[PrintedLine]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    for page in pages.values():
        entries = [at for at, line in enumerate(page) if _CONTENTS.search(line.text)]
        if len(entries) < _FEWEST_ENTRIES:
            continue
        titles = [at for at, line in enumerate(page[: entries[0]]) if _CONTENTS_TITLE.fullmatch(line.text)]
        found |= {id(line) for line in page[(titles or entries)[0] : entries[-1] + 1]}
    return found


def _reads_as_words(text: str) -> bool:
    """Whether a line is mostly words, and not the figures or letters of a drawing."""
    words = text.split()
    return any(len(word) >= _WORD for word in words) and 2 * sum(word[0].isalpha() for word in words) >= len(
        words
    )
