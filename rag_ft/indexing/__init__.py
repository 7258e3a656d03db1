"""Documents into an index: what changed is parsed and embedded, the rest is carried over."""

from rag_ft.indexing.build import build_index, update_index
from rag_ft.indexing.report import BuildReport, Progress

__all__ = ["BuildReport", "Progress", "build_index", "update_index"]
