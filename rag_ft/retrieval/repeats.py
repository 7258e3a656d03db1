"""Repeats: paragraphs that say again what a better hit says, so that they do not crowd a list."""

import re
from collections import defaultdict
from collections.abc import Iterable

from rag_ft.retrieval.versions import family
from rag_ft.schema import Passage

_WORD = re.compile(r"\w+")


def repeats_last(passages: Iterable[Passage], k: int) -> list[Passage]:
    """Move repeats behind the first `k` that are none, keeping the order otherwise.

    A repeat has the very words of a better passage (boilerplate that sibling statements
    share), is the same paragraph in another version of that document, or is a limb that a
    better passage holds whole. Words that differ by one figure or one kind of institution
    are no repeat: that difference may be the answer.
    """
    kept: list[Passage] = []
    repeats: list[Passage] = []
    rest: list[Passage] = []
    seen: set[object] = set()
    in_document: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        if len(kept) == k:
            rest.append(passage)
            continue
        keys = _keys(passage)
        better = in_document[passage.document.id]
        if not seen.isdisjoint(keys) or any(_holds(each, passage) for each in better):
            repeats.append(passage)
            continue
        seen.update(keys)
        better.append(passage)
        kept.append(passage)
    return [*kept, *repeats, *rest]


def _holds(better: Passage, passage: Passage) -> bool:
    """Whether every slice of a passage stands in a better one of the same document."""
    return all(
        any(outer.start <= inner.start and inner.end <= outer.end for outer in better.spans)
        for inner in passage.spans
    )


def _keys(passage: Passage) -> list[object]:
    keys: list[object] = [tuple(_WORD.findall(passage.text.casefold()))]
    name = family(passage.document)
    if name is not None and passage.label:
        keys.append((name, passage.label, passage.part))
    return keys
