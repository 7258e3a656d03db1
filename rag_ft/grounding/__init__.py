"""Whether an answer is held by the passages it cites."""

from rag_ft.grounding.evidence import Aliases
from rag_ft.grounding.repair import repair_citations
from rag_ft.grounding.verdicts import verify

__all__ = ["Aliases", "repair_citations", "verify"]
