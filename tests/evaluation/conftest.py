"""Passages and answers made by hand; no document is needed."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from rag_ft.errors import UsageError
from rag_ft.schema import Answer, Citation, DocumentInfo, Hit, Passage, Question, Span

MakePassage = Callable[..., Passage]
MakeAnswer = Callable[..., Answer]


def passage(
    text: str = "A bank keeps records for five years.",
    label: str = "1.1",
    document: str = "primer/records.md",
    heading: str = "",
    number: str | None = None,
) -> Passage:
    info = DocumentInfo(id=document, title=document.rsplit("/", 1)[-1], number=number)
    identity = f"{document}#{label}#{len(text)}"
    return Passage(identity, info, label, heading, (Span(0, len(text)),), text)


def answer(
    text: str, cited: Sequence[Passage] = (), *, abstained: bool = False, confidence: float | None = None
) -> Answer:
    citations = tuple(
        Citation(
            mark=mark,
            passage_id=each.id,
            document=each.document.id,
            number=each.document.number,
            paragraph=each.label,
            pages=(),
            source=None,
            quote=each.text,
        )
        for mark, each in enumerate(cited, start=1)
    )
    return Answer(
        question="",
        text=text,
        abstained=abstained,
        reason="not_found" if abstained else None,
        citations=citations,
        closest=(),
        absence=None,
        verdicts=(),
        reader="fake",
        index_generation="0",
        confidence=confidence,
    )


@pytest.fixture(scope="session")
def make_passage() -> MakePassage:
    return passage


@pytest.fixture(scope="session")
def make_answer() -> MakeAnswer:
    return answer


class FakeIndex:
    """Finds its passages in the order given, whatever is asked."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.held = {each.id: each for each in passages}

    def search(self, question: str, k: int = 5, as_of: date | None = None) -> list[Hit]:
        return [Hit(each, 1 / rank, rank) for rank, each in enumerate(list(self.held.values())[:k], start=1)]

    def passage(self, passage_id: str) -> Passage:
        if passage_id not in self.held:
            raise UsageError(f"no passage {passage_id}")
        return self.held[passage_id]


class FakeSystem:
    """Answers by a function of the question."""

    kind = "fake"

    def __init__(
        self, name: str, answer: Callable[[Question], Answer], passages: Sequence[Passage] = ()
    ) -> None:
        self.name = name
        self.settings: dict[str, str] = {}
        self.index = FakeIndex(passages) if passages else None
        self._answer = answer

    def answer(self, question: Question) -> Answer:
        return self._answer(question)


@pytest.fixture(scope="session")
def make_system() -> type[FakeSystem]:
    return FakeSystem
