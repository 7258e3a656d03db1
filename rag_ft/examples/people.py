"""People's questions into drafts: the answer is theirs, and the gold must stand in the index."""

from collections.abc import Iterable, Iterator, Sequence

from rag_ft.examples.drafts import Draft
from rag_ft.examples.gold_passages import find_gold
from rag_ft.examples.structure import draw
from rag_ft.schema import Passage, Question


def draft_questions(
    questions: Sequence[Question], passages: Iterable[Passage], source: str
) -> Iterator[Draft | None]:
    """Draft question rows; None for a row that teaches nothing.

    A row teaches nothing where it has no answer although it is answerable, or where its
    gold is not found among the passages: whether an answer holds is then unknown.
    """
    for question, gold in zip(questions, find_gold(passages, questions), strict=True):
        if question.answerable is False:
            yield _draft(question, None, (), source)
        elif question.answer and gold:
            yield _draft(question, question.answer, gold, source)
        else:
            yield None


def _draft(question: Question, answer: str | None, gold: tuple[Passage, ...], source: str) -> Draft:
    quotes = tuple(mark.quote for mark in question.gold if mark.quote) if answer else ()
    return Draft(
        id=f"q{draw(source, question.id, question.question):016x}",
        question=question.question,
        answer=answer,
        gold=gold,
        quotes=quotes,
        source=source,
        family="people.answer" if answer else "people.unanswerable",
        template=f"{source}",
    )
