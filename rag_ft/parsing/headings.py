"""Section headings: how deep each stands, and the path to the paragraph at hand."""

from collections.abc import Sequence

from rag_ft.parsing.anatomy import ZONE
from rag_ft.parsing.blocks import Block
from rag_ft.parsing.labels import Label, read_label

# Formats that know their headings' depth say 1 to 6; a PDF says the height of the type.
_STRUCTURAL = range(1, 7)
_LONGEST_LABEL = 90
_DEEPEST = 10


class Headings:
    """The headings that a paragraph stands under, outermost first.

    Depths are multiples of ten for numbered headings ("6" 10, "6-7" 20), so that an
    unnumbered heading finds its place between them.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self._stack: list[tuple[float, str, Label | None]] = []
        self._numbered = 0.0

    @property
    def path(self) -> tuple[str, ...]:
        """The headings from the outermost in."""
        return tuple(text for _, text, _ in self._stack)

    @property
    def label(self) -> str:
        """The number of the innermost heading, joined to those it counts in: "B-2", "A.II"."""
        number = ""
        for _, _, label in self._stack:
            if label is None:
                continue
            if label.form in ("dash", "decimal", "bare", "dot"):
                number = label.body
            else:
                number = f"{number}.{label.body}" if number else label.body
        return number

    @property
    def section(self) -> str | None:
        """The innermost heading, by which unnumbered words under it are cited; None in an annex's own."""
        if not self._stack or self._stack[-1][0] == 0:
            return None
        return _shortened(self._stack[-1][1])

    @property
    def last_plain(self) -> str:
        """The innermost heading in sentence case."""
        text = self._stack[-1][1] if self._stack else ""
        return text.capitalize() if text.isupper() else text

    def take(self, block: Block, label: Label | None, at: int, in_zone: bool) -> None:
        """Enter a heading; those as deep or deeper end."""
        depth = 0.0 if in_zone else self._depth(block, label, at)
        if in_zone:
            self._numbered = 0.0
        self._stack = [entry for entry in self._stack if entry[0] < depth]
        if in_zone:
            self._stack = []
        self._stack = [*self._stack[: _DEEPEST - 1], (depth, block.text, label)]

    def _list_depth(self, label: Label) -> float:
        """Find the depth of "II." or "(c)": that of the list it continues, else below all."""
        deeper = max((depth for depth, _, _ in self._stack), default=10.0) + 1
        alike = [
            (depth, other) for depth, _, other in reversed(self._stack) if other and other.form == label.form
        ]
        for depth, other in alike:
            if any(count.follows(before) for count in label.counts for before in other.counts):
                return depth
        if any(count.is_first for count in label.counts):
            return deeper
        return next((depth for depth, _ in alike), deeper)

    def _depth(self, block: Block, label: Label | None, at: int) -> float:
        if block.level in _STRUCTURAL:
            return block.level * 10.0
        depth = _numbered_depth(label)
        if depth is not None:
            self._numbered = depth
            return depth
        if label is not None and label.counts:
            return self._list_depth(label)
        following = next((b for b in self._blocks[at + 1 : at + 2] if b.kind == "heading"), None)
        if following is not None and not ZONE.match(following.text):
            after = _numbered_depth(read_label(following.text))
            if after is not None:
                return after - 5
        lists = [
            deep for deep, _, other in self._stack if other is not None and _numbered_depth(other) is None
        ]
        if lists:
            return lists[-1] + 0.5
        return max(self._numbered, 10) + (2 if block.text.isupper() else 5)


def _numbered_depth(label: Label | None) -> float | None:
    if label is None:
        return None
    if label.form in ("bare", "dot"):
        return 10.0
    if label.form in ("decimal", "dash"):
        return 10.0 * (1 + label.body.count("." if label.form == "decimal" else "-"))
    return None


def _shortened(text: str) -> str:
    """Cut a heading to the length of a label, at a word."""
    if len(text) <= _LONGEST_LABEL:
        return text
    return text[:_LONGEST_LABEL].rsplit(" ", 1)[0].rstrip(",;:–- ") + " …"
