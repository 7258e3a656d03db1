"""Names and what a document says they stand for: "the Authority", "MPI", "FATF"."""

import re
from collections.abc import Iterator

from rag_ft.schema import Alias, Paragraph

# "Monetary Authority of Singapore (the “Authority”)".
_BRACKETED = re.compile(
    r"\((?:hereafter,? |collectively,? |together,? )?(?:the )?[“\"](?:the )?(?P<alias>[^”\"]{2,60})[”\"]\)"
)
_MEANS = re.compile(
    r"\s*(?:, in relation to [^,]{1,60},)?\s*(?:means|refers to) (?P<name>(?:the |an? )?[^;.–—]{3,160})"
)
# A name: capitalised words, joined by small ones, figures and dashes.
_CAPITALISED = r"[A-Z][\w’'&.-]*|\([A-Z][^()]{2,60}\)"
_NAME = re.compile(
    rf"(?:{_CAPITALISED})"
    rf"(?:[ ,]{{1,2}}(?:(?:of|and|the|for|on|to|in|by|with|under|–|-) )*(?:{_CAPITALISED}|\d{{1,4}}[A-Z]?))*"
)
_GIVES_MEANING = re.compile(r"\b(?:means|stands? for|short for|is|are)(?: an?| the)? [“\"]?$")
_SMALL = frozenset("of and the for on to in by with a an or".split())
_TERM_BEFORE = 160
# Longer long forms are not looked for.
_MOST_WORDS = 14
_OPENINGS = frozenset("This These The In For Where When A An If Under As On It Please".split())


def find_aliases(text: str, paragraphs: tuple[Paragraph, ...]) -> tuple[Alias, ...]:
    """Collect the aliases that a document defines, in brackets and among its definitions."""
    found: dict[tuple[str, str], Alias] = {}
    for paragraph in paragraphs:
        for span in paragraph.spans:
            words = text[span.start : span.end]
            for alias, name in _in(words, paragraph):
                found.setdefault((alias, name), Alias(alias, name, paragraph.label))
    return tuple(found.values())


def is_spelt_out(acronym: str, text: str) -> bool:
    """Tell whether a text has the words that an acronym's letters begin, as a name or as its meaning.

    Small words that begin so are too many ("MAS may also sell") to count by themselves.
    """
    return any(
        means or all(word[0].isupper() for word in long_form.split() if word not in _SMALL)
        for long_form, means in _long_forms(acronym, text)
    )


def is_defined(acronym: str, text: str) -> bool:
    """Tell whether a text says what an acronym means: "means ...", "stands for ...", "... (MAS)"."""
    return any(means for _, means in _long_forms(acronym, text))


def _long_forms(acronym: str, text: str) -> Iterator[tuple[str, bool]]:
    """Give every run of words with an acronym's initials, and whether the text calls it the meaning."""
    if not re.search(rf"\b{re.escape(acronym[0])}", text, re.IGNORECASE):
        return
    behind = re.compile(rf"\s*(?:\((?:the )?[“\"]?|,? is (?:an? )?[“\"]?){re.escape(acronym)}\b")
    words = list(re.finditer(r"[\w’'&]+", text))
    for at, word in enumerate(words):
        if word[0] == acronym:
            continue
        long_form = _spelt_out(" ".join(each[0] for each in words[at : at + _MOST_WORDS]), acronym)
        if long_form is not None:
            end = words[at + len(long_form.split()) - 1].end()
            before = text[max(0, word.start() - _TERM_BEFORE) : word.start()]
            yield long_form, bool(_GIVES_MEANING.search(before) or behind.match(text, end))


def _in(words: str, paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    if paragraph.term is not None and (name := _defined(words, paragraph.term)):
        yield paragraph.term, name
    for match in _BRACKETED.finditer(words):
        alias = match["alias"].strip(" ,")
        before = words[max(match.start() - _TERM_BEFORE, 0) : match.start()].rstrip()
        if name := _named(before, alias):
            yield alias, name


def _defined(words: str, term: str) -> str | None:
    """Return what a definition says a name stands for, where it gives a name and not a meaning."""
    behind = words[words.find(term) + len(term) + 1 :]
    match = _MEANS.match(behind)
    if match is None:
        return None
    name = match["name"].strip()
    if initials := _spelt_out(name, term):
        return initials
    start = re.match(r"the |an? ", name)
    rest = name[start.end() :] if start else name
    full = _NAME.match(rest)
    return full[0].strip() if full and start and start[0] == "the " and len(full[0]) > len(term) else None


def _spelt_out(name: str, acronym: str) -> str | None:
    """Return the words that an acronym abbreviates, at the head of a text."""
    letters = [c for c in acronym if c.isupper()]
    if len(letters) < 2 or len(letters) < len(acronym.replace("-", "").replace("/", "")) - 1:
        return None
    words = name.split()
    words = words[1:] if words and words[0] in ("the", "a", "an") else words
    taken = 0
    for at, word in enumerate(words):
        if taken < len(letters) and word[:1].upper() == letters[taken]:
            taken += 1
        elif word.lower() not in _SMALL:
            return None
        if taken == len(letters):
            return " ".join(words[: at + 1]).strip(" ,;.")
    return None


def _named(before: str, alias: str) -> str | None:
    """Return the name that ends right before the bracket with its alias."""
    words = before.split()
    for start in range(len(words) - 1, max(len(words) - 14, -1), -1):
        if words[start].lower() in _SMALL:
            continue
        rest = " ".join(words[start:])
        if _spelt_out(rest, alias.rstrip("s")) == rest.strip(" ,;."):
            return rest
    names = [match for match in _NAME.finditer(before) if match.end() == len(before)]
    if not names:
        return None
    name = names[-1][0]
    while name.split(maxsplit=1)[0] in _OPENINGS and " " in name:
        name = name.split(maxsplit=1)[1]
        head = re.search(r"[A-Z]", name)
        name = name[head.start() :] if head else name
    return name if len(name) > len(alias) and name[:1].isupper() and len(name.split()) > 1 else None
