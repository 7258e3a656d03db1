"""Cross-references: how one passage leads to another ("subject to paragraph 6.31A"), and where it stands."""

import re
from collections.abc import Sequence

from rag_ft.schema import DocumentInfo, Passage, Reference, Relation

# The words just before a reference that say what it is to the passage.
_RELATION_WORDS: tuple[tuple[Relation, str], ...] = (
    ("subject to", r"subject\s+to|without\s+prejudice\s+to|unless"),
    (
        "except",
        r"except(?:ing)?(?:\s+(?:as|for|in|where|to|under|by|with|that))*|save(?:\s+(?:as|for|in|where))*",
    ),
    ("other than", r"other\s+than|excluding|apart\s+from"),
    ("despite", r"despite|notwithstanding|in\s+spite\s+of"),
)
_RELATIONS = tuple(
    (relation, re.compile(rf"(?:{words})\W+(?:\w+\W+){{0,6}}\Z", re.IGNORECASE))
    for relation, words in _RELATION_WORDS
)
_CHARACTERS_BEFORE = 90


def related(passage: Passage) -> list[tuple[Relation, Reference]]:
    """Give what a passage refers to and what that is to it, in the order in which it was read."""
    text = " ".join(passage.text.split())
    found: list[tuple[Relation, Reference]] = []
    for reference in passage.references:
        start = text.find(" ".join(reference.text.split()))
        before = re.split(r"[.;]\s", text[max(0, start - _CHARACTERS_BEFORE) : max(start, 0)])[-1]
        relation: Relation = next(
            (name for name, pattern in _RELATIONS if pattern.search(before)), "refers to"
        )
        found.append((relation, reference))
    return found


class DocumentNames:
    """The documents of an index by number and title, as other documents name them."""

    def __init__(self, infos: Sequence[DocumentInfo]) -> None:
        self._infos = infos
        self._titles: dict[str, list[int]] = {}
        self._numbers: dict[str, list[int]] = {}
        for position, info in enumerate(infos):
            if info.variant == "clean":
                self._titles.setdefault(_plain(info.title), []).append(position)
                if info.number:
                    self._numbers.setdefault(_plain(info.number), []).append(position)

    def find(self, name: str) -> list[int]:
        """Return the positions of the documents that a name means ("MAS Notice 626"), the latest first."""
        wanted = _plain(name)
        words = wanted.split()
        found = {*self._titles.get(wanted, ())}
        for start in range(len(words)):
            found.update(self._numbers.get(" ".join(words[start:]), ()))
        return sorted(
            found, key=lambda at: (str(self._infos[at].version or ""), self._infos[at].id), reverse=True
        )


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[\w-]+", name.casefold()))
