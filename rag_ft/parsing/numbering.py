"""Blocks into the tree of numbered paragraphs, labelled as a lawyer cites them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag_ft.parsing.anatomy import ANNOTATION, CAPTION, DEFINITION, SENTENCE_END, ZONE, zone_name
from rag_ft.parsing.blocks import Block
from rag_ft.parsing.headings import Headings
from rag_ft.parsing.labels import Count, Label, read_label
from rag_ft.parsing.tree import TITLE_PAGE, Node, Zone, finish
from rag_ft.schema import Paragraph, Span

# Labels at one place of the page are of one list; a few points of drift are the setter's.
_NEAR = 8.0
# A numbered paragraph may be left out, but not many at once.
_WIDEST_JUMP = 4
_LIMB_FORMS = ("paren", "half", "point")
_SENTENCE_WORDS = 12
_CAPTION_WORDS = 20
_PLAIN_LISTS = 2
_SECTION_WORDS = 3
_DEEPEST = 6
_TITLE_WORDS = 14


@dataclass(frozen=True, slots=True)
class Numbered:
    """The whole text of a document, where each block stands in it, its tree, and which
    paragraph each block belongs to (None for headings and asides)."""

    text: str
    starts: tuple[int, ...]
    paragraphs: tuple[Paragraph, ...]
    owners: tuple[int | None, ...]


def number_blocks(blocks: Sequence[Block], statute: bool = False) -> Numbered:
    """Lay blocks out as one text, a block a line, and label every paragraph."""
    return _Numberer(blocks, statute).run()


class _Numberer:
    def __init__(self, blocks: Sequence[Block], statute: bool) -> None:
        self.blocks = blocks
        self.statute = statute
        self.nodes: list[Node] = []
        self.open: list[int] = []
        self.zone = Zone("")
        self.headings = Headings(blocks)
        self.last: int | None = None
        self.caption: int | None = None
        self.section: int | None = None
        self.front: int | None = None
        self.starts: list[int] = []
        self.fresh = False
        self.at = 0
        self.start = 0
        self.body_from = _first_numbered(blocks)
        self.is_plain = _is_plain(blocks)
        self.hanging = _hangs(blocks)

    def run(self) -> Numbered:
        owners: list[int | None] = []
        for self.at, block in enumerate(self.blocks):
            self.starts.append(self.start)
            owners.append(self._take(block))
            self.start += len(block.text) + 1
        text = "\n".join(block.text for block in self.blocks)
        return Numbered(text, tuple(self.starts), finish(self.nodes), tuple(owners))

    def _take(self, block: Block) -> int | None:
        if block.kind == "aside":
            return None
        if block.kind == "footnote":
            return self._footnote(block)
        if block.kind == "table":
            return self._table(block)
        if self._in_front(block):
            return self._front_matter(block)
        captioned = CAPTION.match(block.text) or self._captioned(block)
        if (block.kind == "heading" and not captioned) or self._is_section_line(block):
            self._heading(block)
            return None
        return self._body(block)

    # What stands before the numbering begins

    def _in_front(self, block: Block) -> bool:
        """Whether a block belongs to the title page: no annex, no sentence, before any number."""
        if self.at >= self.body_from or block.level in range(1, 7) and block.kind == "heading":
            return False
        if self.body_from == len(self.blocks) or ZONE.match(block.text):
            return False
        if self.at == self.body_from - 1 and len(block.text.split()) <= _SECTION_WORDS:
            # "INTRODUCTION" right before the first number heads a section, unless a chapter follows.
            return self.blocks[self.body_from].kind == "heading"
        return block.kind == "heading" or not _is_sentence(block.text)

    def _front_matter(self, block: Block) -> int:
        if self.front is None:
            self.front = self._add(Node(TITLE_PAGE, self.zone, role="text"))
        self.nodes[self.front].spans.extend(own_words(block.text, 0, self.start))
        return self.front

    # Headings

    def _heading(self, block: Block) -> None:
        label = read_label(block.text)
        if match := ZONE.match(block.text):
            self.zone = Zone(zone_name(match), block.text)
        elif label is not None and label.form in ("bare", "dot") and label.counts[0].style == "digit":
            key = label.counts[0].key
            if self.zone.top and key == (1,):
                self.zone = Zone(self.zone.name, self._zone_heading(block.text[label.length :].strip()))
            self.zone.top = key
        self.headings.take(block, label, self.at, in_zone=bool(ZONE.match(block.text)))
        self.open = []
        self.last = None
        self.section = self.caption = None
        self.fresh = True

    def _zone_heading(self, text: str) -> str:
        return text.capitalize() if text.isupper() else text

    def _is_section_line(self, block: Block) -> bool:
        """Tell "(IVA) Identification of Beneficiary", set plain at the margin, from a limb."""
        label = read_label(block.text)
        if block.kind != "body" or label is None:
            return False
        if label.form in ("decimal", "dash"):
            return self._heads_its_like(block, label)
        if label.form != "paren" or not label.body.isupper():
            return False
        words = block.text[label.length :].strip()
        if not words[:1].isupper() or SENTENCE_END.search(words) or len(words.split()) > _CAPTION_WORDS:
            return False
        if not self.open:
            return True
        top = self.nodes[self.open[0]]
        if top.edge is None or block.edge is None:
            return self.at > 0 and self.blocks[self.at - 1].text.endswith(".")
        return block.edge <= top.edge + _NEAR

    def _heads_its_like(self, block: Block, label: Label) -> bool:
        """Whether "6-6 Verification" is a heading, though set as plain text.

        It is no sentence, and "6-6-1" or words without a number follow it.
        """
        words = block.text[label.length :].strip()
        if words[:1].islower() or not words or words.endswith(",") or SENTENCE_END.search(words):
            return False
        if len(words.split()) > _TITLE_WORDS:
            return False
        following = next(
            (b for b in self.blocks[self.at + 1 : self.at + 3] if b.kind in ("body", "table")), None
        )
        after = read_label(following.text) if following is not None and following.kind == "body" else None
        if following is None or after is None or after.form == "bullet":
            return following is not None and len(block.pieces) == 1
        separator = "." if label.form == "decimal" else "-"
        return after.form == label.form and after.body.startswith(label.body + separator)

    # Body

    def _body(self, block: Block) -> int:
        text = block.text
        if CAPTION.match(text) and len(text.split()) <= _CAPTION_WORDS and not text.endswith("."):
            return self._caption(block)
        offset = 0
        node: int | None = None
        while (label := read_label(text[offset:])) is not None:
            placed = self._place(label, block, chained=node is not None)
            if placed is None:
                break
            self.nodes[placed].printed = Span(self.start + offset, self.start + offset + label.length)
            node = placed
            offset += label.length + _gap(text[offset + label.length :])
        if match := DEFINITION.match(text, offset):
            node = self._definition(match["term"].strip(" ,"), block)
        if node is None:
            node = self._unnumbered(block)
        self.nodes[node].spans.extend(own_words(text, offset, self.start))
        self.last = node
        return node

    def _add(self, node: Node) -> int:
        if self.zone.heading is None and node.label != TITLE_PAGE:
            self.zone.heading = self.headings.last_plain
        self.fresh = False
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _node(
        self, label: str, block: Block, parent: int | None, label_form: str, count: Count | None = None
    ) -> int:
        node = Node(
            label,
            self.zone,
            parent,
            self.headings.path,
            form=label_form,
            count=count,
            edge=block.edge,
            indent=block.indent,
        )
        position = self._add(node)
        while self.open and self.open[-1] != parent:
            self.open.pop()
        self.open.append(position)
        self.section = self.caption = None
        return position

    def _place(self, label: Label, block: Block, chained: bool) -> int | None:
        if label.form == "bullet":
            return None
        if label.form in ("decimal", "dash"):
            return None if chained else self._place_absolute(label, block)
        if label.form in ("bare", "dot"):
            return None if chained else self._place_top(label, block)
        return self._place_limb(label, block)

    def _place_absolute(self, label: Label, block: Block) -> int | None:
        """Place "6.3" or "6-13-2", which say themselves where they belong."""
        separator = "." if label.form == "decimal" else "-"
        parts = label.body.split(separator)
        if not self._is_in_order(parts, label, block):
            return None
        if label.body in ("1.1", "1-1") and label.body in self.zone.labels:
            # The numbers begin anew without an annex to say so.
            self.zone = Zone(self.zone.name, self.headings.last_plain)
        ancestors = (separator.join(parts[:depth]) for depth in range(len(parts) - 1, 0, -1))
        parent = next((self.zone.labels[name] for name in ancestors if name in self.zone.labels), None)
        node = self._node(label.body, block, parent, label.form)
        self.zone.labels[label.body] = node
        if head := re.match(r"(\d+)([A-Z]*)$", parts[0]):
            self.zone.top = max(self.zone.top, (int(head[1]),))
        return node

    def _is_in_order(self, parts: list[str], label: Label, block: Block) -> bool:
        """Whether "1.5" at the head of a line counts on, or is a figure of the sentence."""
        known = [node for node in self.nodes if node.form == label.form and node.zone is self.zone]
        if not known or not parts[0][:1].isdigit():
            return True
        key, last = _order(parts), _order(known[-1].label.split("." if label.form == "decimal" else "-"))
        if last < key and key[0][0] <= last[0][0] + _WIDEST_JUMP:
            return True
        edges = [node.edge for node in known if node.edge is not None]
        if block.edge is not None and edges:
            return any(abs(edge - block.edge) < 2 for edge in edges)
        return parts[-1] == "1"

    def _place_top(self, label: Label, block: Block) -> int | None:
        """Place a bare number: a paragraph of its own, a section, or an item of a list."""
        count = label.counts[0]
        if not block.text[label.length :].strip():
            return None
        if self._is_nested_number(block) or (count.is_first and self.zone.top and self.headings.label):
            return self._place_limb(label, block)
        if self.open and self.nodes[self.open[0]].form == label.form and self.nodes[self.open[0]].count:
            return self._place_limb(label, block)
        top = self.zone.top
        if top and count.key <= top:
            if not count.is_first:
                return None
            self.zone = Zone(self.zone.name, self.headings.last_plain)
        elif count.key[0] > (top[0] if top else 0) + _WIDEST_JUMP and not self.statute:
            return None
        elif self.statute and top and count.key[0] > top[0] + 1 and not self.fresh:
            return None
        self.zone.top = count.key
        name = f"s {label.body}" if self.statute and not self.zone.name else label.body
        node = self._node(name, block, None, "top", count)
        self.zone.labels[label.body] = node
        return node

    def _is_nested_number(self, block: Block) -> bool:
        """Whether a bare number stands inside an open paragraph, further right than it."""
        if not self.open or block.edge is None:
            return False
        top = self.nodes[self.open[0]]
        if top.edge is None:
            return False
        return block.edge > top.edge + 2 * _NEAR and top.form in ("decimal", "dash", "top")

    def _place_limb(self, label: Label, block: Block) -> int | None:
        """Place "(a)" in the list that it continues, or open one with it."""
        stack = [self.nodes[position] for position in self.open]
        counts = self._likely(label)
        found = self._continued(stack, label, counts, block, Count.follows)
        if found is None and (first := next((c for c in counts if c.is_first), None)):
            found = (len(stack), first)
        if found is None:
            found = self._continued(stack, label, counts, block, Count.is_after)
        if found is None and stack and block.edge is not None and _apart(stack[-1].edge, block.edge):
            # A list that goes on counting under another parent, further in.
            found = (len(stack), counts[0])
        if found is None:
            return None
        depth, count = found
        parent = self.open[depth - 1] if depth else None
        if parent is not None:
            name = self.nodes[parent].label + label.printed
        else:
            name = f"{self.headings.label}{label.printed}"
        return self._node(name, block, parent, label.form, count)

    def _continued(
        self,
        stack: list[Node],
        label: Label,
        counts: Sequence[Count],
        block: Block,
        test: Callable[[Count, Count], bool],
    ) -> tuple[int, Count] | None:
        """Find the open list that a label continues: the one printed nearest below, else the innermost."""
        found: list[tuple[float, int, Count]] = []
        for depth in range(len(stack) - 1, -1, -1):
            node = stack[depth]
            if node.form != label.form or node.count is None:
                continue
            drift = abs(node.edge - block.edge) if node.edge is not None and block.edge is not None else 0.0
            if test is Count.is_after and drift > 2 * _NEAR:
                continue
            count = next((count for count in counts if test(count, node.count)), None)
            if count is not None:
                found.append((drift if drift > _NEAR else 0.0, depth, count))
        if not found:
            return None
        _, depth, count = min(found, key=lambda each: (each[0], -each[1]))
        return depth, count

    def _likely(self, label: Label) -> tuple[Count, ...]:
        """Order the readings of "i": the letter after "h", or the first numeral of a list of its own."""
        if len(label.counts) < _PLAIN_LISTS:
            return label.counts
        last = next(
            (self.nodes[p].count for p in reversed(self.open) if self.nodes[p].form == label.form), None
        )
        letter = next((c for c in label.counts if c.style in ("lower", "upper")), None)
        if last is None or letter is None or not letter.follows(last):
            return label.counts
        numerals = [count for count in label.counts if count is not letter]
        for block in self.blocks[self.at + 1 : self.at + 12]:
            following = read_label(block.text)
            if following is None or following.form != label.form:
                continue
            if any(count.follows(letter) for count in following.counts):
                return (letter, *numerals)
            if any(count.follows(numeral) for count in following.counts for numeral in numerals):
                return tuple(numerals)
            break
        return (letter, *numerals)

    def _definition(self, term: str, block: Block) -> int:
        """Place a definition under the paragraph that says what the terms are for."""
        holder = next((p for p in reversed(self.open) if self._can_define(self.nodes[p])), None)
        base = f"{self.nodes[holder].label} " if holder is not None else ""
        section = self.section
        node = self._node(f'{base}"{term}"', block, holder, "definition")
        if holder is None and section is not None:
            # "For the purposes of this Annex" has no number, but leads its definitions in.
            self.nodes[node].parent = self.section = section
        self.nodes[node].role = "definition"
        self.nodes[node].term = term
        return node

    def _can_define(self, node: Node) -> bool:
        if node.form in ("top", "decimal", "dash"):
            return True
        return (
            self.statute and node.form == "paren" and node.count is not None and node.count.style == "digit"
        )

    # Words without a number of their own

    def _unnumbered(self, block: Block) -> int:
        if self.caption is not None and self._captioned(block):
            return self.caption
        self.caption = None
        if self.open and not self._is_outside(block):
            return self._flush(block)
        if self.section is not None:
            return self.section
        title = self.headings.section
        if self.is_plain:
            self.zone.unnumbered += 1
            return self._add(
                Node(str(self.zone.unnumbered), self.zone, heading=self.headings.path, role="text")
            )
        if title is None and not self.zone.name:
            self.zone.unnumbered += 1
            label = f"unnumbered {self.zone.unnumbered}"
            return self._add(Node(label, self.zone, heading=self.headings.path, role="text"))
        self.section = self._add(Node(title or "", self.zone, heading=self.headings.path, role="text"))
        return self.section

    def _is_outside(self, block: Block) -> bool:
        """Whether words stand left of the text of every open paragraph, where texts hang."""
        top = self.nodes[self.open[0]]
        if not self.hanging or block.edge is None or top.indent is None:
            return False
        outside = block.edge < top.indent - _NEAR
        if outside:
            self.open = []
        return outside

    def _flush(self, block: Block) -> int:
        """Find the open paragraph whose text stands as far in as these words."""
        if block.edge is not None:
            for position in reversed(self.open):
                indent = self.nodes[position].indent
                if indent is not None and indent <= block.edge + _NEAR:
                    break
            else:
                position = self.open[0]
        else:
            position = self._closing(block)
        while self.open[-1] != position:
            self.open.pop()
        return position

    def _closing(self, block: Block) -> int:
        """Without places on a page: words that go on close the list, others the paragraph."""
        for position in reversed(self.open):
            node = self.nodes[position]
            is_limb = node.form in _LIMB_FORMS and not self._can_define(node)
            if not is_limb:
                return position
        return self.open[0]

    def _caption(self, block: Block) -> int:
        match = CAPTION.match(block.text)
        assert match is not None
        name = match["name"]
        owner = self.open[0] if self.open else None
        label = f"{self.nodes[owner].label}, {name}" if owner is not None else name
        node = self._add(Node(label, self.zone, owner, self.headings.path, role="text"))
        self.caption = node
        words = own_words(block.text, 0, self.start)
        self.nodes[node].spans.extend(words)
        return node

    def _captioned(self, block: Block) -> bool:
        """Whether short words behind a caption still belong to its chart."""
        if self.caption is None or (block.kind == "heading" and block.level > _DEEPEST):
            return False
        if len(block.text.split()) > _CAPTION_WORDS or block.text[-1:] in ".;":
            return False
        label = read_label(block.text)
        return label is None or label.form in _LIMB_FORMS

    def _table(self, block: Block) -> int:
        owner = self.open[-1] if self.open else self.section
        base = self.nodes[owner].label if owner is not None else self.headings.label
        name = block.ref or "table"
        label = f"{base}, {name}" if base else name
        node = self._add(Node(label, self.zone, owner, self.headings.path, role="table"))
        self.nodes[node].spans.extend(_rows(block, self.start))
        self.last = node
        return node

    def _footnote(self, block: Block) -> int:
        owner = self.last
        base = self.nodes[owner].label if owner is not None else self.headings.label
        label = f"{base}, footnote {block.ref}" if base else f"footnote {block.ref}"
        zone = self.nodes[owner].zone if owner is not None else self.zone
        node = self._add(Node(label, zone, owner, self.headings.path, role="footnote"))
        self.nodes[node].spans.extend(own_words(block.text, 0, self.start))
        return node


def own_words(text: str, offset: int, start: int) -> list[Span]:
    """Return the slices of a block from `offset` on, without amendment tags and outer white space."""
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


def _rows(block: Block, start: int) -> list[Span]:
    """Return a table's head (its caption and header row) and then its rows."""
    lines: list[Span] = []
    offset = 0
    for line in block.text.split("\n"):
        if line.strip():
            lines.append(Span(start + offset, start + offset + len(line)))
        offset += len(line) + 1
    if block.ref is not None and len(lines) > 1:
        lines[:2] = [Span(lines[0].start, lines[1].end)]
    return lines


def _gap(rest: str) -> int:
    """Count the white space, and the dash that a section sets between its number and "(1)"."""
    match = re.match(r"\s*(?:[—–]\s*(?=\())?", rest)
    return match.end() if match else 0


def _order(parts: list[str]) -> list[tuple[int, str]]:
    """Order "6.14A" between "6.14" and "6.15"."""
    order = []
    for part in parts:
        match = re.match(r"([A-Z]*)(\d*)([A-Z]*)$", part)
        order.append((int(match[2] or 0), match[3]) if match else (0, part))
    return order


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= _SENTENCE_WORDS and text.rstrip(' ”"’)')[-1:] in ".:;—–-"


def _first_numbered(blocks: Sequence[Block]) -> int:
    """Find where the numbering begins; a document without any has no title page."""
    for position, block in enumerate(blocks):
        label = read_label(block.text) if block.kind in ("body", "heading") else None
        if (
            label is not None
            and label.form != "bullet"
            and not block.text[label.length :].strip()[:1].islower()
        ):
            if label.counts and not (label.counts[0].is_first or label.counts[0].key == (2,)):
                continue
            return position
        if block.kind == "heading" and ZONE.match(block.text):
            return position
    return len(blocks)


def _is_plain(blocks: Sequence[Block]) -> bool:
    """Whether a document numbers nothing: its paragraphs are then counted."""
    return _first_numbered(blocks) == len(blocks) and not any(b.kind == "heading" and b.level for b in blocks)


def _hangs(blocks: Sequence[Block]) -> bool:
    """Whether the text of numbered paragraphs stands right of their numbers, line by line."""
    votes = 0
    for block in blocks:
        if (
            block.kind == "body"
            and block.edge is not None
            and block.indent is not None
            and len(block.pieces) > 1
        ):
            label = read_label(block.text)
            if label is not None and label.form in ("decimal", "dash", "bare", "dot"):
                votes += 1 if block.indent > block.edge + _NEAR else -1
    return votes > 0


def _apart(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) > 2 * _NEAR
