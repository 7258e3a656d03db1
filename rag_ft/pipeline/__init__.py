"""The asking side: propose, verify, select, or abstain."""

from rag_ft.pipeline.asking import Considered, Pipeline, open_index, open_pipeline, open_reader
from rag_ft.pipeline.citing import cite, renumber
from rag_ft.pipeline.questions import check_question

__all__ = [
    "Considered",
    "Pipeline",
    "check_question",
    "cite",
    "open_index",
    "open_pipeline",
    "open_reader",
    "renumber",
]
