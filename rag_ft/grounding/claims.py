"""An answer cut into claims: its sentences, each with the marks that it cites."""

import re
from dataclasses import dataclass

from rag_ft.prompts import parse_marks, strip_marks
from rag_ft.schema import Span
from rag_ft.sentences import split_sentences

_ONLY_MARKS = re.compile(r"[\s.,;]*(?:\[\d{1,3}\][\s.,;]*)+")
_ONLY_YES = re.compile(r"\s*(?:Yes|No)[.!]?\s*", re.IGNORECASE)
_LEADING_MARKS = re.compile(r"(?:\[\d{1,3}\]\s*)+")


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer: its text without marks, its marks, its place in the answer."""

    text: str
    marks: tuple[int, ...]
    span: Span


def read_claims(answer: str) -> tuple[Claim, ...]:
    """Cut an answer into claims; a mark that follows a full stop belongs to the sentence before it.

    A "Yes." or "No." alone is part of the sentence after it, which says of what.
    """
    spans: list[Span] = []
    for span in split_sentences(answer):
        start = span.start
        if spans and (lead := _LEADING_MARKS.match(answer, start, span.end)):
            spans[-1] = Span(spans[-1].start, lead.end())
            start = lead.end()
        if spans and _ONLY_YES.fullmatch(answer, *spans[-1]):
            spans[-1] = Span(spans[-1].start, span.end)
        elif start < span.end and not _ONLY_MARKS.fullmatch(answer, start, span.end):
            spans.append(Span(start, span.end))
        elif spans:
            spans[-1] = Span(spans[-1].start, span.end)
    return tuple(_claim(answer, span) for span in spans)


def _claim(answer: str, span: Span) -> Claim:
    text = answer[span.start : span.end].rstrip()
    return Claim(strip_marks(text), parse_marks(text), Span(span.start, span.start + len(text)))
