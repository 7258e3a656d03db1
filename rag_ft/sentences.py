"""Where the sentences of a regulation end: offsets, so that a quote stays verbatim."""

import re

from rag_ft.schema import Span

# A full stop after these ends no sentence.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof no nos s ss art para paras cl reg regs "
    "vs v e.g i.e etc cf al inc ltd pte co corp cap".split()
)
_END = re.compile(r"(?<=[.!?;])[”’\"')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9(\[])|\n+")
_LAST_WORD = re.compile(r"([A-Za-z.]+)\.$")


def split_sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of `text`, in order, without the space between them.

    A line break ends a sentence too, since limbs and table rows stand on lines of their own.
    """
    spans: list[Span] = []
    start = 0
    for end in _END.finditer(text):
        before = text[start : end.start()].rstrip("”’\"')] ")
        word = _LAST_WORD.search(before)
        is_abbreviation = word is not None and word.group(1).casefold() in _ABBREVIATIONS
        if "\n" not in end.group() and (is_abbreviation or before.endswith(";")):
            continue
        _append(spans, text, start, end.end())
        start = end.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    slice_ = text[start:end]
    body = slice_.strip()
    if body:
        first = start + slice_.index(body)
        spans.append(Span(first, first + len(body)))
