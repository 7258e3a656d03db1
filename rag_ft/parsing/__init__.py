"""Files into Documents: one module a format, all giving the tree of numbered paragraphs."""

from rag_ft.parsing.front_matter import side_car
from rag_ft.parsing.parallel import ParsedFile, parse_files
from rag_ft.parsing.reading import SUPPORTED_SUFFIXES, iter_documents, read_document

__all__ = ["SUPPORTED_SUFFIXES", "ParsedFile", "iter_documents", "parse_files", "read_document", "side_car"]
