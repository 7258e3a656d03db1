"""The documents of a list, downloaded from the addresses where they are published."""

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
