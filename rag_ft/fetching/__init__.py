"""The documents of a list, downloaded from the addresses where they are published.

The public names load on first use (PEP 562): an answer asks only when a document was last
fetched, and needs none of the downloading.
"""

from typing import TYPE_CHECKING

from rag_ft.lazy_names import loader

if TYPE_CHECKING:
    from rag_ft.fetching.fetch import FetchedFile, FetchReport, fetch_sources
    from rag_ft.fetching.records import FileRecord, fetched_record
    from rag_ft.fetching.sources import Source, Sources, load_sources
    from rag_ft.fetching.web import Limits

__all__ = [
    "FetchReport",
    "FetchedFile",
    "FileRecord",
    "Limits",
    "Source",
    "Sources",
    "fetch_sources",
    "fetched_record",
    "load_sources",
]

_HOMES = {
    "FetchReport": "rag_ft.fetching.fetch",
    "FetchedFile": "rag_ft.fetching.fetch",
    "FileRecord": "rag_ft.fetching.records",
    "Limits": "rag_ft.fetching.web",
    "Source": "rag_ft.fetching.sources",
    "Sources": "rag_ft.fetching.sources",
    "fetch_sources": "rag_ft.fetching.fetch",
    "fetched_record": "rag_ft.fetching.records",
    "load_sources": "rag_ft.fetching.sources",
}

__getattr__ = loader(__name__, _HOMES)
