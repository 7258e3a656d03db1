"""Parts of retriever rows that share no gold passage, so that none is learned and judged by at once."""

import random
from collections.abc import Sequence

from rag_ft.retriever_rows import RetrieverRow


def gold_groups(rows: Sequence[RetrieverRow]) -> list[list[int]]:
    """Group the positions of rows that share a question or a text that answers, by any chain of them."""
    parent = list(range(len(rows)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[tuple[str, str], int] = {}
    for at, row in enumerate(rows):
        for key in [("question", row.question), *(("text", text) for text in row.answers)]:
            parent[root(at)] = root(first.setdefault(key, at))
    groups: dict[int, list[int]] = {}
    for at in range(len(rows)):
        groups.setdefault(root(at), []).append(at)
    return list(groups.values())


def two_parts(
    rows: Sequence[RetrieverRow], share: float, seed: int
) -> tuple[list[RetrieverRow], list[RetrieverRow]]:
    """Split rows into about `share` of them and the rest, whole groups each."""
    groups = gold_groups(rows)
    random.Random(seed).shuffle(groups)  # noqa: S311  no secret
    # Small groups first: one large group would be the whole development part.
    groups.sort(key=len)
    part: set[int] = set()
    for group in groups:
        if len(part) + len(group) <= share * len(rows):
            part.update(group)
    return (
        [row for at, row in enumerate(rows) if at in part],
        [row for at, row in enumerate(rows) if at not in part],
    )
