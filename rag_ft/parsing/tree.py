"""The tree of paragraphs while it grows: nodes, the zones they count in, their final labels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag_ft.parsing.labels import Count
from rag_ft.schema import Paragraph, ParagraphRole, Span

TITLE_PAGE = "title page"


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
    if not node.label:
        return prefix
    # "B-1-2" of Appendix B names its appendix itself.
    letter = prefix.rsplit(" ", 1)[-1]
    if node.label.startswith(prefix) or re.match(rf"{re.escape(letter)}[-.]\d", node.label):
        return node.label
    return f"{prefix}, {node.label}"
