"""Handles: what a question names exactly (a notice, an Act, a month, a paragraph), which no vector tells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag_ft.gold import label_tokens
from rag_ft.schema import DocumentInfo

_MONTHS = "january february march april may june july august september october november december".split()
# "may" is a verb in every other question, so a month counts in capitals only.
_MONTH = re.compile(rf"\b({'|'.join(month.capitalize() for month in _MONTHS)})\b")
_YEAR = re.compile(r"\b(19\d\d|20\d\d)\b")
_LABEL = re.compile(
    r"\b(?:paragraphs?|paras?|sections?|ss?\.?|regulations?|rules?|articles?|clauses?) ?"
    r"(\d+[A-Z]{0,2}(?:[.-]\d+[A-Z]{0,2})*(?:\(\w{1,4}\))*)",
    re.IGNORECASE,
)
_PART = re.compile(r"\b((?:Annex|Appendix|Schedule|Part|Table) (?:[A-Z]|\d+[A-Z]?))\b")
# A limb of one or more marks says by itself that a paragraph is meant: "6.3(b)".
_BARE_LABEL = re.compile(
    r"(?<![\w$.,])(\d+[A-Z]?(?:\.\d+[A-Z]?)*(?:\((?:[a-z]{1,2}|[ivx]{1,4}|\d[A-Z]?)\))+)"
)
_MARKED_UP = re.compile(r"\b(?:marked[- ]up|mark-up|red-?lined?|tracked|struck[- ]through)\b", re.IGNORECASE)
_BARE_NUMBER = r"\b(?:notices?|circulars?|guidelines?|no\.?)\s+(?:no\.?\s+)?(?:\w[\w-]*,? (?:and|or) )?"
_ACT = re.compile(r"\b(?:act|ordinance|regulations|rules|code)\b")
_ASKS_LONG_FORM = re.compile(
    r"\bstands?\s+for\b|\b(?:short|abbreviation|acronym)\s+(?:for|of)\b|\bfull\s+(?:form|name)\s+of\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"\b[A-Z][\w&-]*[A-Z]\b")
_CAPITAL = re.compile(r"\b[A-Z]")


@dataclass(frozen=True, slots=True)
class Handles:
    """What a question names.

    `documents` are positions among the index's documents; `labels` are tokens of labels
    ("6.3(b)" is 6, 3, b); `letters` are those whose meaning it asks for; `marked_up` says
    that it asks about a marked-up copy.
    """

    documents: frozenset[int] = frozenset()
    labels: tuple[tuple[str, ...], ...] = ()
    letters: tuple[str, ...] = ()
    marked_up: bool = False


class HandleFinder:
    """Knows how the documents of an index may be named, and finds them in questions."""

    def __init__(self, infos: Sequence[DocumentInfo]) -> None:
        self._names = [_name_patterns(info) for info in infos]
        self._months = [_months_of(info) for info in infos]

    def find(self, question: str) -> Handles:
        """Return what a question names; nothing is guessed beyond its own words."""
        folded = question.casefold()
        named = {
            position
            for position, patterns in enumerate(self._names)
            if any(needle in folded and pattern.search(question) for needle, pattern in patterns)
        }
        months = _months_in(question)
        if months:
            dated = {position for position, known in enumerate(self._months) if known & months}
            # A notice and a month: the version of that month; else all that the notice is.
            named = (named & dated) or named or dated
        marked_up = bool(_MARKED_UP.search(question))
        return Handles(frozenset(named), _labels_in(question), letters_asked_for(question), marked_up)


def letters_asked_for(question: str) -> tuple[str, ...]:
    """Return the letters whose long form a question asks for: "What does MAS stand for?"."""
    return tuple(dict.fromkeys(_LETTERS.findall(question))) if _ASKS_LONG_FORM.search(question) else ()


def _labels_in(question: str) -> tuple[tuple[str, ...], ...]:
    found = [match[1] for pattern in (_LABEL, _BARE_LABEL, _PART) for match in pattern.finditer(question)]
    return tuple(dict.fromkeys(label_tokens(label) for label in found))


def _months_in(question: str) -> set[tuple[int, int]]:
    """Return (year, month) pairs: each month goes with the nearest year that follows, else the only one."""
    years = [(match.start(), int(match[1])) for match in _YEAR.finditer(question)]
    found = set()
    for match in _MONTH.finditer(question):
        after = [year for start, year in years if start > match.start()]
        if after or len({year for _, year in years}) == 1:
            found.add((after[0] if after else years[0][1], _MONTHS.index(match[1].lower()) + 1))
    return found


def _days(info: DocumentInfo) -> list[date]:
    return [day for day in (info.issued, info.revised, info.effective) if day]


def _months_of(info: DocumentInfo) -> set[tuple[int, int]]:
    """Return the months a document is known by: its dates', and what its title says."""
    return {(day.year, day.month) for day in _days(info)} | _months_in(info.title)


def _name_patterns(info: DocumentInfo) -> list[tuple[str, re.Pattern[str]]]:
    """Return patterns of a document's names, each with words that it needs: a look for those costs little."""
    patterns: list[tuple[str, re.Pattern[str]]] = []
    if info.number:
        number = re.escape(info.number)
        # "626" alone is any figure; "PSN01" is a name wherever it stands.
        before = _BARE_NUMBER if info.number[0].isdigit() else r"(?<![\w-])"
        pattern = re.compile(rf"{before}{number}(?![\w-])", re.IGNORECASE)
        patterns.append((info.number.casefold(), pattern))
    title = re.sub(r"\s+(?:19|20)\d\d$", "", " ".join(info.title.split()))
    if _ACT.search(title.casefold()) and len(title) < 120:
        patterns.append((title.casefold(), re.compile(rf"\b{re.escape(title)}\b", re.IGNORECASE)))
        patterns.extend(_acronyms(title))
    return patterns


def _acronyms(title: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return how lawyers shorten an Act: "PSA" and "PS Act" for the Payment Services Act."""
    initials = "".join(_CAPITAL.findall(title))
    if not title.endswith("Act") or len(initials) < 3:
        return []
    pattern = re.compile(rf"\b(?:{initials}|{initials[:-1]} Act)\b")
    return [(initials[:-1].casefold(), pattern)]
