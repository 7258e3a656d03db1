"""The title of a document that declares none: the headings of its first pages."""

import re
from collections.abc import Sequence

from rag_ft.parsing.anatomy import ZONE
from rag_ft.parsing.blocks import Block
from rag_ft.parsing.labels import read_label
from rag_ft.schema import Kind

# Headings of a title page that do not name the document.
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_NOT_A_TITLE = re.compile(
    r"\bACT(?: \d{4})?\)?$|^\(ACT \d|^NOTICES? TO\b|^monetary authority of singapore$|^introduction$"
    rf"|^(?:table of )?contents$|^[\d/. ]+$|^(?:\d{{1,2}} )?(?:{_MONTH})\b|^dear\b|^(?:chart|figure|table) \d"
    r"|^(?:circular|guidelines?|notice) no\b",
    re.IGNORECASE,
)
_SMALL = frozenset("a an and as at by for from in into of on or that the to under which with".split())
_ACRONYM = re.compile(
    r"(?:MAS|AML|CFT|AML/CFT|CDD|PSP|MPI|SPI|DPT|FAQ|FAQS|ABS|DLT|RTGS|SGD|CEO|II|III|IV|VI?)"
)
_LAST_PAGE = 2
_STRUCTURAL = range(1, 7)


def front_title(blocks: Sequence[Block], kind: Kind) -> str | None:
    """Find the title among the headings before the first numbered one; None where a format declares it."""
    candidates: list[str] = []
    for block in blocks:
        if block.pieces and block.pieces[0].page > _LAST_PAGE:
            break
        if block.kind != "heading" or block.level in _STRUCTURAL:
            continue
        label = read_label(block.text)
        if (label is not None and label.form not in ("bullet",)) or ZONE.match(block.text):
            break
        if not _NOT_A_TITLE.search(block.text):
            candidates.append(block.text)
    if not candidates:
        return None
    if kind == "information":
        return " – ".join(dict.fromkeys(candidates[:3]))
    return max(candidates, key=len)


def in_title_case(title: str) -> str:
    """Write a title set in capitals as it is written in a sentence."""
    if not title.isupper():
        return title
    words = title.split()
    return " ".join(
        _cased(word, first=at == 0 or words[at - 1] in ("–", "-", ":")) for at, word in enumerate(words)
    )


def _cased(word: str, first: bool) -> str:
    bare = word.strip("().,:;“”\"'")
    if _ACRONYM.fullmatch(bare) or any(character.isdigit() for character in word):
        return word
    if not first and bare.lower() in _SMALL:
        return word.lower()
    return "-".join(
        part[:1] + part[1:].lower() if part[:1].isalpha() else part[:2] + part[2:].lower()
        for part in word.split("-")
    )
