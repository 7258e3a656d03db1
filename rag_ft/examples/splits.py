"""A development part of whole families of documents, so that nothing of it was trained on."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rag_ft.examples.drafts import Draft
from rag_ft.examples.structure import draw
from rag_ft.schema import DocumentInfo

_PREFIX = re.compile(r"^(?:guidelines? to |notice )+", re.IGNORECASE)


def family_of(info: DocumentInfo) -> str:
    """Name the family of a document: its versions, and what is written about the same notice."""
    name = _PREFIX.sub("", info.number) if info.number else info.title
    return " ".join(name.casefold().split())


def choose_dev(
    drafts: Sequence[Draft], families: Iterable[tuple[str, str]], share: float, seed: int
) -> frozenset[str]:
    """Choose the sources whose drafts become the development part.

    Whole families are taken, in an order drawn by the seed, as long as they fit the share.

    Args:
        drafts: every draft that will be grounded.
        families: the family of every document, by its id; a source in no family is its own.
        share: the share of the drafts wanted, 0 to 1.
        seed: draws other families.
    """
    family = dict(families)
    counts = Counter(family.get(draft.source, draft.source) for draft in drafts)
    room = share * len(drafts)
    chosen: set[str] = set()
    for name in sorted(counts, key=lambda name: (draw(seed, "dev", name), name)):
        if counts[name] <= room:
            chosen.add(name)
            room -= counts[name]
    return frozenset(draft.source for draft in drafts if family.get(draft.source, draft.source) in chosen)
