"""Blocks into the tree of numbered paragraphs, labelled as a lawyer cites them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag_ft.parsing.anatomy import CAPTION, DEFINITION, SENTENCE_END, ZONE, zone_name
from rag_ft.parsing.blocks import Block
from rag_ft.parsing.headings import Headings
from rag_ft.parsing.labels import Count, Label, read_label
from rag_ft.parsing.lists import NEAR, find_list
from rag_ft.parsing.slices import gap_length, own_words, table_rows
from rag_ft.parsing.survey import STRUCTURAL, Survey
from rag_ft.parsing.tree import TITLE_PAGE, WIDEST_JUMP, Node, Zone, finish
from rag_ft.schema import Paragraph, ParagraphRole, Span

_LIMBS = ("paren", "half", "point")
_CAPTION_WORDS = 20
_TITLE_WORDS = 14
_LOOK_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Numbered:
    """The whole text of a document, where each block stands in it, and its tree.

    `owners` says which paragraph each block belongs to; None for headings and asides.
    """

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
        self.survey = Survey.of(blocks, statute)

    def run(self) -> Numbered:
        owners: list[int | None] = []
        for at, block in enumerate(self.blocks):
            self.at = at
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
        if not self.zone.unnumbered and self.survey.is_front(self.blocks, self.at):
            return self._front_matter(block)
        captioned = CAPTION.match(block.text) or self._captioned(block)
        if (block.kind == "heading" and not captioned) or self._is_section_line(block):
            self._heading(block)
            return None
        return self._body(block)

    def _front_matter(self, block: Block) -> int:
        if self.front is None:
            self.front = self._text(TITLE_PAGE)
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
        if label.form != "paren" or not (label.body.isupper() and label.body.isalpha()):
            return False
        words = block.text[label.length :].strip()
        if not words[:1].isupper() or SENTENCE_END.search(words) or len(words.split()) > _CAPTION_WORDS:
            return False
        if not self.open:
            return True
        top = self.nodes[self.open[0]]
        if top.edge is None or block.edge is None:
            return self.at > 0 and self.blocks[self.at - 1].text.endswith(".")
        return block.edge <= top.edge + NEAR

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
        if self.caption is not None and self._captioned(block):
            self.nodes[self.caption].spans.extend(own_words(text, 0, self.start))
            return self.caption
        caption = CAPTION.match(text)
        if caption is not None and len(text.split()) <= _CAPTION_WORDS and not text.endswith("."):
            return self._caption(block, caption["name"])
        offset = 0
        node: int | None = None
        while (label := read_label(text[offset:])) is not None:
            placed = self._place(label, block, chained=node is not None)
            if placed is None:
                break
            self.nodes[placed].printed = Span(self.start + offset, self.start + offset + label.length)
            node = placed
            offset += label.length + gap_length(text[offset + label.length :])
        if match := DEFINITION.match(text, offset):
            term = match["term"].strip(" ,")
            if node is None:
                node = self._definition(term, block)
            self.nodes[node].term = term
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
        if not self.zone.counts_on(label, block.text[label.length :].strip(), block.edge):
            return None
        if label.body in ("1.1", "1-1") and label.body in self.zone.labels:
            # The numbers begin anew without an annex to say so.
            self.zone = Zone(self.zone.name, self.headings.last_plain)
        ancestors = (separator.join(parts[:depth]) for depth in range(len(parts) - 1, 0, -1))
        parent = next((self.zone.labels[name] for name in ancestors if name in self.zone.labels), None)
        node = self._node(label.body, block, parent, label.form)
        self.zone.note(label, block.edge, node)
        if head := re.match(r"(\d+)([A-Z]*)$", parts[0]):
            self.zone.top = max(self.zone.top, (int(head[1]),))
        return node

    def _place_top(self, label: Label, block: Block) -> int | None:
        """Place a bare number: a paragraph of its own, a section, or an item of a list."""
        count = label.counts[0]
        if not block.text[label.length :].strip():
            return None
        if self._is_nested_number(block) or (count.is_first and self.zone.top and self.headings.label):
            return self._place_limb(label, block)
        if self.open and self.nodes[self.open[0]].form == label.form and self.nodes[self.open[0]].count:
            return self._place_limb(label, block)
        if not self._takes_number(count):
            return None
        self.zone.top = max(self.zone.top, count.key)
        name = f"s {label.body}" if self.statute and not self.zone.name else label.body
        node = self._node(name, block, None, "top", count)
        self.zone.labels[label.body] = node
        return node

    def _takes_number(self, count: Count) -> bool:
        """Whether a bare number counts on, or begins to count anew."""
        top = self.zone.top
        if self.statute and not self.zone.name:
            # A marginal note stands before every section, and section 48AA before 48A.
            if self.fresh:
                return count.key[:1] >= top[:1]
            return count.key > top and count.key[0] <= (top[0] if top else 0) + 1
        if top and count.key <= top:
            if count.is_first:
                self.zone = Zone(self.zone.name, self.headings.last_plain)
            return count.is_first
        return count.key[0] <= (top[0] if top else 0) + WIDEST_JUMP

    def _is_nested_number(self, block: Block) -> bool:
        """Whether a bare number stands inside an open paragraph, further right than it."""
        if not self.open or block.edge is None:
            return False
        top = self.nodes[self.open[0]]
        if top.edge is None:
            return False
        return block.edge > top.edge + 2 * NEAR and top.form in ("decimal", "dash", "top")

    def _place_limb(self, label: Label, block: Block) -> int | None:
        """Place "(a)" in the list that it continues, or open one with it."""
        stack = [self.nodes[position] for position in self.open]
        found = find_list(stack, label, block.edge, self.blocks[self.at + 1 : self.at + 1 + _LOOK_AHEAD])
        if found is None:
            return None
        depth, count = found
        parent = self.open[depth - 1] if depth else None
        if parent is not None:
            name = self.nodes[parent].label + label.printed
        else:
            name = f"{self.headings.label}{label.printed}"
        return self._node(name, block, parent, label.form, count)

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
        return node

    def _can_define(self, node: Node) -> bool:
        if node.form in ("top", "decimal", "dash"):
            return True
        return (
            self.statute and node.form == "paren" and node.count is not None and node.count.style == "digit"
        )

    # Words without a number of their own

    def _unnumbered(self, block: Block) -> int:
        self.caption = None
        if self.open and not self._is_outside(block):
            return self._flush(block)
        if self.section is not None:
            return self.section
        title = self.headings.section
        if self.statute and not self.zone.name and block.text.startswith("An Act"):
            return self._text("long title")
        if self.survey.is_plain:
            self.zone.unnumbered += 1
            return self._text(str(self.zone.unnumbered))
        if not self.zone.name and (title is None or self.at < self.survey.body_from < len(self.blocks)):
            self.zone.unnumbered += 1
            return self._text(f"unnumbered {self.zone.unnumbered}")
        self.section = self._text(title or "")
        return self.section

    def _text(self, label: str, owner: int | None = None, role: ParagraphRole = "text") -> int:
        """Add a paragraph that takes no part in the counting."""
        return self._add(Node(label, self.zone, owner, self.headings.path, role))

    def _is_outside(self, block: Block) -> bool:
        """Whether words stand left of the text of every open paragraph, where texts hang."""
        top = self.nodes[self.open[0]]
        if not self.survey.hanging or block.edge is None or top.indent is None:
            return False
        outside = block.edge < top.indent - NEAR
        if outside:
            self.open = []
        return outside

    def _flush(self, block: Block) -> int:
        """Find the open paragraph whose text stands as far in as these words."""
        if block.edge is not None:
            for position in reversed(self.open):
                indent = self.nodes[position].indent
                if indent is not None and indent <= block.edge + NEAR:
                    break
            else:
                position = self.open[0]
        else:
            position = self._closing()
        while self.open[-1] != position:
            self.open.pop()
        return position

    def _closing(self) -> int:
        """Without places on a page: words that go on close the list, others the paragraph."""
        for position in reversed(self.open):
            node = self.nodes[position]
            is_limb = node.form in _LIMBS and not self._can_define(node)
            if not is_limb:
                return position
        return self.open[0]

    def _caption(self, block: Block, name: str) -> int:
        owner = self.open[0] if self.open else None
        label = f"{self.nodes[owner].label}, {name}" if owner is not None else name
        self.caption = node = self._text(label, owner)
        self.nodes[node].spans.extend(own_words(block.text, 0, self.start))
        return node

    def _captioned(self, block: Block) -> bool:
        """Whether short words behind a caption still belong to its chart."""
        if self.caption is None or (block.kind == "heading" and block.level not in (0, *STRUCTURAL)):
            return False
        if len(block.text.split()) > _CAPTION_WORDS or block.text[-1:] in ".;":
            return False
        label = read_label(block.text)
        return label is None or label.form in _LIMBS

    def _table(self, block: Block) -> int:
        owner = self.open[-1] if self.open else self.section
        base = self.nodes[owner].label if owner is not None else self.headings.label
        name = block.ref or "table"
        label = f"{base}, {name}" if base else name
        node = self._text(label, owner, "table")
        self.nodes[node].spans.extend(table_rows(block, self.start))
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
