"""The tree of paragraphs while it grows: nodes, the zones they count in, their final labels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag_ft.parsing.labels import Count, Label
from rag_ft.schema import Paragraph, ParagraphRole, Span

TITLE_PAGE = "title page"
# A numbered paragraph may be left out, but not many at once.
WIDEST_JUMP = 4


@dataclass(slots=True)
class Zone:
    """A stretch of a document that counts its paragraphs from the beginning.

    `name` is the annex it is, "" for the body; a body may begin anew, as after an
    introduction, and each such stretch is a zone under the heading it began with.
    `top` is the last whole number counted; `labels` are the numbers given and their
    nodes; `last` the number last given in each form, and `edges` where those stood.
    """

    name: str
    heading: str | None = None
    size: int = 0
    top: tuple[int, ...] = ()
    labels: dict[str, int] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)
    edges: dict[str, set[int]] = field(default_factory=dict)
    unnumbered: int = 0

    def counts_on(self, label: Label, words: str, edge: float | None) -> bool:
        """Whether "6.3" at the head of a block counts on, or is a figure of a sentence.

        It counts on after the last number and a sentence begins behind it, or it stands
        where such numbers stand.
        """
        last = self.last.get(label.form)
        if last is None or not label.body[:1].isdigit():
            return True
        key, before = _order(label.body), _order(last)
        near = key[0][0] <= before[0][0] + WIDEST_JUMP or (key[0][0],) == self.top[:1]
        if before < key and (near or words[:1].isupper()):
            return True
        edges = self.edges.get(label.form)
        if edge is not None and edges:
            return not edges.isdisjoint((round(edge) - 1, round(edge), round(edge) + 1))
        return key[-1][0] == 1

    def note(self, label: Label, edge: float | None, node: int) -> None:
        """Remember a number that was given, and where it stands."""
        self.labels[label.body] = node
        self.last[label.form] = label.body
        if edge is not None:
            self.edges.setdefault(label.form, set()).add(round(edge))


@dataclass(slots=True)
class Node:
    """A paragraph in the making; `label` counts from the head of its zone."""

    label: str
    zone: Zone
    parent: int | None = None
    heading: tuple[str, ...] = ()
    role: ParagraphRole = "paragraph"
    term: str | None = None
    form: str = ""
    count: Count | None = None
    edge: float | None = None
    indent: float | None = None
    printed: Span | None = None
    spans: list[Span] = field(default_factory=list)


def finish(nodes: Sequence[Node]) -> tuple[Paragraph, ...]:
    """Give every node its full label and freeze the tree.

    Paragraphs of an annex are cited by it. Where the body counts anew, its longest
    stretch keeps the bare numbers and the others are cited by the heading they stand under.
    """
    prefixes = _prefixes(nodes)
    return tuple(
        Paragraph(
            label=_full(node, prefixes[id(node.zone)]),
            spans=tuple(sorted(node.spans)),
            parent=node.parent,
            heading=node.heading,
            role=node.role,
            term=node.term,
            printed=node.printed,
        )
        for node in nodes
    )


def _prefixes(nodes: Sequence[Node]) -> dict[int, str]:
    zones: dict[int, Zone] = {}
    for node in nodes:
        zones.setdefault(id(node.zone), node.zone)
        node.zone.size += 1
    main = max((zone for zone in zones.values() if not zone.name), key=lambda zone: zone.size, default=None)
    return {key: zone.name or ("" if zone is main else zone.heading or "") for key, zone in zones.items()}


def _full(node: Node, prefix: str) -> str:
    if not prefix or node.label == TITLE_PAGE:
        return node.label
    if not node.label or node.label.casefold() == prefix.casefold():
        return prefix
    return f"{prefix}, {node.label}"


def _order(body: str) -> list[tuple[int, str]]:
    """Order "6.14A" between "6.14" and "6.15"."""
    order = []
    for part in re.split(r"[.-]", body):
        match = re.match(r"([A-Z]*)(\d*)([A-Z]*)$", part)
        order.append((int(match[2] or 0), match[3]) if match else (0, part))
    return order
