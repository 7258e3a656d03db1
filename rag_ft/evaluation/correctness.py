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
from rag_ft.gold import is_gold_document
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


def is_misleading(question: Question, answer: str, cited: Sequence[Passage], *, right: bool) -> bool:
    """Tell whether acting on an answer would go wrong, which is worse than no answer.

    It is where the question has no answer; where no cited paragraph is of a document that
    holds the gold; and where it gives a figure of the kind that the reference gives, and
    not that one. What else is not right is beside the point: other words of the right
    document, quoted with their paragraph.

    Args:
        question: the row, answerable or not.
        answer: its text, with or without marks.
        cited: the passages that it cites.
        right: whether it was found right.
    """
    if question.answerable is False:
        return True
    if right:
        return False
    if question.gold and not any(
        is_gold_document(passage.document, gold) for passage in cited for gold in question.gold
    ):
        return True
    stated = figures(strip_marks(answer))
    wanted = [figure for reference in question.references for figure in figures(reference)]
    return any(
        any(said.kind == each.kind and said.unit == each.unit for said in stated)
        and not any(each.agrees_with(said) for said in stated)
        for each in wanted
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
