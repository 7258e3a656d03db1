"""A question made ready to be asked."""

import re

from rag_ft.errors import QuestionError
from rag_ft.prompts import one_line

MAX_QUESTION_WORDS = 400


def check_question(question: str) -> str:
    """Return the question on one line.

    Raises:
        QuestionError: it is empty, or longer than 400 words.
    """
    folded = one_line(question)
    if not re.search(r"\w", folded):
        raise QuestionError(
            'the question is empty: ask something, as in ragft ask "What does MAS stand for?"'
        )
    words = len(folded.split())
    if words > MAX_QUESTION_WORDS:
        raise QuestionError(
            f"the question has {words:,} words and the most is {MAX_QUESTION_WORDS}: ask a shorter one"
        )
    return folded
