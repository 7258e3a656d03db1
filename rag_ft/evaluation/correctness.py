"""Is an answer right? An approximation by words and figures, with a threshold that is stated.

A reader answers in its own words and a quote reader in the document's, so neither exact match
nor F1 says who was right. An answer counts as right where it states every figure of the
reference and at least half of the words of meaning of the reference, or of a gold quote.
How far a person agrees is reported in `docs/evaluation.md`.
"""

from collections.abc import Sequence

from rag_ft.evaluation.judges.figures import figures
from rag_ft.evaluation.judges.wording import share_of_words
from rag_ft.prompts import strip_marks
from rag_ft.schema import Question

RIGHT_SHARE = 0.5


def is_right(question: Question, answer: str) -> bool | None:
    """Tell whether an answer to an answerable question is right; None where the row has no reference."""
    if not question.references:
        return None
    text = strip_marks(answer)
    quotes = [gold.quote for gold in question.gold if gold.quote]
    return any(_says(text, reference, quotes) for reference in question.references)


def _says(text: str, reference: str, quotes: Sequence[str]) -> bool:
    stated = figures(text)
    if not all(any(figure.agrees_with(other) for other in stated) for figure in figures(reference)):
        return False
    return any(share_of_words(wanted, text) >= RIGHT_SHARE for wanted in (reference, *quotes))
