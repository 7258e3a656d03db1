"""Rows for training a retriever: gold passages of questions, and what the search puts beside them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from rag_ft.gold import is_gold
from rag_ft.retrieval.embedding_input import passage_input
from rag_ft.retriever_rows import RetrieverRow
from rag_ft.schema import Hit, Passage, Question


class Searchable(Protocol):
    """What mining asks of an index."""

    def search(self, question: str, k: int = 5) -> Sequence[Hit]:
        """Return the `k` best passages, best first."""
        ...

    def passages(self) -> Iterator[Passage]:
        """Yield every passage."""
        ...


def mine_retriever_rows(
    index: Searchable, questions: Iterable[Question], *, negatives: int = 4, depth: int = 30
) -> list[RetrieverRow]:
    """Pair questions with their gold passages and with the best passages that are not gold.

    Texts are those that an index embeds, context included. What repeats a gold passage's
    words is never a negative. A question whose gold the search does not find within
    `depth` gives no row.

    Args:
        index: what is searched, by meaning and words together: its mistakes are the hardest.
        questions: rows with gold; those without are passed over.
        negatives: how many a row gets at most.
        depth: how many hits are looked at.
    """
    rows = []
    for question in questions:
        if not question.gold:
            continue
        hits = [hit.passage for hit in index.search(question.question, k=depth)]
        gold = [p for p in hits if any(is_gold(p, mark) for mark in question.gold)]
        words = {_folded(p) for p in gold}
        wrong = [passage_input(p) for p in hits if _folded(p) not in words][:negatives]
        texts = tuple(passage_input(p) for p in gold)
        rows += [RetrieverRow(question.question, text, tuple(wrong), texts) for text in texts]
    return rows


def definition_rows(index: Searchable) -> list[RetrieverRow]:
    """Pair every defined term of the documents with its definition: questions that cost no writing."""
    return [
        RetrieverRow(f"What does “{p.term}” mean in {p.document.title}?", passage_input(p))
        for p in index.passages()
        if p.role == "definition" and p.term
    ]


def _folded(passage: Passage) -> str:
    return " ".join(passage.text.casefold().split())
