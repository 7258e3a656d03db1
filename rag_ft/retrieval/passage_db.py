"""passages.sqlite: documents, files and passages of one generation; a row is a vector's position."""

import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic_core import from_json

from rag_ft.errors import DocumentError, IndexCorruptError
from rag_ft.schema import Alias, Document, DocumentInfo, Passage, Reference, Span

if TYPE_CHECKING:
    from pydantic import TypeAdapter

DB_NAME = "passages.sqlite"

_SCHEMA = """
CREATE TABLE documents (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, info TEXT NOT NULL, file TEXT,
    content TEXT NOT NULL, first_row INTEGER NOT NULL, n_rows INTEGER NOT NULL,
    n_pages INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL, document INTEGER NOT NULL, label TEXT NOT NULL,
    heading TEXT NOT NULL, text TEXT NOT NULL, spans TEXT NOT NULL, pages TEXT NOT NULL,
    part INTEGER NOT NULL, role TEXT NOT NULL, term TEXT, effective TEXT, refs TEXT NOT NULL,
    input_hash BLOB NOT NULL
) STRICT;
CREATE TABLE aliases (
    document INTEGER NOT NULL, alias TEXT NOT NULL, name TEXT NOT NULL, paragraph TEXT
) STRICT;
CREATE TABLE files (
    path TEXT PRIMARY KEY, document TEXT NOT NULL, sha256 TEXT NOT NULL, state TEXT NOT NULL,
    why TEXT NOT NULL
) STRICT;
"""
_PASSAGE = "id, document, label, heading, text, spans, pages, part, role, term, effective, refs"
# SQLite allows 32,766 variables in a statement; this stays far below.
_ROWS_AT_ONCE = 500

# "stale": the file changed into something unreadable, and its last good version is kept.
FileState = Literal["indexed", "duplicate", "skipped", "stale"]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as last seen: `document` is the id it was given, `why` says why it was not indexed."""

    path: str
    document: str
    sha256: str
    state: FileState
    why: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document and its rows; `content` is the hash of the file or of the document itself."""

    info: DocumentInfo
    file: str | None
    content: str
    first_row: int
    n_rows: int
    n_pages: int


class PassageWriter:
    """Writes the database of a new generation; rows are given in the order of writing."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        # A generation is synced whole before it is used, so SQLite need not sync as well.
        self._db.executescript("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;" + _SCHEMA)
        self._db.execute("BEGIN")
        self._ids: set[str] = set()
        self.n_documents = 0
        self.n_passages = 0
        self.n_pages = 0

    def add_document(
        self,
        document: Document,
        passages: Sequence[Passage],
        input_hashes: Sequence[bytes],
        *,
        file: str | None,
        content: str,
    ) -> None:
        """Add a document with its passages; `input_hashes` name what is embedded for each.

        Raises:
            DocumentError: another document has its id.
        """
        info = document.info
        if info.id in self._ids:
            raise DocumentError(f"two documents have the id {info.id}: give each its own")
        self._ids.add(info.id)
        n_pages = len(document.pages) or 1
        body = zlib.compress(_document_adapter().dump_json(document), 6)
        self._db.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.n_documents,
                info.id,
                _info_adapter().dump_json(info).decode(),
                file,
                content,
                self.n_passages,
                len(passages),
                n_pages,
                body,
            ),
        )
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (self.n_passages + offset, *_to_row(passage, self.n_documents), input_hash)
                for offset, (passage, input_hash) in enumerate(zip(passages, input_hashes, strict=True))
            ),
        )
        self._db.executemany(
            "INSERT INTO aliases VALUES (?, ?, ?, ?)",
            ((self.n_documents, alias.alias, alias.name, alias.paragraph) for alias in document.aliases),
        )
        self.n_documents += 1
        self.n_passages += len(passages)
        self.n_pages += n_pages

    def copy_document(self, source: "PassageReader", position: int) -> None:
        """Copy a document of an older generation, as it is, with its passages."""
        record = source.documents[position]
        self._ids.add(record.info.id)
        (row,) = source.raw("SELECT * FROM documents WHERE position = ?", (position,))
        self._db.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self.n_documents, *row[1:5], self.n_passages, *row[6:]),
        )
        shift = self.n_passages - record.first_row
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (passage[0] + shift, passage[1], self.n_documents, *passage[3:])
                for passage in source.raw(
                    "SELECT * FROM passages WHERE row >= ? AND row < ?",
                    (record.first_row, record.first_row + record.n_rows),
                )
            ),
        )
        self._db.executemany(
            "INSERT INTO aliases VALUES (?, ?, ?, ?)",
            (
                (self.n_documents, *alias)
                for alias in source.raw(
                    "SELECT alias, name, paragraph FROM aliases WHERE document = ?", (position,)
                )
            ),
        )
        self.n_documents += 1
        self.n_passages += record.n_rows
        self.n_pages += record.n_pages

    @contextmanager
    def whole_file(self) -> Iterator[None]:
        """Keep what is added inside only if nothing is raised: a file goes in whole or not at all."""
        before = (self.n_documents, self.n_passages, self.n_pages)
        ids = set(self._ids)
        self._db.execute("SAVEPOINT file")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO file")
            self.n_documents, self.n_passages, self.n_pages = before
            self._ids = ids
            raise
        finally:
            self._db.execute("RELEASE file")

    def add_file(self, record: FileRecord) -> None:
        """Record what became of a file."""
        self._db.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?)",
            (record.path, record.document, record.sha256, record.state, record.why),
        )

    def close(self) -> None:
        """Finish the database."""
        self._db.execute("CREATE UNIQUE INDEX passage_ids ON passages (id)")
        self._db.execute("COMMIT")
        self._db.close()

    def abandon(self) -> None:
        """Close the file without finishing it."""
        self._db.close()


class PassageReader:
    """Reads the database of a generation; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # Immutable: SQLite neither locks nor writes beside it, so a read-only folder serves.
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._lock = threading.Lock()
        try:
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._corrupt(error) from error
        self.documents = [
            DocumentRecord(_info_adapter().validate_json(info), *rest)
            for info, *rest in self.raw(
                "SELECT info, file, content, first_row, n_rows, n_pages FROM documents ORDER BY position"
            )
        ]

    def files(self) -> list[FileRecord]:
        """Return every file seen, by path."""
        rows = self.raw("SELECT path, document, sha256, state, why FROM files ORDER BY path")
        return [FileRecord(*row) for row in rows]

    def passages(self, rows: Iterable[int]) -> dict[int, Passage]:
        """Return the passages at some rows."""
        return {row: self._to_passage(values) for row, *values in self._at(f"row, {_PASSAGE}", rows)}

    def labels_of(self, rows: Iterable[int]) -> dict[int, str]:
        """Return the labels of the passages at some rows."""
        return dict(self._at("row, label", rows))

    def row_of(self, passage_id: str) -> int | None:
        """Return the row of a passage, None where there is none of that id."""
        rows = self.raw("SELECT row FROM passages WHERE id = ?", (passage_id,))
        return int(rows[0][0]) if rows else None

    def labels(self, position: int) -> dict[str, int]:
        """Return the labels of a document's passages, each with its first row."""
        record = self.documents[position]
        query = "SELECT label, min(row) FROM passages WHERE row >= ? AND row < ? GROUP BY label"
        return dict(self.raw(query, (record.first_row, record.first_row + record.n_rows)))

    def iterate(self, first_row: int = 0, n_rows: int | None = None) -> Iterator[Passage]:
        """Yield passages in the order of their rows."""
        end = first_row + n_rows if n_rows is not None else sum(d.n_rows for d in self.documents)
        for start in range(first_row, end, _ROWS_AT_ONCE):
            query = f"SELECT {_PASSAGE} FROM passages WHERE row >= ? AND row < ? ORDER BY row"  # noqa: S608
            for values in self.raw(query, (start, min(start + _ROWS_AT_ONCE, end))):
                yield self._to_passage(values)

    def input_hashes(self) -> list[bytes]:
        """Return the hash of what was embedded for each row, in the order of the rows."""
        return [row[0] for row in self.raw("SELECT input_hash FROM passages ORDER BY row")]

    def document(self, position: int) -> Document:
        """Return a document as it was read, text and tree."""
        rows = self.raw("SELECT body FROM documents WHERE position = ?", (position,))
        return _document_adapter().validate_json(zlib.decompress(rows[0][0]))

    def aliases(self) -> tuple[Alias, ...]:
        """Return what the documents define names to stand for, each once, what most of them define first."""
        rows = self.raw(
            "SELECT alias, name, min(paragraph) FROM aliases GROUP BY alias, name "
            "ORDER BY count(*) DESC, alias, name"
        )
        return tuple(Alias(*row) for row in rows)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def raw(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """Return the rows of a query.

        Raises:
            IndexCorruptError: the database cannot be read.
        """
        try:
            with self._lock:
                return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._corrupt(error) from error

    def _at(self, columns: str, rows: Iterable[int]) -> Iterator[Any]:
        """Yield some columns of the passages at some rows, in no order."""
        wanted = list(rows)
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            part = wanted[start : start + _ROWS_AT_ONCE]
            marks = ",".join("?" * len(part))
            yield from self.raw(f"SELECT {columns} FROM passages WHERE row IN ({marks})", part)  # noqa: S608

    def _to_passage(self, values: Sequence[Any]) -> Passage:
        (passage_id, document, label, heading, text, spans, pages, part, role, term, effective, refs) = values
        return Passage(
            id=passage_id,
            document=self.documents[document].info,
            label=label,
            heading=heading,
            spans=tuple([Span(start, end) for start, end in from_json(spans)]),
            text=text,
            pages=_pages(pages),
            part=part,
            role=role,
            term=term,
            effective=date.fromisoformat(effective) if effective else None,
            references=tuple([Reference(*ref) for ref in from_json(refs)]) if refs != "[]" else (),
        )

    def _corrupt(self, error: sqlite3.Error) -> IndexCorruptError:
        return IndexCorruptError(
            f"{self._path} cannot be read ({error}): ragft status --check says what to do"
        )


def _to_row(passage: Passage, document: int) -> tuple[object, ...]:
    return (
        passage.id,
        document,
        passage.label,
        passage.heading,
        passage.text,
        json.dumps(passage.spans),
        json.dumps(passage.pages),
        passage.part,
        passage.role,
        passage.term,
        passage.effective.isoformat() if passage.effective else None,
        json.dumps([(ref.text, ref.document, ref.paragraph) for ref in passage.references]),
    )


@lru_cache(maxsize=4096)
def _pages(text: str) -> tuple[int, ...]:
    return tuple(from_json(text))


@cache
def _info_adapter() -> "TypeAdapter[DocumentInfo]":
    from pydantic import TypeAdapter

    return TypeAdapter(DocumentInfo)


@cache
def _document_adapter() -> "TypeAdapter[Document]":
    from pydantic import TypeAdapter

    return TypeAdapter(Document)
