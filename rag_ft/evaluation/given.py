"""Passages that come with their questions, asked as if they were an index."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from rag_ft.errors import UsageError
from rag_ft.evaluation.benchmark import Benchmark
from rag_ft.retrieval.encoder import Encoder, load_encoder
from rag_ft.retrieval.words import stems
from rag_ft.schema import Document, DocumentInfo, Hit, Paragraph, Passage


class GivenPassages:
    """Stands in for a PassageIndex where a benchmark says what each question is read from.

    `search` knows a question by its words and gives its passages in their order.
    """

    def __init__(self, benchmark: Benchmark) -> None:
        texts = {question.id: question.question for question in benchmark.questions}
        self.generation = f"given by {benchmark.name}"
        self._by_question: Mapping[str, Sequence[Passage]] = {
            texts[question_id]: passages for question_id, passages in benchmark.given.items()
        }
        self._by_id = {passage.id: passage for given in benchmark.given.values() for passage in given}

    @cached_property
    def encoder(self) -> Encoder:
        """What quotes are chosen with."""
        return load_encoder()

    def search(self, question: str, k: int = 5, as_of: date | None = None, **_: str) -> list[Hit]:  # noqa: ARG002
        """Give the question's passages, at most `k`; an unknown question has none."""
        given = self._by_question.get(question, ())[:k]
        return [Hit(passage, 1 / rank, rank) for rank, passage in enumerate(given, start=1)]

    def passage(self, passage_id: str) -> Passage:
        """Return a passage by its id.

        Raises:
            UsageError: there is none.
        """
        if passage_id not in self._by_id:
            raise UsageError(f"no passage {passage_id} was given")
        return self._by_id[passage_id]

    def passages(self) -> Iterator[Passage]:
        """Yield every passage."""
        yield from self._by_id.values()

    def documents(self) -> list[DocumentInfo]:
        """Return the document of every passage."""
        return [passage.document for passage in self._by_id.values()]

    def document(self, document_id: str) -> Document:
        """Return a passage as the document it stands for."""
        passage = self.passage(document_id)
        return Document(passage.document, passage.text, (Paragraph("", passage.spans),))

    def rarity(self, stem: str) -> float:
        """Return how rare a stem is over all passages given, as an index does; rarer is higher."""
        return math.log(1 + len(self) / (self._holding[stem] + 0.5))

    @cached_property
    def _holding(self) -> Counter[str]:
        """How many passages hold each stem."""
        return Counter(stem for passage in self._by_id.values() for stem in set(stems(passage.text)))

    def __len__(self) -> int:
        """The number of passages."""
        return len(self._by_id)
