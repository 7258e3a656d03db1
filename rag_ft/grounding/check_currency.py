"""No cited paragraph is struck, superseded or not yet in force at the date asked."""

from collections.abc import Sequence
from datetime import date

from rag_ft.grounding.evidence import Evidence
from rag_ft.schema import DocumentInfo, Verdict


def check_currency(evidence: Evidence, as_of: date | None, documents: Sequence[DocumentInfo] = ()) -> Verdict:
    """Give a verdict on one cited passage.

    Args:
        evidence: the passage cited.
        as_of: the date asked; None means that of the latest version at hand.
        documents: every document of the index, so that a later version is known.
    """
    info = evidence.passage.document
    starts = evidence.passage.effective or info.effective or info.version
    if as_of is not None and starts is not None and starts > as_of:
        return _verdict(
            evidence, ok=False, why=f"takes effect on {starts.isoformat()}, after {as_of.isoformat()}"
        )
    later = [other for other in documents if _replaces(other, info, as_of)]
    if later:
        newest = max(later, key=lambda other: (other.version or date.min, other.id))
        return _verdict(
            evidence, ok=False, why=f"superseded by the version of {newest.version} ({newest.id})"
        )
    when = f"on {as_of.isoformat()}" if as_of else "in the latest version at hand"
    return _verdict(evidence, ok=True, why=f"stands {when}; version {info.version or 'without a date'}")


def _replaces(other: DocumentInfo, info: DocumentInfo, as_of: date | None) -> bool:
    """Tell whether `other` is a later version of the same numbered document, in force by the date."""
    if not info.number or other.id == info.id or other.variant == "tracked":
        return False
    if (other.number, other.kind) != (info.number, info.kind) or not other.version or not info.version:
        return False
    starts = other.effective or other.version
    return other.version > info.version and (as_of is None or starts <= as_of)


def _verdict(evidence: Evidence, *, ok: bool, why: str) -> Verdict:
    return Verdict("currency", evidence.name, ok, why)
