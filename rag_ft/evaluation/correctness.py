"""Is an answer right? An approximation by words and figures, with thresholds that are stated.

A reader answers in its own words and a quote reader in the document's, so neither exact match
nor F1 says who was right. An answer counts as right where it states every figure of the
reference, does not say yes for no, and

- holds two thirds of the words of meaning of the reference, or of a gold quote, or
- is short: two thirds of its own words stand in a reference that has figures ("5 years").

Read by hand, 72 of 74 answers on development questions agreed (`docs/evaluation.md`).
"""

import re
from collections.abc import Sequence

from rag_ft.evaluation.judges.figures import figures
from rag_ft.evaluation.judges.wording import share_of_words, stems
from rag_ft.prompts import strip_marks
from rag_ft.schema import Question

RIGHT_SHARE = 2 / 3

_YES_OR_NO = re.compile(r"\s*(yes|no)\b", re.IGNORECASE)


def is_right(question: Question, answer: str) -> bool | None:
    """Tell whether an answer to an answerable question is right; None where the row has no reference."""
    if not question.references:
        return None
    text = strip_marks(answer)
    quotes = [gold.quote for gold in question.gold if gold.quote]
    return any(_says(text, reference, quotes) for reference in question.references)


def _says(text: str, reference: str, quotes: Sequence[str]) -> bool:
    stated, wanted = figures(text), figures(reference)
    if not all(any(figure.agrees_with(other) for other in stated) for figure in wanted):
        return False
    if _opposite(text, reference):
        return False
    if any(share_of_words(source, text) >= RIGHT_SHARE for source in (reference, *quotes)):
        return True
    return bool(wanted and stems(text)) and share_of_words(text, reference) >= RIGHT_SHARE


def _opposite(text: str, reference: str) -> bool:
    said, expected = _YES_OR_NO.match(text), _YES_OR_NO.match(reference)
    return said is not None and expected is not None and said[1].casefold() != expected[1].casefold()
