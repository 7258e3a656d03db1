"""Institutions named in a text: known names, document-defined aliases, and capitalised phrases.

The longest name wins: "MAS" inside "MAS Bank", or "Monetary Authority" inside "Monetary
Authority of Scotland", is another institution's name and never the known one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag_ft.institutions.known import KNOWN_INSTITUTIONS, Institution, InstitutionKind
from rag_ft.institutions.matching import Match, SpellingTable, spelling_of, spellings_of, table_of
from rag_ft.institutions.names import COMPANY_FORMS, Word, name_key
from rag_ft.institutions.phrases import (
    NUMBER,
    Reading,
    find_phrases,
    head_kind,
    is_acronym,
    is_link,
    read_text,
)
from rag_ft.institutions.words import DOCUMENTS, HEADS, PLACES, QUALIFIERS, ROLES, TITLES, WEAK_HEADS
from rag_ft.schema import Alias, Span

# Before a bare head these make it any one of its kind: "a Bank".
_ANY = frozenset({"a", "an", "any", "each", "every", "no", "one"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a text names an institution.

    `name` is canonical: a known institution's full name, what the document's alias stands
    for, else the name as written. `in_document` tells that it stands inside the name of a
    document ("MAS" in "MAS Notice 626"); kind "document" is such a document's whole name.
    """

    name: str
    text: str
    span: Span
    kind: InstitutionKind
    in_document: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """The key under which two spellings of one institution meet."""
        return name_key(self.name)


def find_institutions(
    text: str, aliases: Sequence[Alias] = (), extra: Sequence[Institution] = ()
) -> tuple[Mention, ...]:
    """Find every institution that a text names, in order.

    Args:
        text: any text; offsets of the mentions are in its characters.
        aliases: what the text's own document defines ("the Authority" means ...); one
            that stands for no institution is left aside.
        extra: further known institutions, such as a person's list (`load_institutions`).
    """
    return _mentions(text, tuple(aliases), tuple(extra))


# The checks of one answer read the same few texts many times.
@lru_cache(maxsize=1024)
def _mentions(text: str, aliases: tuple[Alias, ...], extra: tuple[Institution, ...]) -> tuple[Mention, ...]:
    reading = read_text(text, _table(aliases, extra))
    mentions: set[Mention] = set()
    taken: set[int] = set()
    for phrase in find_phrases(reading):
        mentions.update(_classify(reading, phrase))
        taken.update(phrase)
    mentions.update(_in_small_letters(reading, taken))
    return tuple(sorted(mentions, key=lambda mention: (mention.span, mention.name)))


def find_other_names(
    text: str, aliases: Sequence[Alias] = (), extra: Sequence[Institution] = ()
) -> tuple[Mention, ...]:
    """Find the documents and the further capitalised phrases of a text: "Project Ubin", "Banking Act 1970".

    A lone capitalised word that opens a sentence is left aside: it may be any word.
    """
    reading = read_text(text, _table(tuple(aliases), tuple(extra)))
    found: list[Mention] = []
    for phrase in find_phrases(reading):
        mentions = _classify(reading, phrase)
        found.extend(mention for mention in mentions if mention.kind == "document")
        alone = len(phrase) == 1 and not is_acronym(reading.words[phrase.start])
        if not mentions and not (alone and reading.opens_sentence(phrase.start)):
            found.append(_mention(reading, phrase.start, phrase.stop - 1, "name"))
    return tuple(found)


@lru_cache(maxsize=512)
def _table(aliases: tuple[Alias, ...], extra: tuple[Institution, ...]) -> SpellingTable:
    # The document's own words come first, then the person's list, then ours.
    own = []
    for alias in aliases:
        named = find_institutions(alias.name, (), extra)
        if named and named[0].span.start <= len("the ") and not named[0].in_document:
            own.append(spelling_of(alias.alias, Institution(named[0].name, named[0].kind)))
    return table_of([*own, *spellings_of(extra), *spellings_of(KNOWN_INSTITUTIONS)])


def _classify(reading: Reading, phrase: range) -> list[Mention]:
    """Tell what a phrase names: a document, a known institution, another one, or nothing."""
    words, last = reading.words, phrase.stop - 1
    known = [reading.known[p] for p in phrase if p in reading.known]
    heads = [p for p in phrase if _is_head(reading, p, last)]
    papers = [p for p in phrase if words[p].key in DOCUMENTS and not reading.is_inside(p)]
    # "Monetary Policy Authority" is an authority, "Banking Authority Notice" a notice.
    if papers and (not heads or papers[-1] > heads[-1]):
        whole = _mention(reading, phrase.start, last, "document")
        return [whole, *(_known_mention(reading, match, in_document=True) for match in known)]
    if known:
        return _around_known(reading, phrase, known)
    if len(phrase) == 1:
        return [] if NUMBER.match(words[last].text) else _role(reading, phrase.start)
    if not heads:
        return []
    opening = range(phrase.start, phrase.start + 3)
    if reading.opens_sentence(phrase.start) and heads[0] > opening[-1] and _is_members_of(words, opening):
        phrase = range(opening.stop, phrase.stop)  # "Members of the Life Insurance Association"
    return [_mention(reading, _owner(words, phrase.start), last, head_kind(words[heads[-1]]) or "role")]


def _around_known(reading: Reading, phrase: range, known: Sequence[Match]) -> list[Mention]:
    """A phrase that holds known names: those, or a near miss that only contains one."""
    owner = _owner(reading.words, phrase.start)
    outside = [p for p in phrase if not any(match.first <= p <= match.last for match in known)]
    opening = range(phrase.start, known[0].first)
    if reading.opens_sentence(phrase.start) and _is_of_phrase(reading.words, opening):
        outside = [p for p in outside if p not in opening]  # "Approval of MAS is needed"
    if owner == phrase.start and _change_nothing(reading.words, outside, known):
        return [_known_mention(reading, match) for match in known]
    return [_mention(reading, owner, phrase.stop - 1, known[0].institution.kind)]


def _is_head(reading: Reading, position: int, last: int) -> bool:
    word = reading.words[position]
    if not head_kind(word) or reading.is_inside(position):
        return False
    following = reading.words[position + 1] if position < last else None
    return (
        word.key not in WEAK_HEADS
        or following is None
        or is_link(following)
        or following.key in COMPANY_FORMS
    )


def _is_of_phrase(words: Sequence[Word], opening: range) -> bool:
    """Tell whether words are one plain noun and "of": what opens a sentence and is no name."""
    spelt = [words[p].key for p in opening]
    return bool(spelt) and spelt[1:] in (["of"], ["of", "the"], ["by"], ["from"]) and spelt[0] not in HEADS


def _is_members_of(words: Sequence[Word], opening: range) -> bool:
    """Tell whether words are a plural and "of the": who belongs to what is named after them."""
    return words[opening[0]].key.endswith("s") and [words[p].key for p in opening[1:]] == ["of", "the"]


def _change_nothing(words: Sequence[Word], outside: Sequence[int], known: Sequence[Match]) -> bool:
    """Tell whether the words around known names leave them what they are: "MAS Chairman", not "MAS Bank"."""
    titled = False
    for position in outside:
        word = words[position]
        titled = titled or word.key in TITLES
        if is_link(word):
            # "the Department of the Force" names both; "MAS of Scotland" names neither.
            apart = word.key in {"and", "&", "the"} or words[position + 1].key == "the"
            if not apart and not titled:
                return False
        elif not (titled or is_acronym(word) or _is_where(word, position, known[0])):
            return False
    return True


def _is_where(word: Word, position: int, match: Match) -> bool:
    """Tell whether a word only says where a Singapore body is: "Singapore Ministry of Finance"."""
    here = match.institution.kind in {"ministry", "agency", "court"}
    return here and word.key == "singapore" and position < match.first


def _owner(words: Sequence[Word], first: int) -> int:
    """Take in the country before a name: "Malaysia's Ministry of Finance" is not Singapore's."""
    before = words[first - 1] if first else None
    owned = before is not None and before.possessive and before.key in PLACES and before.key != "singapore"
    return first - 1 if owned else first


def _role(reading: Reading, position: int) -> list[Mention]:
    """A head alone is a role ("the Authority"); at the start of a sentence it may be any word."""
    word = reading.words[position]
    if word.key.endswith("-general"):
        return [_mention(reading, position, position, "role")]
    before = reading.words[position - 1].key if position else ""
    if word.key not in ROLES or before in _ANY:
        return []
    if reading.opens_sentence(position) and before not in {"the", "that", "such"}:
        return []
    return [_mention(reading, position, position, "role", name=f"the {word.text}")]


def _in_small_letters(reading: Reading, taken: set[int]) -> list[Mention]:
    """Find names in small letters before a place: "central bank of scotland"."""
    words = reading.words
    found = []
    for place in range(2, len(words)):
        if words[place].key not in PLACES or words[place - 1].key != "of" or place in taken:
            continue
        head = place - 2
        if words[head].key not in HEADS or head in taken or words[place].text == "us":
            continue
        first = head
        while first > 0 and words[first - 1].key in QUALIFIERS and reading.are_joined(first - 1):
            first -= 1
        found.append(_mention(reading, first, place, HEADS[words[head].key]))
    return found


def _known_mention(reading: Reading, match: Match, *, in_document: bool = False) -> Mention:
    each = match.institution
    return _mention(reading, match.first, match.last, each.kind, name=each.name, in_document=in_document)


def _mention(
    reading: Reading,
    first: int,
    last: int,
    kind: InstitutionKind,
    *,
    name: str | None = None,
    in_document: bool = False,
) -> Mention:
    """Make a mention of the words `first` to `last`; without a name, its own words are its name."""
    start, end = reading.words[first].start, reading.words[last].end
    written = reading.text[start:end]
    if reading.words[last].possessive:
        written = written.removesuffix("’s").removesuffix("'s")
    return Mention(
        name or " ".join(written.split()), written, Span(start, start + len(written)), kind, in_document
    )
