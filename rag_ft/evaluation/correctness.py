"""Is an answer right? An approximation by words, figures and citations, with thresholds that are stated.

A reader answers in its own words and a quote reader in the document's, so neither exact match
nor F1 says who was right. An answer counts as right where it states every figure of the
reference, does not say yes for no, and

- holds two thirds of the words of meaning of the reference, or of a gold quote; or
- is short: two thirds of its own words stand in a reference that has figures ("5 years"); or
- cites a gold paragraph that contains it: the rule itself, in the document's words.

How often reading by hand agrees stands in `docs/evaluation.md`.
"""

import re
from collections.abc import Sequence

from rag_ft.evaluation.citations import contains
from rag_ft.evaluation.judges.figures import figures
from rag_ft.evaluation.judges.wording import share_of_words, stems
from rag_ft.prompts import strip_marks
from rag_ft.schema import Passage, Question

RIGHT_SHARE = 2 / 3

_YES_OR_NO = re.compile(r"\s*(yes|no)\b", re.IGNORECASE)


def is_right(question: Question, answer: str, gold_cited: Sequence[Passage] = ()) -> bool | None:
    """Tell whether an answer to an answerable question is right; None where the row has no reference.

    Args:
        question: the row.
        answer: its text, with or without marks.
        gold_cited: the cited passages that are gold.
    """
    if not question.references:
        return None
    text = strip_marks(answer)
    possible = [reference for reference in question.references if _may_say(text, reference)]
    if not possible:
        return False
    quotes = [gold.quote for gold in question.gold if gold.quote]
    return (
        any(_holds(text, source) for source in (*possible, *quotes))
        or any(_is_part(text, reference) for reference in possible)
        or any(contains(text, [passage]) for passage in gold_cited)
    )


def _may_say(text: str, reference: str) -> bool:
    """Tell whether a text states every figure of a reference and is not its opposite."""
    stated = figures(text)
    if not all(any(figure.agrees_with(other) for other in stated) for figure in figures(reference)):
        return False
    said, expected = _YES_OR_NO.match(text), _YES_OR_NO.match(reference)
    return said is None or expected is None or said[1].casefold() == expected[1].casefold()


def _holds(text: str, source: str) -> bool:
    """Tell whether a text holds most words of a source; its figures are compared apart."""
    wanted = _without_figures(source)
    if not stems(wanted):
        return bool(figures(source))
    return share_of_words(wanted, text) >= RIGHT_SHARE


def _is_part(text: str, reference: str) -> bool:
    """Tell whether a short answer says nothing but what a reference with figures says."""
    return bool(figures(reference) and stems(text)) and share_of_words(text, reference) >= RIGHT_SHARE


def _without_figures(text: str) -> str:
    for figure in figures(text):
        text = text.replace(figure.text, " ")
    return text
