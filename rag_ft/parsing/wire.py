"""Documents as one line of JSON, to travel between processes."""

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from rag_ft.schema import Alias, Amendment, Document, DocumentInfo, Line, Page, Paragraph, Reference, Span

_DATES = ("issued", "revised", "effective")


def to_line(document: Document) -> str:
    """Write a document as one line: every dataclass as the list of its fields, in order."""
    return json.dumps(document, default=_plain, ensure_ascii=True, separators=(",", ":"))


def from_line(line: str) -> Document:
    """Read a document back from its line; equal to the one written."""
    info, text, paragraphs, pages, lines, amendments, aliases, warnings = json.loads(line)
    return Document(
        info=_info(info),
        text=text,
        paragraphs=tuple(_paragraph(row) for row in paragraphs),
        pages=tuple(Page(number, Span(*span), has_text) for number, span, has_text in pages),
        lines=tuple(Line(Span(*span), page, (box[0], box[1], box[2], box[3])) for span, page, box in lines),
        amendments=tuple(Amendment(*row) for row in amendments),
        aliases=tuple(Alias(*row) for row in aliases),
        warnings=tuple(warnings),
    )


def _plain(value: object) -> object:
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no way to write a {type(value).__name__}")


def _named(kind: type, row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip((field.name for field in fields(kind)), row, strict=True))


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _info(row: Sequence[Any]) -> DocumentInfo:
    known = _named(DocumentInfo, row)
    known |= {name: _date(known[name]) for name in _DATES}
    known |= {name: tuple(known[name]) for name in ("applies_to", "issued_under")}
    return DocumentInfo(**known)


def _paragraph(row: Sequence[Any]) -> Paragraph:
    known = _named(Paragraph, row)
    known["spans"] = tuple(Span(*span) for span in known["spans"])
    known["printed"] = Span(*known["printed"]) if known["printed"] else None
    known["heading"] = tuple(known["heading"])
    known["pages"] = tuple(known["pages"])
    known["effective"] = _date(known["effective"])
    known["references"] = tuple(Reference(*reference) for reference in known["references"])
    return Paragraph(**known)
