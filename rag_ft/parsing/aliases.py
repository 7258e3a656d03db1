"""Names and what a document says they stand for: "the Authority", "MPI", "FATF"."""

import re
from collections.abc import Iterator

from rag_ft.acronyms import SMALL, spelt_out
from rag_ft.schema import Alias, Paragraph

# "Monetary Authority of Singapore (the “Authority”)".
_BRACKETED = re.compile(
    r"\((?:hereafter,? |collectively,? |together,? )?(?:the )?[“\"](?:the )?(?P<alias>[^”\"]{2,60})[”\"]\)"
)
_MEANS = re.compile(
    r"\s*(?:, in relation to [^,]{1,60},\s*)?(?:means|refers to) (?P<name>(?:the |an? )?[^;.–—]{3,160})"
)
# A name: capitalised words, joined by small ones, figures and dashes.
_CAPITALISED = r"[A-Z][\w’'&.-]*|\([A-Z][^()]{2,60}\)"
_NAME = re.compile(
    rf"(?:{_CAPITALISED})"
    rf"(?:[ ,]{{1,2}}(?:(?:of|and|the|for|on|to|in|by|with|under|–|-) )*(?:{_CAPITALISED}|\d{{1,4}}[A-Z]?))*"
)
_TERM_BEFORE = 160
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
    if initials := spelt_out(name, term):
        return initials
    start = re.match(r"the |an? ", name)
    rest = name[start.end() :] if start else name
    full = _NAME.match(rest)
    return full[0].strip() if full and start and start[0] == "the " and len(full[0]) > len(term) else None


def _named(before: str, alias: str) -> str | None:
    """Return the name that ends right before the bracket with its alias."""
    words = before.split()
    for start in range(len(words) - 1, max(len(words) - 14, -1), -1):
        if words[start].lower() in SMALL:
            continue
        rest = " ".join(words[start:])
        if spelt_out(rest, alias.rstrip("s")) == rest.strip(" ,;."):
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
