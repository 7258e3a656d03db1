"""Whether an answer is held by the passages it cites."""

from rag_ft.grounding.check_figures import find_unstated
from rag_ft.grounding.evidence import Aliases, plain_characters
from rag_ft.grounding.figures import find_figures
from rag_ft.grounding.repair import repair_citations
from rag_ft.grounding.verdicts import fail_closed, verify, weakest_support

__all__ = [
    "Aliases",
    "fail_closed",
    "find_figures",
    "find_unstated",
    "plain_characters",
    "repair_citations",
    "verify",
    "weakest_support",
]
