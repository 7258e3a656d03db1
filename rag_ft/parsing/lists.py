"""Lists of limbs: which open list a label continues, and which it begins."""

from collections.abc import Callable, Sequence

from rag_ft.parsing.blocks import Block
from rag_ft.parsing.labels import Count, Label, read_label
from rag_ft.parsing.tree import Node

# Labels at one place of the page are of one list; a few points of drift are the setter's.
NEAR = 8.0
_LOOK_AHEAD = 12
# No law nests its lists this deep; a broken file may.
_DEEPEST = 12


def find_list(
    stack: Sequence[Node], label: Label, edge: float | None, following: Sequence[Block]
) -> tuple[int, Count] | None:
    """Find where a label belongs in the open paragraphs, outermost first.

    Returns:
        How many of the open paragraphs stay open above it, and how it counts; None where
        it is no label but words.
    """
    counts = _likely(stack, label, following)
    found = _continued(stack, label, counts, edge, Count.follows)
    may_nest = len(stack) < _DEEPEST
    if found is None and may_nest and (first := next((count for count in counts if count.is_first), None)):
        return len(stack), first
    if found is None:
        found = _continued(stack, label, counts, edge, Count.is_after)
    if found is None and may_nest and stack and _apart(stack[-1].edge, edge):
        # A list that goes on counting under another parent, further in.
        return len(stack), counts[0]
    return found


def _continued(
    stack: Sequence[Node],
    label: Label,
    counts: Sequence[Count],
    edge: float | None,
    test: Callable[[Count, Count], bool],
) -> tuple[int, Count] | None:
    """Find the open list that a label continues: the one printed nearest below, else the innermost."""
    found: list[tuple[float, int, Count]] = []
    for depth in range(len(stack) - 1, -1, -1):
        node = stack[depth]
        if node.form != label.form or node.count is None:
            continue
        drift = abs(node.edge - edge) if node.edge is not None and edge is not None else 0.0
        if test is Count.is_after and drift > 2 * NEAR:
            continue
        count = next((count for count in counts if test(count, node.count)), None)
        if count is not None:
            found.append((drift if drift > NEAR else 0.0, depth, count))
    if not found:
        return None
    _, depth, count = min(found, key=lambda each: (each[0], -each[1]))
    return depth, count


def _likely(stack: Sequence[Node], label: Label, following: Sequence[Block]) -> tuple[Count, ...]:
    """Order the readings of "i": the letter after "h", or the first numeral of a list of its own.

    The next label of the same form tells: "(j)" follows the letter, "(ii)" the numeral.
    """
    letter = next((count for count in label.counts if count.style in ("lower", "upper")), None)
    last = next((node.count for node in reversed(stack) if node.form == label.form), None)
    if len(label.counts) < 2 or last is None or letter is None or not letter.follows(last):
        return label.counts
    numerals = tuple(count for count in label.counts if count is not letter)
    for block in following[:_LOOK_AHEAD]:
        after = read_label(block.text)
        if after is None or after.form != label.form:
            continue
        if any(count.follows(letter) for count in after.counts):
            break
        if any(count.follows(numeral) for count in after.counts for numeral in numerals):
            return numerals
        break
    return (letter, *numerals)


def _apart(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) > 2 * NEAR
