"""Institutions named in a text: known names, document-defined aliases, and capitalised phrases.

The longest name wins: "MAS" inside "MAS Bank", or "Monetary Authority" inside "Monetary
Authority of Scotland", is another institution's name and never the known one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag_ft.institutions.known import KNOWN_INSTITUTIONS, Institution, InstitutionKind
from rag_ft.institutions.names import COMPANY_FORMS, Word, name_key, words_of
from rag_ft.institutions.words import DOCUMENTS, HEADS, HEADS_WITH_PURPOSE, PLACES, ROLES, STARTERS, TITLES
from rag_ft.schema import Alias, Span

_GAP = re.compile(r"\s+\(?|\)?,?\s+|\.\s+|\.\)\s+|\s*\)\s*|,\s+")
_RUN_GAP = re.compile(r"\s+\Z")
_PAREN_OPEN = re.compile(r"\s+\(\Z")
_PAREN_CLOSE = re.compile(r"\)\s+\Z")
_STOPPED = {"pte", "ltd", "inc", "co", "corp", "st", "no", "dr", "mr", "ms", "bhd", "sdn"}
_LINKS = {"of", "and", "for", "on", "the", "&", "de", "du", "des", "für", "ng"}
_NUMBER = re.compile(r"[A-Z]{0,4}-?[A-Z]?\d+[A-Z]?\Z")


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


@dataclass(frozen=True, slots=True)
class _Name:
    """A spelling that is looked for: its words, and whether their case counts."""

    words: tuple[str, ...]
    exact: str | None
    institution: Institution


_Table = dict[str, list[_Name]]


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
    table = _table(tuple(aliases), tuple(extra))
    words = words_of(text)
    known = _known_matches(text, words, table)
    mentions: list[Mention] = []
    taken: set[int] = set()
    for run in _runs(text, words, known):
        for mention in _classify(text, words, run, known):
            mentions.append(mention)
        taken.update(run)
    for first, (last, institution) in known.items():
        if not taken.intersection(range(first, last + 1)):
            mentions.append(_mention(text, words, first, last, institution.name, institution.kind))
    mentions.extend(_small_letters(text, words, taken))
    return tuple(sorted(set(mentions), key=lambda mention: mention.span))


def inline_aliases(text: str) -> tuple[Alias, ...]:
    """Find the short names that a text defines itself: `Full Name ("FN")`, `“FN” means Full Name`."""
    found = []
    for match in _BRACKETED.finditer(text):
        named = [m for m in find_institutions(text[: match.start()]) if m.span.end == match.start()]
        if named:
            found.append(Alias(match["alias"], named[-1].name))
    for match in _MEANS.finditer(text):
        named = [m for m in find_institutions(match["name"]) if m.span.start <= len("the ")]
        if named:
            found.append(Alias(match["alias"], named[0].name))
    return tuple(found)


_BRACKETED = re.compile(
    r"\s*\((?:hereinafter |the |[“\"'‘]){0,3}(?P<alias>[A-Z][\w&/-]*(?: [A-Z][\w&/-]*){0,3})[”\"'’]?\)"
)
_MEANS = re.compile(
    r"[“\"](?:the )?(?P<alias>[A-Z][\w -]{1,40})[”\"],?(?: in relation to [\w ]+,)? means (?P<name>[^.;]{3,120})"
)


@lru_cache(maxsize=512)
def _table(aliases: tuple[Alias, ...], extra: tuple[Institution, ...]) -> _Table:
    if not aliases and not extra:
        return _index(_spellings(KNOWN_INSTITUTIONS))
    # The document's own words come first, then the person's list, then ours.
    own = []
    for alias in aliases:
        named = find_institutions(alias.name, (), extra)
        if named and named[0].span.start <= len("the ") and not named[0].in_document:
            own.append(_spelling(alias.alias, Institution(named[0].name, named[0].kind)))
    return _index([*own, *_spellings(extra), *_spellings(KNOWN_INSTITUTIONS)])


def _spellings(institutions: Iterable[Institution]) -> list[_Name]:
    return [_spelling(s, each) for each in institutions for s in (each.name, *each.aliases)]


def _spelling(name: str, institution: Institution) -> _Name:
    words = words_of(name)
    if len(words) > 1 and words[0].key == "the":
        words = words[1:]
    exact = words[0].text if len(words) == 1 else None
    return _Name(_keys(words), exact, institution)


def _keys(words: Sequence[Word]) -> tuple[str, ...]:
    """Give the spellings compared: a possessive counts within a name ("People's Bank"), not after it."""
    return tuple(
        f"{word.key}'s" if word.possessive and at < len(words) - 1 else word.key
        for at, word in enumerate(words)
    )


def _index(names: Sequence[_Name]) -> _Table:
    table: _Table = {}
    for name in names:
        if name.words:
            table.setdefault(name.words[0].removesuffix("'s"), []).append(name)
    for rows in table.values():
        rows.sort(key=lambda row: -len(row.words))  # stable: the document's own come first
    return table


def _known_matches(text: str, words: Sequence[Word], table: _Table) -> dict[int, tuple[int, Institution]]:
    """Give, by the position of its first word, each longest known name: last word and institution."""
    matches: dict[int, tuple[int, Institution]] = {}
    position = 0
    while position < len(words):
        for row in table.get(words[position].key, ()):
            last = position + len(row.words) - 1
            if last < len(words) and _spelt(text, words[position : last + 1], row):
                matches[position] = (last, row.institution)
                position = last
                break
        position += 1
    return matches


def _spelt(text: str, words: Sequence[Word], row: _Name) -> bool:
    if row.exact is not None:
        return words[0].text == row.exact
    if _keys(words) != row.words:
        return False
    return all(_GAP.fullmatch(text[a.end : b.start]) for a, b in pairwise(words))


def _runs(text: str, words: Sequence[Word], known: dict[int, tuple[int, Institution]]) -> list[range]:
    """Give the phrases of capitalised words, linked by of, and, for, on; known names are kept whole."""
    runs: list[range] = []
    position = 0
    while position < len(words):
        if not _opens(words, position, known):
            position += 1
            continue
        last = known[position][0] if position in known else position
        while (further := _extend(text, words, last, known)) is not None:
            last = further
        runs.extend(_parts(words, range(position, last + 1), known))
        position = last + 1
    return runs


def _opens(words: Sequence[Word], position: int, known: dict[int, tuple[int, Institution]]) -> bool:
    if position in known:
        return True
    word = words[position]
    return word.is_capital and word.key not in STARTERS


def _extend(
    text: str, words: Sequence[Word], last: int, known: dict[int, tuple[int, Institution]]
) -> int | None:
    """Give the last word of the phrase with one more part, or None where it ends."""
    ahead = last + 1
    if ahead >= len(words) or words[last].possessive:
        return None
    links = 0
    while ahead < len(words) and _is_link(words[ahead]) and links < 2 and _joined(text, words, ahead - 1):
        if words[ahead].key in {"on", "for"} and words[last].key not in HEADS_WITH_PURPOSE:
            return None
        ahead, links = ahead + 1, links + 1
    if ahead >= len(words) or not _joined(text, words, ahead - 1):
        return None
    if links and words[ahead - 1].key == "the" and words[ahead - 2].key == "and":
        return None  # "MAS and the Police" are two
    if ahead in known:
        return known[ahead][0]
    word = words[ahead]
    if word.is_capital and not (word.key in STARTERS and not links):
        return ahead
    if not links and _NUMBER.match(word.text) and words[last].key in DOCUMENTS:
        return ahead
    return None


def _is_link(word: Word) -> bool:
    return word.text in _LINKS or (word.text.isupper() and word.key in _LINKS)


def _joined(text: str, words: Sequence[Word], position: int) -> bool:
    """Tell whether nothing but space parts a word from the next, or the stop of an abbreviation."""
    before, after = words[position], words[position + 1]
    gap = text[before.end : after.start]
    if _RUN_GAP.match(gap):
        return "\n\n" not in gap
    if before.key in _STOPPED and re.fullmatch(r"\.\s+", gap):
        return True
    # "(Singapore)" and "(Pte)" stand inside a company's name.
    if _PAREN_OPEN.match(gap):
        return after.key in PLACES or after.key in COMPANY_FORMS or after.key == "asia"
    inside = before.key in PLACES or before.key in COMPANY_FORMS
    return bool(_PAREN_CLOSE.match(gap)) and inside and after.is_capital


def _parts(words: Sequence[Word], run: range, known: dict[int, tuple[int, Institution]]) -> list[range]:
    """Cut a phrase at an "and" that joins two institutions, not two words of one name."""
    for position in run[1:-1]:
        if words[position].key not in {"and", "&"} or _inside(position, known):
            continue
        left, right = range(run.start, position), range(position + 1, run.stop)
        # "Ministry of Trade and Industry" has no head on its right, "Securities and Exchange
        # Commission" none on its left.
        if _has_head(words, left, known) and _has_head(words, right, known):
            return [left, *_parts(words, right, known)]
    return [run]


def _inside(position: int, known: dict[int, tuple[int, Institution]]) -> bool:
    return any(first <= position <= last for first, (last, _) in known.items())


def _has_head(words: Sequence[Word], run: range, known: dict[int, tuple[int, Institution]]) -> bool:
    return any(p in known or words[p].key in HEADS or words[p].key in DOCUMENTS for p in run)


def _classify(
    text: str, words: Sequence[Word], run: range, known: dict[int, tuple[int, Institution]]
) -> list[Mention]:
    """Tell what a phrase names: a document, a known institution, another one, or nothing."""
    inner = [(first, *known[first]) for first in run if first in known]
    last = run.stop - 1
    number = _NUMBER.match(words[last].text) is not None
    if any(words[p].key in DOCUMENTS and not _inside(p, known) for p in run):
        whole = _mention(text, words, run.start, last, None, "document")
        issuers = [
            _mention(text, words, first, end, institution.name, institution.kind, in_document=True)
            for first, end, institution in inner
        ]
        return [whole, *issuers]
    if number and len(run) == 1:
        return []
    if inner:
        return _around_known(text, words, run, inner)
    heads = [p for p in run if words[p].key in HEADS]
    if not heads:
        return []
    if len(run) == 1:
        return _role(text, words, run.start)
    first = _owner(words, run.start)
    return [_mention(text, words, first, last, None, HEADS[words[heads[-1]].key])]


def _around_known(
    text: str, words: Sequence[Word], run: range, inner: Sequence[tuple[int, int, Institution]]
) -> list[Mention]:
    """A phrase that holds known names: those, or a near miss that only contains one."""
    owner = _owner(words, run.start)
    outside = [p for p in run if not any(first <= p <= last for first, last, _ in inner)]
    if owner == run.start and _changes_nothing(words, outside, inner):
        return [_mention(text, words, first, last, each.name, each.kind) for first, last, each in inner]
    return [_mention(text, words, owner, run.stop - 1, None, inner[0][2].kind)]


def _changes_nothing(
    words: Sequence[Word], outside: Sequence[int], inner: Sequence[tuple[int, int, Institution]]
) -> bool:
    """Tell whether the words around known names leave them what they are: "MAS Chairman", not "MAS Bank"."""
    titled = False
    for position in outside:
        word = words[position]
        titled = titled or word.key in TITLES
        if _is_link(word):
            # "the Department of the Force" names both; "MAS of Scotland" names neither.
            apart = word.key in {"and", "&", "the"} or words[position + 1].key == "the"
            if not apart and not titled:
                return False
        elif not (titled or _is_acronym(word) or _singapore(word, position, inner)):
            return False
    return True


def _is_acronym(word: Word) -> bool:
    return len(word.text) > 1 and word.text.isupper() and word.key not in HEADS and word.key not in PLACES


def _singapore(word: Word, position: int, inner: Sequence[tuple[int, int, Institution]]) -> bool:
    """Tell whether a word only says where a Singapore body is: "Singapore Ministry of Finance"."""
    first, _, institution = inner[0]
    return (
        word.key == "singapore" and position < first and institution.kind in {"ministry", "agency", "court"}
    )


def _owner(words: Sequence[Word], first: int) -> int:
    """Take in the country before a name: "Malaysia's Ministry of Finance" is not Singapore's."""
    before = words[first - 1] if first else None
    owned = before is not None and before.possessive and before.key in PLACES and before.key != "singapore"
    return first - 1 if owned else first


def _role(text: str, words: Sequence[Word], position: int) -> list[Mention]:
    """A head alone is a role ("the Authority"); at the start of a sentence it may be any word."""
    word = words[position]
    article = position > 0 and words[position - 1].key in {"the", "that", "such"}
    starts = position == 0 or not text[words[position - 1].end : word.start].isspace()
    if (
        (position > 0 and words[position - 1].key in _ANY)
        or word.key not in ROLES
        or (starts and not article)
    ):
        return []
    return [_mention(text, words, position, position, f"the {word.text}", "role")]


_ANY = frozenset({"a", "an", "any", "each", "every", "no", "one"})


def _small_letters(text: str, words: Sequence[Word], taken: set[int]) -> list[Mention]:
    """Names in small letters: "central bank of scotland"."""
    found = []
    for position in range(2, len(words)):
        if words[position].key not in PLACES or words[position - 1].key != "of" or position in taken:
            continue
        head = position - 2
        while head > 0 and words[head].key not in HEADS and position - head < 4:
            head -= 1
        if words[head].key not in HEADS or head in taken:
            continue
        first = head
        while first > 0 and words[first - 1].key in _QUALIFIERS and _joined(text, words, first - 1):
            first -= 1
        found.append(_mention(text, words, first, position, None, HEADS[words[head].key]))
    return found


_QUALIFIERS = frozenset(
    "central monetary reserve national financial federal royal state conduct regulatory people's services securities prudential banking markets supervisory".split()
)


def _mention(
    text: str,
    words: Sequence[Word],
    first: int,
    last: int,
    name: str | None,
    kind: InstitutionKind,
    *,
    in_document: bool = False,
) -> Mention:
    span = Span(words[first].start, words[last].end)
    written = text[span.start : span.end]
    if words[last].possessive:
        written = written.removesuffix("’s").removesuffix("'s")
        span = Span(span.start, span.start + len(written))
    return Mention(name or " ".join(written.split()), written, span, kind, in_document)
