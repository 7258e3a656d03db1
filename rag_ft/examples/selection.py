"""Which drafts are kept: none twice, none that a held-out question leaks into, few of one template."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag_ft.examples.drafts import Draft
from rag_ft.near_duplicates import NearDuplicates
from rag_ft.prompts import one_line, strip_marks
from rag_ft.retrieval.words import stems
from rag_ft.schema import Question

# A held-out question shares its words with a near copy of it, whatever their order.
_LEAK_THRESHOLD = 0.7
# A longer row that holds nearly all the telling words of a held-out question asks it too.
_HELD_WORDS = 0.7


class Dropped(StrEnum):
    """Why a draft is not used."""

    TWICE = "asked twice"
    NEARLY_TWICE = "nearly the same as another row"
    SAME_ANSWER = "its answer is given often enough"
    TEMPLATE = "its template is used often enough"
    LEAK_QUESTION = "too near to a held-out question"
    LEAK_PARAGRAPH = "its paragraph answers a held-out question"


@dataclass(frozen=True, slots=True)
class Selection:
    """How alike rows may be; shares are of all drafts, 0 to 1.

    `near` is the Jaccard similarity of question and answer from which two rows are one;
    `same_answer` the most rows with one answer, yes and no apart.
    """

    near: float = 0.9
    same_answer: int = 3
    template_share: float = 0.03
    family_share: float = 0.08
    # Below this many rows a share says little.
    fewest: int = 20


class HeldOut:
    """Questions that no training row may give away, and the passages that answer the test part."""

    def __init__(self, questions: Sequence[Question], gold_ids: frozenset[str]) -> None:
        self._gold_ids = gold_ids
        self._near = NearDuplicates(_LEAK_THRESHOLD, shingle=1)
        self._words = [frozenset(stems(question.question)) for question in questions]
        for number, question in enumerate(questions):
            self._near.find_or_add(str(number), question.question)

    def leak(self, draft: Draft) -> Dropped | None:
        """Say how a draft would give a held-out question away, None where it does not."""
        if any(passage.id in self._gold_ids for passage in draft.gold):
            return Dropped.LEAK_PARAGRAPH
        if self._near.find(draft.question) is not None or self._holds_one(draft.question):
            return Dropped.LEAK_QUESTION
        return None

    def _holds_one(self, question: str) -> bool:
        words = frozenset(stems(question))
        return any(held and len(held & words) >= _HELD_WORDS * len(held) for held in self._words)


def select_drafts(
    drafts: Sequence[Draft],
    selection: Selection,
    held_out: HeldOut | None,
    on_drop: Callable[[Dropped], None],
) -> Iterator[Draft]:
    """Keep drafts in their order; of two that are alike the first stays."""
    most_of_template = max(selection.fewest, int(selection.template_share * len(drafts)))
    most_of_family = max(selection.fewest, int(selection.family_share * len(drafts)))
    questions: set[str] = set()
    answers: Counter[str] = Counter()
    used: Counter[str] = Counter()
    near = NearDuplicates(selection.near)
    for draft in drafts:
        question = one_line(draft.question).casefold()
        answer = strip_marks(draft.answer or "").casefold()
        dropped = None
        if question in questions:
            dropped = Dropped.TWICE
        elif draft.template and (
            used[draft.template] >= most_of_template or used[draft.family] >= most_of_family
        ):
            dropped = Dropped.TEMPLATE
        elif len(answer) > len("yes.") and answers[answer] >= selection.same_answer:
            dropped = Dropped.SAME_ANSWER
        elif held_out is not None:
            dropped = held_out.leak(draft)
        if dropped is None and near.find_or_add(draft.id, f"{question} {answer}") is not None:
            dropped = Dropped.NEARLY_TWICE
        if dropped is not None:
            on_drop(dropped)
            continue
        questions.add(question)
        answers[answer] += 1
        used.update((draft.template, draft.family))
        yield draft
