"""Files read on all cores, and taken one by one."""

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import cast

from rag_ft.errors import DocumentError
from rag_ft.parsing import ParsedFile, parse_files
from rag_ft.schema import Document


class ParsedFiles:
    """What comes of files, taken file by file in the order in which they were given."""

    def __init__(self, files: Iterable[tuple[Path, str]]) -> None:
        self._parsed = cast("Generator[ParsedFile]", parse_files(files))
        self._next = next(self._parsed, None)

    def documents(self, document_id: str) -> Generator[Document]:
        """Yield the documents of the file that is next, known by its id.

        Raises:
            DocumentError: it cannot be read.
        """
        try:
            while (found := self._next) is not None and found.document_id == document_id:
                if found.error is not None:
                    raise DocumentError(found.error)
                if found.document is not None:
                    yield found.document
                self._next = next(self._parsed, None)
        finally:
            # A file may be given up midway; the next one must find its own documents.
            while self._next is not None and self._next.document_id == document_id:
                self._next = next(self._parsed, None)

    def close(self) -> None:
        """End the processes that read."""
        self._parsed.close()
