"""Words of a text as BM25 counts them: stems, and pairs of neighbours."""

import re
from itertools import pairwise

from rag_ft.stems import stem

# Words with the numbers, decimals and paragraph marks of legal texts kept whole: "6.3", "20,000".
_WORD = re.compile(r"\d+(?:[.,]\d+)*[a-z]?|[^\W\d_]+(?:['’][^\W\d_]+)?\d*")
_STOP = frozenset(
    "a an and are as at be by for from has have if in into is it its of on or such that the their then there "
    "these they this to was were which will with what who whom whose when where why how does do did".split()
)
# Between the two words of a pair; no word holds it.
_JOINT = "_"


def stems(text: str) -> list[str]:
    """Split a text into Snowball's English stems, without the words that say nothing."""
    return [stem(word) for word in _WORD.findall(text.casefold()) if word not in _STOP]


def with_pairs(words: list[str]) -> list[str]:
    """Add to words each pair of neighbours: "beneficial owner" is more than its two words."""
    return words + [f"{first}{_JOINT}{second}" for first, second in pairwise(words)]
