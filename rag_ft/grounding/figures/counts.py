"""What is left of numbers: fractions, ratios, multiples, years alone, and plain counts."""

import re
from collections.abc import Iterator

from rag_ft.grounding.figures.figure import Figure, Reader, figure_of, pattern, plain
from rag_ft.grounding.figures.numbers import NUMBER, read_number
from rag_ft.schema import Span

_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_MULTIPLES = {"once": "1", "twice": "2", "thrice": "3", "double": "2"}
# Where the thing counted ends: "eight banks | and one association".
_NOUN_END = re.compile(
    r"\b(?:and|or|of|to|in|on|for|with|by|at|is|are|was|were|has|have|had|may|must|shall|who|which)\b"
)
_OR_MORE = re.compile(r"\A or (?:more|less|fewer|above|over)")
# "One of", "no one", "one another": a word, not a count.
_COUNTED = re.compile(
    r" (?!(?:of|or|and|who|another|that|which|is|in|to|for|such|may|must|the|else|way)\b)[a-z]"
)
_DATED = re.compile(r"\b(?:in|since|from|until|by|during|after|before|of)\s+\Z", re.IGNORECASE)
_PLURAL = re.compile(r" (?!(?:is|was|has|as|this|thus)\b)[a-z-]+s\b")


def _read_fraction(match: re.Match[str]) -> Iterator[Figure]:
    over = _PARTS[match["part"].casefold().removesuffix("s")]
    times = (
        1 if (match["times"] or "a").casefold() in ("a", "an", "one") else int(read_number(match["times"]))
    )
    yield figure_of(match, "ratio", "fraction", f"{times}/{over}")


def _read_ratio(match: re.Match[str]) -> Iterator[Figure]:
    yield figure_of(match, "ratio", "ratio", ":".join(re.findall(r"[\d.]+", match.group())))


def _read_multiple(match: re.Match[str]) -> Iterator[Figure]:
    value = _MULTIPLES.get(match.group().casefold()) or plain(read_number(match["number"]))
    yield figure_of(match, "count", "times", value)


def _read_count(match: re.Match[str]) -> Iterator[Figure]:
    number, following = match["number"], match["noun"] or ""
    span = Span(match.start("number"), match.end("number"))
    if number.casefold() == "one" and not _COUNTED.match(following):
        return
    dated = _DATED.search(match.string, 0, span.start) is not None
    if re.fullmatch(r"(?:19|20)\d\d", number) and (dated or not _PLURAL.match(following)):
        yield Figure("date", "day", f"{number}-?-?", number, span)
        return
    following = _OR_MORE.sub("", following)
    noun = _NOUN_END.split(following)[0].strip()
    yield Figure("count", "", plain(read_number(number)), number, span, noun)


COUNTS: tuple[Reader, ...] = (
    (pattern(r"(?<![\w.])\d+(?:\.\d+)?\s?(?::|to)\s?1(?![\w.,])"), _read_ratio),
    (
        pattern(
            rf"\b(?P<times>an?|{NUMBER})?[ -]?",
            r"(?P<part>half|halves|thirds?|quarters?|fourths|fifths?|tenths?)(?= of\b)",
        ),
        _read_fraction,
    ),
    (pattern(rf"\b(?:(?P<number>{NUMBER})[ -]times|twice|thrice|double)\b"), _read_multiple),
    (
        pattern(
            rf"(?<![\w.,$/(-])(?P<number>{NUMBER})(?![\d%])(?!\.\d)",
            r"(?=(?P<noun>(?:[ -][A-Za-z][\w’'-]*){0,5}))",
        ),
        _read_count,
    ),
)
