"""Passages and answers made by hand; no document is needed."""

from collections.abc import Callable, Sequence

import pytest

from rag_ft.schema import Answer, Citation, DocumentInfo, Passage, Span

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


@pytest.fixture
def make_passage() -> MakePassage:
    return passage


@pytest.fixture
def make_answer() -> MakeAnswer:
    return answer
