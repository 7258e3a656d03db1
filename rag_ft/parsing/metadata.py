"""What a document is: kind, number, title, dates; front matter and side-car win over the text."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import get_args

from rag_ft.parsing.blocks import Source
from rag_ft.schema import DocumentInfo, Kind

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({_MONTHS}),? (\d{{4}})\b")
_NOTICE = re.compile(r"\b(?:MAS )?Notice (?:No\.? )?((?:[A-Z]{2,4}-?)?N?\d{2,4}[A-Z]?)\b")


def describe(source: Source, text: str, path: Path, document_id: str) -> DocumentInfo:
    """Say what a document is, from its front matter, else from its first page."""
    declared = dict(source.declared)
    head = text[:3000]
    kind = declared.get("kind")
    title = str(declared.get("title") or source.title or path.stem)
    return DocumentInfo(
        id=document_id,
        title=title,
        kind=kind if kind in get_args(Kind) else _kind(head, source),  # type: ignore[arg-type]
        number=str(declared["number"]) if declared.get("number") else _number(head, source),
        issued=_as_date(declared.get("issued") or declared.get("date")) or first_date(head),
        revised=_as_date(declared.get("revised")),
        effective=_as_date(declared.get("effective")),
        source=str(declared["source"]) if declared.get("source") else None,
        path=str(path),
    )


def _kind(head: str, source: Source) -> Kind:
    if source.statute:
        return "act"
    lowered = head.lower()
    for word, kind in (
        ("guidelines", "guideline"),
        ("circular no", "circular"),
        ("monetary policy", "statement"),
        ("notice to", "notice"),
        ("mas notice", "notice"),
    ):
        if word in lowered[:1200]:
            return kind  # type: ignore[return-value]
    return "information"


def _number(head: str, source: Source) -> str | None:
    match = _NOTICE.search(head[:600])
    return match[1] if match and not source.statute else None


def first_date(text: str) -> date | None:
    """Return the first date written out in full, as "28 March 2024"."""
    match = DATE.search(text)
    return parse_date(match) if match else None


def parse_date(match: re.Match[str]) -> date | None:
    """Turn a match of DATE into a date; None where no such day exists."""
    try:
        return datetime.strptime(f"{match[1]} {match[2]} {match[3]}", "%d %B %Y").date()
    except ValueError:
        return None


def _as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return first_date(value)
    return None
