"""No cited paragraph is struck, superseded or not yet in force at the date asked."""

from collections.abc import Sequence
from datetime import date

from rag_ft.grounding.evidence import Evidence
from rag_ft.retrieval.versions import family, version_states
from rag_ft.schema import DocumentInfo, Verdict


def check_currency(evidence: Evidence, as_of: date | None, documents: Sequence[DocumentInfo] = ()) -> Verdict:
    """Give a verdict on one cited passage.

    Args:
        evidence: the passage cited.
        as_of: the date asked; None means today.
        documents: every document of the index, so that a later version is known.
    """
    info, day = evidence.passage.document, as_of or date.today()
    starts = evidence.passage.effective
    if starts is not None and starts > day:
        return _verdict(evidence, ok=False, why=f"takes effect on {starts}, after {day}")
    known = [*documents] if any(each.id == info.id for each in documents) else [*documents, info]
    states = dict(zip((each.id for each in known), version_states(known, day), strict=True))
    if states[info.id] == "superseded":
        newer = [e for e in known if family(e) == family(info) and states[e.id] != "superseded"]
        by = ", ".join(f"the version of {each.version} ({each.id})" for each in newer)
        return _verdict(evidence, ok=False, why=f"superseded by {by or 'another version'}")
    if states[info.id] == "not yet in force":
        return _verdict(evidence, ok=False, why=f"this version has not begun on {day}")
    version = info.version or "without a date"
    return _verdict(evidence, ok=True, why=f"{states[info.id]} on {day}; version {version}")


def _verdict(evidence: Evidence, *, ok: bool, why: str) -> Verdict:
    return Verdict("currency", evidence.name, ok, why)
