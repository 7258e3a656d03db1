"""Citations: the marks of an answer, numbered anew, and the paragraphs that they point to."""

import re
from collections.abc import Sequence
from datetime import date

from rag_ft.fetching import fetched_record
from rag_ft.prompts import parse_marks, strip_marks
from rag_ft.schema import Candidate, Citation, Passage

_MARK = re.compile(r"\[(\d{1,3})\]")


def renumber(candidate: Candidate, passages: Sequence[Passage]) -> tuple[str, tuple[Citation, ...]]:
    """Number the marks of an answer from 1 in the order of their use, and cite what they point to."""
    marks = parse_marks(candidate.text)
    new = {mark: position for position, mark in enumerate(marks, start=1)}
    text = _MARK.sub(lambda mark: f"[{new[int(mark.group(1))]}]", candidate.text)
    quote = strip_marks(candidate.text) if candidate.origin == "quote" else ""
    return text, tuple(cite(new[mark], passages[mark - 1], quote) for mark in marks)


def cite(mark: int, passage: Passage, quote: str = "") -> Citation:
    """Point at a passage; without a quote, the whole passage is quoted."""
    info = passage.document
    return Citation(
        mark=mark,
        passage_id=passage.id,
        document=info.id,
        number=info.number,
        paragraph=passage.label,
        pages=passage.pages,
        source=info.address,
        quote=quote or passage.text,
        title=info.title,
        kind=info.kind,
        version=info.version,
        force=info.force,
        fetched=_fetched(info.path),
    )


def _fetched(path: str | None) -> date | None:
    record = fetched_record(path) if path else None
    return record.checked_at.date() if record else None
