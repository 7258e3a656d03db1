"""Numbers of sections, paragraphs, notices, schedules and the years of laws."""

import re
from collections.abc import Iterator

from rag_ft.grounding.figures.figure import Figure, Reader, figure_of, pattern

_KINDS = {
    "section": r"sections?|ss?\.?(?= ?\d)|sec\.|§+",
    "paragraph": r"paragraphs?|paras?\.?|sub-?paragraphs?|clauses?|limbs?",
    "subsection": r"sub-?sections?",
    "regulation": r"regulations?|regs?\.",
    "rule": r"rules?",
    "article": r"articles?|arts?\.",
    "part": r"parts?",
    "division": r"divisions?",
    "chapter": r"chapters?|cap\.?",
    "schedule": r"schedules?",
    "annex": r"annex(?:es)?|appendix|appendices",
    "table": r"tables?",
    "footnote": r"footnotes?|endnotes?",
    "recommendation": r"recommendations?",
    "principle": r"principles?",
    "phase": r"phases?|stages?|tiers?|steps?|basel|levels?|pillars?",
    "form": r"forms?",
}
_KIND = "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items())
_LABEL = (
    r"(?:\d+[A-Z]{0,3}(?:[.\-]\d+[A-Z]?)*(?:\(\w{1,5}\))*"
    r"|\(\w{1,5}\)(?:\(\w{1,5}\))*"
    r"|[A-Z](?:[.\-]\d+)*(?![\w’'])"
    r"|[IVXLC]+[A-Z]?\b)"
)
_AND = r"(?:\s*,\s*|\s*[-–]\s*|,?\s+(?:and|or|to)\s+)"
# What MAS numbers its notices and guidelines with, beside plain numbers.
_SERIES = (
    r"(?:PSN|FSM-?N|FSM-?G|SFA\s?\d{0,2}[A-C]?-?[NG]|FAA-?[NG]|CMG-?[NG]|PS-?[NG]|TCA-?[NG]|FHC-?[NG]|SKN"
    r"|SRD|PDD?|TRPD|BD|ID|CMI|AMLD?|FSG)"
)
_CODED = rf"{_SERIES}\s?\d{{1,4}}[A-Z]?(?:\(\w\))?(?:/\d+)*"
_NOTICE = rf"(?:{_CODED}|\d{{2,4}}[A-Z]?)"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()


def _read_reference(match: re.Match[str]) -> Iterator[Figure]:
    kind = next(kind for kind in _KINDS if match[kind])
    for label in re.finditer(_LABEL, match["labels"]):
        yield figure_of(match, "reference", kind, label.group().casefold())


def _read_notice(match: re.Match[str]) -> Iterator[Figure]:
    for number in re.finditer(_NOTICE, match["numbers"], re.IGNORECASE):
        yield figure_of(match, "reference", "notice", re.sub(r"[\s-]", "", number.group()).casefold())


def _read_schedule(match: re.Match[str]) -> Iterator[Figure]:
    yield figure_of(match, "reference", "schedule", str(1 + _ORDINALS.index(match["ordinal"].casefold())))


def _read_act(match: re.Match[str]) -> Iterator[Figure]:
    yield figure_of(match, "reference", "year of the law", match["year"])


REFERENCES: tuple[Reader, ...] = (
    (
        pattern(
            r"\b(?:Act|Regulations|Rules|Order|Bill|Code|Directions?|Guidelines)\s+(?P<year>(?:19|20)\d\d)\b",
            case=True,
        ),
        _read_act,
    ),
    (
        pattern(
            r"\b(?:Notices?|Circulars?|Guidelines)\s+(?:Nos?\.?\s+)?",
            rf"(?P<numbers>{_NOTICE}(?:(?:,\s*|,?\s+(?:and|or)\s+){_NOTICE})*)(?![\d,]*\d)",
        ),
        _read_notice,
    ),
    (pattern(rf"\b(?P<numbers>{_CODED})", r"(?!\w)", case=True), _read_notice),
    (pattern(rf"\b(?P<ordinal>{'|'.join(_ORDINALS)}) Schedule\b"), _read_schedule),
    (
        pattern(
            rf"(?<![\w-])(?i:{_KIND})\s?(?:[Nn]os?\.\s)?(?P<labels>{_LABEL}(?:{_AND}{_LABEL})*)", case=True
        ),
        _read_reference,
    ),
)
