"""Passages made for tests, and a bench row's."""

from datetime import date

from rag_ft.schema import DocumentInfo, Kind, Passage, Span


def passage(
    text: str,
    label: str = "1",
    *,
    number: str | None = None,
    title: str = "A document made for a test",
    kind: Kind = "notice",
    revised: date | None = None,
    document: str = "test.pdf",
    heading: str = "",
) -> Passage:
    info = DocumentInfo(document, title, kind, number=number, revised=revised)
    return Passage(f"{document}#{label}", info, label, heading, (Span(0, len(text)),), text)
