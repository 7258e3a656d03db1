"""Mentions of other paragraphs, notices and Acts, resolved as far as the document allows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rag_ft.schema import Alias, Paragraph, Reference

_LIMBS = r"(?:\([0-9A-Za-z]{1,5}\))*"
_PLACE = rf"(?:\d{{1,3}}[A-Z]{{0,3}}(?:[.-]\d{{1,3}}[A-Z]{{0,3}})*|[A-Z]-\d{{1,2}}(?:-\d{{1,2}})*){_LIMBS}"
_ITEM = rf"(?:{_PLACE}|(?:\([0-9A-Za-z]{{1,5}}\))+)"
_LIST = rf"{_ITEM}(?:(?:, | and | or | to |, and |, or ){_ITEM})*"
_ACT = (
    r"[A-Z][\w’'&-]*(?: (?:[A-Z][\w’'&-]*|\([^()]{3,60}\)|of|and|for|the|to|in|on)){0,14}"
    r" (?:Act|Regulations|Order|Rules)(?: (?:18|19|20)\d\d)?"
)
_NOTICE = r"(?:MAS )?Notices? (?:No\.? )?(?:[A-Z]{2,4}-?)?[A-Z]?\d{2,4}[A-Z]?"
_OF = (
    rf"(?: (?:of|to|in) (?:the )?(?P<owner>{_ACT}|{_NOTICE}|Act|Notice|Guidelines?"
    r"|[A-Z]{2,8}(?: Act)?|[A-Z]\w+ Act))?"
)
_PARAGRAPHS = re.compile(
    rf"\b(?P<kind>(?i:sub-?paragraphs?|paragraphs?|subsections?|sections?|regulations?))\s+(?P<list>{_LIST}){_OF}"
)
_PARTS = re.compile(r"\b(?:(?:Annex|Appendix|Attachment) [A-Z0-9]{1,3}|Table [A-Z]?\d{1,2}(?:-\d)?)\b")
_WHOLE = re.compile(
    rf"\b(?P<owner>{_NOTICE}|Guidelines to (?:MAS )?Notices? [A-Z]{{0,4}}-?[A-Z]?\d{{2,4}})\b"
)
_SPLIT = re.compile(r", and |, or |, | and | or | to ")


# What a document calls itself, or the one it belongs to, where it has not said which.
_ITSELF = ("Act", "Notice", "Guideline", "Guidelines")


def link(text: str, paragraphs: Sequence[Paragraph], aliases: Sequence[Alias]) -> tuple[Paragraph, ...]:
    """Give every paragraph the references that its own words make, in order, each once."""
    names = {alias.alias: alias.name for alias in aliases}
    tables: dict[str, str] = {}
    for paragraph in paragraphs:
        if paragraph.role == "table":
            tables.setdefault(paragraph.label.rpartition(", ")[2], paragraph.label)
    linked = []
    for paragraph in paragraphs:
        found: dict[Reference, None] = {}
        for span in paragraph.spans:
            for reference in _in(text[span.start : span.end], paragraph, names, tables):
                found.setdefault(reference)
        linked.append(replace(paragraph, references=tuple(found)) if found else paragraph)
    return tuple(linked)


def _in(
    words: str, paragraph: Paragraph, names: Mapping[str, str], tables: Mapping[str, str]
) -> Iterator[Reference]:
    taken: list[tuple[int, int]] = []
    for match in _PARAGRAPHS.finditer(words):
        taken.append(match.span())
        yield from _listed(match, _owner(match["owner"], names), paragraph)
    for match in _PARTS.finditer(words):
        yield Reference(match[0], None, tables.get(match[0], match[0]))
    for match in _WHOLE.finditer(words):
        if not any(start <= match.start() < end for start, end in taken):
            yield Reference(match[0], match["owner"])


def _owner(owner: str | None, names: Mapping[str, str]) -> str | None:
    """Return the full name of what a place is in; None for the document itself."""
    if owner is None:
        return None
    return names.get(owner, None if owner in _ITSELF else owner)


def _listed(match: re.Match[str], owner: str | None, paragraph: Paragraph) -> Iterator[Reference]:
    """Give one reference for each place of "paragraphs 6.3(b) or (d)"."""
    kind = match["kind"].lower().rstrip("s")
    place = ""
    for item in _SPLIT.split(match["list"]):
        place = item if item[0] != "(" else _completed(item, place, paragraph, kind)
        bare = kind == "section" and not place.startswith("s ")
        yield Reference(match[0], owner, f"s {place}" if bare else place)


def _completed(item: str, last: str, paragraph: Paragraph, kind: str) -> str:
    """Complete "(d)" from the place named before it, or from where the words stand."""
    depth = item.count("(")
    if last:
        base = re.sub(r"(?:\([0-9A-Za-z]{1,5}\))$", "", last) if "(" in last else last
        return base + item
    label = re.sub(r', footnote \d+$| "[^"]*".*$', "", paragraph.label)
    stem, limbs = _parted(label)
    if kind == "subsection":
        return stem + item
    # A subparagraph is named from the level of its own letter: "(i)" beside "(ii)".
    style = item.strip("()")
    for keep in range(len(limbs), -1, -1):
        if keep < len(limbs) and _alike(limbs[keep], style):
            return stem + "".join(f"({limb})" for limb in limbs[:keep]) + item
    return stem + "".join(f"({limb})" for limb in limbs[: max(len(limbs) - depth + 1, 0)]) + item


def _parted(label: str) -> tuple[str, list[str]]:
    limbs = re.findall(r"\(([0-9A-Za-z]{1,5})\)", label)
    return label.split("(", 1)[0], limbs


def _alike(one: str, other: str) -> bool:
    """Whether two limbs are counted alike: digits, capitals, numerals or letters."""
    if one.isdigit() or other[:1].isdigit():
        return one[:1].isdigit() and other[:1].isdigit()
    if one.isupper() != other.isupper():
        return False
    numerals = set("ivx")
    return (set(one.lower()) <= numerals) == (set(other.lower()) <= numerals)
