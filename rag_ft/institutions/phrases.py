"""Capitalised phrases of a text: runs of words that may be one name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag_ft.institutions.known import InstitutionKind
from rag_ft.institutions.matching import Match, SpellingTable, find_known
from rag_ft.institutions.names import COMPANY_FORMS, Word, words_of
from rag_ft.institutions.words import DOCUMENTS, HEADS, HEADS_WITH_PURPOSE, PLACES, STARTERS, WEAK_HEADS

NUMBER = re.compile(r"[A-Z]{0,4}-?[A-Z]?\d+[A-Z]?\Z")

_STOPPED = {"pte", "ltd", "inc", "co", "corp", "st", "no", "dr", "mr", "ms", "bhd", "sdn"}
_LINKS = {"of", "and", "for", "on", "the", "&", "de", "du", "des", "für", "ng"}
# "Singapore-incorporated" tells of a bank and is no part of its name.
_COMPOUND = re.compile(r"-(?:[a-z]+ed|based|wide|owned|led|run|specific|style|linked)\Z")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its words and, by the position of its first word, each known name in it."""

    text: str
    words: Sequence[Word]
    known: Mapping[int, Match]

    def is_inside(self, position: int) -> bool:
        """Tell whether a word belongs to a known name."""
        return any(match.first <= position <= match.last for match in self.known.values())

    def opens_sentence(self, position: int) -> bool:
        """Tell whether something other than space stands before a word."""
        if position == 0:
            return True
        return not self.text[self.words[position - 1].end : self.words[position].start].isspace()

    def are_joined(self, position: int) -> bool:
        """Tell whether a word and the next may be of one name: by space, "Pte. Ltd", "(Singapore)"."""
        before, after = self.words[position], self.words[position + 1]
        gap = self.text[before.end : after.start]
        if before.possessive:
            gap = gap.lstrip("’'")
        if gap.isspace():
            return "\n\n" not in gap
        if before.key in _STOPPED and re.fullmatch(r"\.\s+", gap):
            return True
        if re.fullmatch(r"\s+\(", gap):
            return after.key in PLACES or after.key in COMPANY_FORMS or after.key == "asia"
        inside = before.key in PLACES or before.key in COMPANY_FORMS
        return re.fullmatch(r"\)\s+", gap) is not None and inside and after.is_capital


def read_text(text: str, table: SpellingTable) -> Reading:
    """Cut a text into words and find the known names in it."""
    words = words_of(text)
    return Reading(text, words, {match.first: match for match in find_known(text, words, table)})


def find_phrases(reading: Reading) -> list[range]:
    """Give the runs of capitalised words, linked by of, and, for, on; known names are kept whole."""
    phrases: list[range] = []
    position = 0
    while position < len(reading.words):
        if not _opens(reading, position):
            position += 1
            continue
        last = reading.known[position].last if position in reading.known else position
        while (further := _extend(reading, last)) is not None:
            last = further
        phrases.extend(_parts(reading, range(position, last + 1)))
        position = last + 1
    return phrases


def head_kind(word: Word) -> InstitutionKind | None:
    """Give the kind of institution that a word makes of a phrase: a head, or "Auditor-General"."""
    return "role" if word.key.endswith("-general") and word.is_capital else HEADS.get(word.key)


def is_link(word: Word) -> bool:
    """Tell whether a word only links others of a name; a heading writes it in capitals."""
    return word.text in _LINKS or (word.text.isupper() and word.key in _LINKS)


def is_acronym(word: Word) -> bool:
    """Tell whether a word is an abbreviation, not a head or a place in capitals."""
    return len(word.text) > 1 and word.text.isupper() and word.key not in HEADS and word.key not in PLACES


def _opens(reading: Reading, position: int) -> bool:
    word = reading.words[position]
    if position in reading.known:
        return True
    return word.is_capital and word.key not in STARTERS and not _COMPOUND.search(word.text)


def _extend(reading: Reading, last: int) -> int | None:
    """Give the last word of the phrase with one more part, or None where it ends."""
    words = reading.words
    if words[last].possessive and (last in _ends(reading) or head_kind(words[last])):
        return None  # "MAS' directory", but "Policy Owners' Protection" is one name
    if NUMBER.match(words[last].text) and last and words[last - 1].key in DOCUMENTS:
        return None
    ahead, links = last + 1, 0
    while ahead < len(words) and links < 2 and is_link(words[ahead]) and reading.are_joined(ahead - 1):
        if words[ahead].key in {"on", "for"} and words[last].key not in HEADS_WITH_PURPOSE:
            return None
        ahead, links = ahead + 1, links + 1
    if ahead >= len(words) or not reading.are_joined(ahead - 1):
        return None
    if links == 2 and words[ahead - 1].key == "the" and words[ahead - 2].key == "and":
        return None  # "MAS and the Police" are two
    if links == 1 and words[ahead - 1].key == "the":
        return None  # "In the United Kingdom the Prudential Regulation Authority": a place, and a name
    if ahead in reading.known:
        # "The Public Prosecutor MAS may ask": two names, where nothing links them.
        apart = words[last].key in DOCUMENTS or (head_kind(words[last]) and words[last].key not in WEAK_HEADS)
        return None if apart and not links else reading.known[ahead].last
    word = words[ahead]
    if word.is_capital and (links or word.key not in STARTERS):
        return ahead
    numbered = not links and NUMBER.match(word.text) and words[last].key in DOCUMENTS
    return ahead if numbered else None


def _ends(reading: Reading) -> set[int]:
    return {match.last for match in reading.known.values()}


def _parts(reading: Reading, phrase: range) -> list[range]:
    """Cut a phrase at an "and" that joins two institutions, not two words of one name."""
    for position in phrase[1:-1]:
        if reading.words[position].key not in {"and", "&"} or reading.is_inside(position):
            continue
        left, right = range(phrase.start, position), range(position + 1, phrase.stop)
        # "Ministry of Trade and Industry" has no head on its right, "Securities and Exchange
        # Commission" none on its left.
        if _has_head(reading, left) and _has_head(reading, right):
            return [left, *_parts(reading, right)]
    return [phrase]


def _has_head(reading: Reading, phrase: range) -> bool:
    return any(
        position in reading.known or (head_kind(word) and word.key not in WEAK_HEADS) or word.key in DOCUMENTS
        for position, word in ((p, reading.words[p]) for p in phrase)
    )
