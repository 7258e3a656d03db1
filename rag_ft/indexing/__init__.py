"""Documents into an index: what changed is parsed and embedded, the rest is carried over."""

from rag_ft.indexing.build import build_index, update_index
from rag_ft.indexing.report import BuildReport, Progress
from rag_ft.indexing.status import DocumentStatus, IndexStatus, index_status

__all__ = [
    "BuildReport",
    "DocumentStatus",
    "IndexStatus",
    "Progress",
    "build_index",
    "index_status",
    "update_index",
]
