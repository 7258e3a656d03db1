"""Known names in a text: the longest at each place, from a table of their spellings."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag_ft.institutions.known import Institution
from rag_ft.institutions.names import Word, words_of

# What may stand between two words of a known name: "Culture, Community", "(Pte) Limited".
_GAP = re.compile(r"\s+\(?|\)?,?\s+|\.\s+|\.\)\s+|\s*\)\s*|,\s+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling that is looked for: its words, and its exact form where case counts."""

    words: tuple[str, ...]
    exact: str | None
    institution: Institution


@dataclass(frozen=True, slots=True)
class Match:
    """A known name in a text: its first and last word, and the institution."""

    first: int
    last: int
    institution: Institution


SpellingTable = dict[str, list[Spelling]]


def spellings_of(institutions: Iterable[Institution]) -> list[Spelling]:
    """Give every name and alias of some institutions as spellings."""
    return [spelling for each in institutions for spelling in _spellings(each)]


# Every document's table holds the known institutions anew.
@lru_cache(maxsize=4096)
def _spellings(institution: Institution) -> tuple[Spelling, ...]:
    return tuple(spelling_of(name, institution) for name in (institution.name, *institution.aliases))


def spelling_of(name: str, institution: Institution) -> Spelling:
    """Make a spelling of a name; one word or abbreviation is looked for in its own case."""
    words = words_of(name)
    if len(words) > 1 and words[0].key == "the":
        words = words[1:]
    exact = words[0].text if len(words) == 1 else None
    return Spelling(_keys(words), exact, institution)


def _keys(words: Sequence[Word]) -> tuple[str, ...]:
    """Give the spellings compared: a possessive counts within a name ("People's Bank"), not after it."""
    return tuple(
        f"{word.key}'s" if word.possessive and at < len(words) - 1 else word.key
        for at, word in enumerate(words)
    )


def table_of(names: Sequence[Spelling]) -> SpellingTable:
    """Order spellings by their first word, longest first, then in the order given."""
    table: SpellingTable = {}
    for name in names:
        if name.words:
            table.setdefault(name.words[0].removesuffix("'s"), []).append(name)
    for rows in table.values():
        rows.sort(key=lambda row: -len(row.words))  # stable: the document's own come first
    return table


def find_known(text: str, words: Sequence[Word], table: SpellingTable) -> tuple[Match, ...]:
    """Find the longest known name at each place of a text; none overlap."""
    matches: list[Match] = []
    position = 0
    while position < len(words):
        for row in table.get(words[position].key, ()):
            last = position + len(row.words) - 1
            if last < len(words) and _spelt(text, words[position : last + 1], row):
                matches.append(Match(position, last, row.institution))
                position = last
                break
        position += 1
    return tuple(matches)


def _spelt(text: str, words: Sequence[Word], row: Spelling) -> bool:
    if row.exact is not None:
        return words[0].text == row.exact
    # "The central bank of Singapore" does not name the Bank of Singapore.
    if _keys(words) != row.words or not words[0].is_capital:
        return False
    return all(_GAP.fullmatch(text[a.end : b.start]) for a, b in pairwise(words))
