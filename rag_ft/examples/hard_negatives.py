"""Rows for training a retriever: gold passages of questions, and what the search puts beside them."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from rag_ft.examples.making import ExampleMaker
from rag_ft.gold import is_gold
from rag_ft.retrieval.embedding_input import passage_input
from rag_ft.retriever_rows import RetrieverRow
from rag_ft.schema import Gold, Hit, Passage, Question

if TYPE_CHECKING:
    from rag_ft.retrieval.passage_index import PassageIndex

# Rows that are there to judge by.
_JUDGED_BY = ("dev", "test")


class Searchable(Protocol):
    """What mining asks of an index."""

    def search(self, question: str, k: int = 5) -> Sequence[Hit]:
        """Return the `k` best passages, best first."""
        ...


def mine_retriever_rows(
    index: Searchable,
    questions: Sequence[Question],
    *,
    negatives: int = 4,
    depth: int = 30,
    answers: Callable[[Passage, Gold], bool] = is_gold,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[RetrieverRow]:
    """Pair questions with their gold passages and with the best passages that are not gold.

    Texts are those that an index embeds, context included. What repeats a gold passage's
    words is never a negative. A question whose gold the search does not find within
    `depth` gives no row, nor does one whose split is there to judge by.

    Args:
        index: what is searched, by meaning and words together: its mistakes are the hardest.
        questions: rows with gold; those without are passed over.
        negatives: how many a row gets at most.
        depth: how many hits are looked at.
        answers: whether a passage is a gold place.
        on_progress: told how many questions are done, and of how many.
    """
    rows: list[RetrieverRow] = []
    for done, question in enumerate(questions, start=1):
        if question.gold and question.split not in _JUDGED_BY:
            hits = [hit.passage for hit in index.search(question.question, k=depth)]
            gold = [p for p in hits if any(answers(p, mark) for mark in question.gold)]
            words = {_folded(p) for p in gold}
            wrong = [passage_input(p) for p in hits if _folded(p) not in words][:negatives]
            texts = tuple(passage_input(p) for p in gold)
            rows += [RetrieverRow(question.question, text, tuple(wrong), texts) for text in texts]
        if on_progress is not None:
            on_progress(done, len(questions))
    return rows


def structure_questions(index: "PassageIndex", seed: int, most: int) -> list[Question]:
    """Ask the documents' own structure: questions that cost no writing, each with the paragraph it is of.

    They are those that a reader's examples are made of: of the versions in force, in mixed
    order, and none near to a question that ragft is judged by.
    """
    return list(_asked(ExampleMaker(index, seed=seed), most)) if most else []


def _asked(maker: ExampleMaker, most: int) -> Iterator[Question]:
    for draft in [draft for draft in maker.drafts() if draft.gold][:most]:
        gold = tuple(Gold(passage.document.id, passage.label) for passage in draft.gold)
        yield Question(draft.question, id=draft.id, gold=gold)


def _folded(passage: Passage) -> str:
    return " ".join(passage.text.casefold().split())
