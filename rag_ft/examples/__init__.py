"""Training rows: questions grounded in the passages that our own search returns."""

from typing import TYPE_CHECKING

from rag_ft.lazy_names import loader

if TYPE_CHECKING:
    from rag_ft.examples.assembling import Grounding
    from rag_ft.examples.gate import GateLimits, GateReport, check_examples
    from rag_ft.examples.making import ExampleMaker, make_examples

__all__ = ["ExampleMaker", "GateLimits", "GateReport", "Grounding", "check_examples", "make_examples"]

# Loaded on first use: training asks for the quality gate and must not bring the search with it.
_HOMES = {
    "ExampleMaker": "rag_ft.examples.making",
    "GateLimits": "rag_ft.examples.gate",
    "GateReport": "rag_ft.examples.gate",
    "Grounding": "rag_ft.examples.assembling",
    "check_examples": "rag_ft.examples.gate",
    "make_examples": "rag_ft.examples.making",
}

__getattr__ = loader(__name__, _HOMES)
