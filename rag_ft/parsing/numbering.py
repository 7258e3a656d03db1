"""Blocks into the tree of numbered paragraphs, labelled as a lawyer cites them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag_ft.parsing.blocks import Block
from rag_ft.parsing.labels import Count, Label, read_label
from rag_ft.schema import Paragraph, ParagraphRole, Span

# A definition opens with the quoted term; what may stand between it and the verb is
# "in relation to ..., ", other quoted terms, or a bracket.
DEFINITION = re.compile(
    r"[“\"‘](?P<term>[^“”\"‘’]{1,120}(?:’[^“”\"]{0,80})?)[”\"’]"
    r"(?=[^.;:]{0,300}?(?:\bmeans?\b|\bincludes?\b|\brefers? to\b|\bha(?:s|ve) the (?:same )?meanings?\b"
    r"|[-–—⎯]\s*$))"
)
ZONE = re.compile(
    r"(?P<name>(?:ANNEX|APPENDIX|SCHEDULE|ATTACHMENT|Annex|Appendix|Schedule|Attachment)(?: ?[A-Z0-9]{1,3})?"
    r"|(?:THE )?(?:FIRST|SECOND|THIRD|FOURTH|FIFTH|SIXTH|SEVENTH|EIGHTH|NINTH|TENTH|ELEVENTH"
    r"|TWELFTH|THIRTEENTH|FOURTEENTH"
    r"|FIFTEENTH|SIXTEENTH|SEVENTEENTH|EIGHTEENTH|NINETEENTH|TWENTIETH) SCHEDULE"
    r"|Endnotes? on History of Amendments|ENDNOTES?)"
    r"(?=$|[\s:.–—-])"
)
# Tags that say which instrument changed a paragraph: kept in the text, outside every span.
ANNOTATION = re.compile(
    r"\[\s*(?:\d{1,3}/\d{2,4}(?:\s*[;,]\s*\d{1,3}/\d{2,4})*|(?:Deleted |Repealed |Renumbered )?(?:by )?"
    r"(?:Act \d+ of \d{4}|S \d+/\d{4}|MAS Notice|Notice |Circular |Guidelines? )[^\]]{0,120})\s*\]"
)
_CAPTION = re.compile(r"(?:Chart|Figure|Table|Box|Diagram|Graph) \d+(?:\.\d+)*[a-z]?\b")


@dataclass(slots=True)
class _Node:
    label: str
    parent: int | None
    heading: tuple[str, ...]
    spans: list[Span] = field(default_factory=list)
    role: ParagraphRole = "paragraph"
    term: str | None = None
    printed: Span | None = None
    form: str = ""
    count: Count | None = None
    indent: float | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Numbered:
    """The whole text of a document, where each block stands in it, and its tree."""

    text: str
    starts: tuple[int, ...]
    paragraphs: tuple[Paragraph, ...]


def number_blocks(blocks: Sequence[Block], statute: bool = False) -> Numbered:
    """Lay blocks out as one text, a block a line, and label every paragraph."""
    tree = _Tree(blocks, statute)
    tree.run()
    return Numbered("\n".join(block.text for block in blocks), tuple(tree.starts), tuple(tree.frozen()))


class _Tree:
    def __init__(self, blocks: Sequence[Block], statute: bool) -> None:
        self.blocks = blocks
        self.statute = statute
        self.nodes: list[_Node] = []
        self.open: list[int] = []
        self.zone = ""
        self.headings: list[tuple[int, str]] = []
        self.fresh_heading = False
        self.absolute: dict[tuple[str, str], int] = {}
        self.last_top: tuple[int, ...] = ()
        self.chapter: tuple[int, ...] = ()
        self.unnumbered: dict[str, int] = {}
        self.section_node: int | None = None
        self.starts: list[int] = []
        offset = 0
        for block in blocks:
            self.starts.append(offset)
            offset += len(block.text) + 1

    def run(self) -> None:
        self.numbered = any(
            block.kind == "body" and (label := read_label(block.text)) and label.form != "bullet"
            for block in self.blocks
        )
        for position, block in enumerate(self.blocks):
            if block.kind == "heading":
                self._heading(block)
            elif block.kind == "table":
                self._table(position, block)
            elif block.kind == "footnote":
                self._footnote(position, block)
            elif block.kind == "body":
                self._body(position, block)

    def frozen(self) -> list[Paragraph]:
        return [
            Paragraph(
                label=node.label,
                spans=tuple(node.spans),
                parent=node.parent,
                heading=node.heading,
                role=node.role,
                term=node.term,
                printed=node.printed,
            )
            for node in self.nodes
        ]

    # Headings and zones

    def _heading(self, block: Block) -> None:
        if match := ZONE.match(block.text):
            self.zone = _zone_name(match["name"])
            self.headings = [(0, block.text)]
            self.open = []
            self.last_top = self.chapter = ()
        else:
            level = block.level or 1
            label = read_label(block.text)
            if label and label.form in ("bare", "dot") and label.counts:
                self.chapter = self.last_top = label.counts[0].key
            self.headings = [*(h for h in self.headings if h[0] < level), (level, block.text)]
        self.fresh_heading = True
        self.section_node = None

    def _path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.headings)

    # Body

    def _body(self, position: int, block: Block) -> None:
        start, text = self.starts[position], block.text
        offset = 0
        node: int | None = None
        while True:
            rest = text[offset:]
            label = read_label(rest)
            placed = self._place(label, block, chained=node is not None) if label else None
            if label is None or placed is None:
                break
            self.nodes[placed].printed = Span(start + offset, start + offset + label.length)
            node = placed
            offset += label.length
            offset += _gap(text[offset:])
        if match := DEFINITION.match(text, offset):
            node = self._definition(match["term"], block)
        if node is None:
            node = self._unnumbered(block)
        self.nodes[node].spans.extend(own_words(text, offset, start))

    def _add(self, node: _Node) -> int:
        self.nodes.append(node)
        self.fresh_heading = False
        self.section_node = None
        return len(self.nodes) - 1

    def _place(self, label: Label, block: Block, chained: bool) -> int | None:
        if label.form == "bullet":
            return None
        if label.form in ("decimal", "dash"):
            return None if chained else self._place_absolute(label, block)
        if label.form in ("bare", "dot"):
            return None if chained else self._place_top(label, block)
        return self._place_relative(label, block)

    def _place_absolute(self, label: Label, block: Block) -> int | None:
        separator = "." if label.form == "decimal" else "-"
        parts = label.body.split(separator)
        parent = None
        for depth in range(len(parts) - 1, 0, -1):
            parent = self.absolute.get((self.zone, separator.join(parts[:depth])))
            if parent is not None:
                break
        node = self._add(
            _Node(self._zoned(label.body), parent, self._path(), form=label.form, indent=block.indent)
        )
        self.absolute[self.zone, label.body] = node
        self._open(node)
        return node

    def _place_top(self, label: Label, block: Block) -> int | None:
        key = label.counts[0].key
        if self.last_top and not (self.last_top < key and key[0] <= self.last_top[0] + 3):
            return None
        if not self.last_top and key[0] > 3:
            return None
        self.last_top = key
        name = f"s {label.body}" if self.statute and not self.zone else self._zoned(label.body)
        node = self._add(
            _Node(name, None, self._path(), form="top", count=label.counts[0], indent=block.indent)
        )
        self.absolute[self.zone, label.body] = node
        self._open(node)
        return node

    def _place_relative(self, label: Label, block: Block) -> int | None:
        stack = [self.nodes[position] for position in self.open]
        for test in (Count.follows, None, Count.is_after):
            if test is None:
                if first := next((c for c in label.counts if c.is_first), None):
                    return self._child(label, first, block)
                continue
            for depth in range(len(stack) - 1, -1, -1):
                last = stack[depth]
                for count in label.counts:
                    if last.form == label.form and last.count and test(count, last.count):
                        self.open = self.open[:depth]
                        return self._child(label, count, block)
        return None

    def _child(self, label: Label, count: Count, block: Block) -> int:
        parent = self.open[-1] if self.open else None
        name = self.nodes[parent].label + label.printed if parent is not None else self._zoned(label.printed)
        node = self._add(_Node(name, parent, self._path(), form=label.form, count=count, indent=block.indent))
        self._open(node)
        return node

    def _open(self, node: int) -> None:
        parent = self.nodes[node].parent
        while self.open and self.open[-1] != parent:
            self.open.pop()
        self.open.append(node)

    def _definition(self, term: str, block: Block) -> int:
        term = term.strip()
        holder = next(
            (p for p in reversed(self.open) if self.nodes[p].form in ("top", "decimal", "dash")), None
        )
        if self.statute:
            holder = next((p for p in reversed(self.open) if self._is_subsection(self.nodes[p])), holder)
        base = self.nodes[holder].label if holder is not None else self.zone
        separator = ", " if holder is None and base else " " if base else ""
        node = self._add(
            _Node(
                f'{base}{separator}"{term}"',
                holder,
                self._path(),
                role="definition",
                term=term,
                indent=block.indent,
            )
        )
        self._open(node)
        return node

    def _is_subsection(self, node: _Node) -> bool:
        return node.form == "paren" and node.count is not None and node.count.style == "digit"

    def _unnumbered(self, block: Block) -> int:
        if self.open and not self.fresh_heading:
            # Flush words belong to the paragraph whose list they close.
            while len(self.open) > 1 and self.nodes[self.open[-1]].form in ("paren", "half", "point"):
                self.open.pop()
            return self.open[-1]
        if self.section_node is not None:
            return self.section_node
        self.open = []
        path = self._path()
        if path and len(path) > 1:
            label = path[-1]
            self.section_node = self._add(
                _Node(self._zoned(label), None, path, role="text", indent=block.indent)
            )
            kept = len(self.nodes) - 1
            self.section_node = kept
            return kept
        count = self.unnumbered.get(self.zone, 0) + 1
        self.unnumbered[self.zone] = count
        return self._add(
            _Node(self._zoned(f"unnumbered {count}"), None, path, role="text", indent=block.indent)
        )

    def _table(self, position: int, block: Block) -> None:
        start = self.starts[position]
        parent = self.open[-1] if self.open else None
        name = block.ref or "table"
        label = f"{self.nodes[parent].label}, {name}" if parent is not None else self._zoned(name)
        kept = self.section_node
        node = self._add(_Node(label, parent, self._path(), role="table"))
        self.section_node = kept
        self.nodes[node].spans.append(Span(start, start + len(block.text)))

    def _footnote(self, position: int, block: Block) -> None:
        start = self.starts[position]
        kept, fresh = self.section_node, self.fresh_heading
        node = self._add(_Node(self._zoned(f"footnote {block.ref}"), None, self._path(), role="footnote"))
        self.section_node, self.fresh_heading = kept, fresh
        self.nodes[node].spans.extend(own_words(block.text, 0, start))

    def _zoned(self, label: str) -> str:
        return f"{self.zone}, {label}" if self.zone else label


def own_words(text: str, offset: int, start: int) -> list[Span]:
    """Return the slices of a block from `offset` on without amendment tags and outer white space."""
    spans = []
    cut = offset
    for match in [*ANNOTATION.finditer(text, offset), None]:
        end = match.start() if match else len(text)
        piece = text[cut:end]
        stripped = piece.strip().lstrip("—").strip()
        if stripped:
            lead = piece.index(stripped)
            spans.append(Span(start + cut + lead, start + cut + lead + len(stripped)))
        cut = match.end() if match else end
    return spans


def _gap(rest: str) -> int:
    """Count the white space and the dash that a section sets between its number and (1)."""
    match = re.match(r"\s*(?:[—–]\s*(?=\())?", rest)
    return match.end() if match else 0


def _zone_name(name: str) -> str:
    """Write a zone as it is cited: "Annex A", "First Schedule"."""
    head, _, rest = name.removeprefix("THE ").partition(" ")
    return f"{head.capitalize()} {rest if len(rest) < 4 or not rest.isupper() else rest.capitalize()}".strip()
