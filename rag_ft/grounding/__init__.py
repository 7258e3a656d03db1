"""Whether an answer is held by the passages it cites."""

from rag_ft.grounding.check_figures import states_figure
from rag_ft.grounding.evidence import Aliases, plain_characters
from rag_ft.grounding.figures import find_figures
from rag_ft.grounding.repair import repair_citations
from rag_ft.grounding.verdicts import verify, weakest_support

__all__ = [
    "Aliases",
    "find_figures",
    "plain_characters",
    "repair_citations",
    "states_figure",
    "verify",
    "weakest_support",
]
