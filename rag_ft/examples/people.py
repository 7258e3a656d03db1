"""Questions of people and of public sets into drafts: the answer is theirs, the gold must be at hand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rag_ft.examples.drafts import Draft
from rag_ft.examples.gold_passages import best_part, find_gold
from rag_ft.examples.public_rows import MOST_GOLD
from rag_ft.examples.public_sets import PublicQuestion
from rag_ft.examples.structure import draw
from rag_ft.schema import Passage, Question


def draft_people(
    questions: Sequence[Question], passages: Iterable[Passage], source: str
) -> Iterator[Draft | None]:
    """Draft people's questions; None for a row that teaches nothing.

    A row teaches nothing where it has no answer although it is answerable, or where its
    gold is not found among the passages: whether an answer holds is then unknown.
    """
    for question, found in zip(questions, find_gold(passages, questions), strict=True):
        yield _draft(question, found, source, "people")


def draft_public(questions: Sequence[PublicQuestion], passages: Iterable[Passage]) -> Iterator[Draft | None]:
    """Draft the questions of public sets; a row without an answer teaches to abstain."""
    rows = [each.question for each in questions]
    known = [replace(row, gold=each.negatives) for row, each in zip(rows, questions, strict=True)]
    found = find_gold(passages, [*rows, *known], exact=True)
    for each, gold, negatives in zip(questions, found, found[len(rows) :], strict=False):
        source, family = f"qa/{each.name}", f"public.{each.name}"
        draft = _draft(each.question, gold, source, family, each.within)
        if draft is not None and draft.answer is None:
            misleading = tuple(parts[0] for parts in negatives if parts)
            # It belongs to the document that it was asked of, where that is known.
            source = misleading[0].document.id if misleading else draft.source
            draft = replace(draft, negatives=misleading, source=source)
        yield draft


def _draft(
    question: Question,
    found: Sequence[Sequence[Passage]],
    source: str,
    family: str,
    within: str | None = None,
) -> Draft | None:
    answer = question.answer if question.answerable is not False else None
    if answer is None and question.answerable is not False:
        return None
    if answer is not None and not (0 < len(found) <= MOST_GOLD and all(found)):
        return None
    gold = tuple(
        best_part(parts, question, mark) for parts, mark in zip(found, question.gold, strict=True) if parts
    )
    return Draft(
        id=f"q{draw(source, question.id, question.question):016x}",
        question=question.question,
        answer=answer,
        gold=gold,
        quotes=tuple(mark.quote for mark in question.gold if mark.quote),
        source=gold[0].document.id if gold else within or source,
        family=family,
        template="",
        within=within,
    )
