"""Carrying out a plan: a new generation, written beside the old one and then published."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from rag_ft.chunking import make_passages
from rag_ft.errors import DocumentError, NothingToIndexError
from rag_ft.indexing.embedding_queue import EmbeddingQueue, input_hash
from rag_ft.indexing.plan import Plan, Step
from rag_ft.indexing.previous import Previous, code_fingerprint
from rag_ft.indexing.reading import ParsedFiles
from rag_ft.indexing.report import BuildReport, Progress, make_report
from rag_ft.retrieval.embedding_input import fitted_inputs, lexical_text, passage_budget
from rag_ft.retrieval.encoder import Encoder, Vectors
from rag_ft.retrieval.lexical import LEXICAL_NAME, LexicalIndex
from rag_ft.retrieval.manifest import FORMAT, Manifest, VectorsInfo
from rag_ft.retrieval.passage_db import DB_NAME, FileRecord, PassageReader, PassageWriter
from rag_ft.retrieval.store import IndexFolder
from rag_ft.retrieval.vectors import EXACT_UP_TO, VECTORS_NAME, write_vectors
from rag_ft.schema import Document, Passage

_SAMPLED_QUESTIONS = 256
_QUESTION_WORDS = 16
_GATHERED_AT_ONCE = 16_384


class GenerationBuild:
    """One generation in the making."""

    def __init__(
        self, folder: IndexFolder, previous: Previous, plan: Plan, encoder: Encoder, progress: Progress | None
    ) -> None:
        self._folder = folder
        self._previous = previous
        self._plan = plan
        self._encoder = encoder
        self._progress = progress or _quiet
        self._queue = EmbeddingQueue(folder.path, encoder.identity)
        self._known, self._vectors = previous.known_vectors(encoder.identity)
        self._records: list[FileRecord] = []
        self._notes: list[tuple[str, str]] = []

    def run(self) -> BuildReport:
        """Read, embed, write and publish.

        Raises:
            NothingToIndexError: not one document could be read.
            OSError: the disk is full or the folder cannot be written.
        """
        target = self._folder.new_generation()
        try:
            self._read(target / DB_NAME)
            embedded = self._queue.embed(
                self._encoder, lambda done, total: self._progress("embedding", done, total)
            )
            manifest = self._write(target)
            self._queue.discard()
        finally:
            self._queue.close()
        report = make_report(self._plan, manifest, self._records)
        return replace(
            report,
            notes=tuple(self._notes),
            embedded=embedded,
            reused=manifest.passages - embedded,
            is_new=True,
        )

    def _read(self, path: Path) -> None:
        """Write the database: what is carried over, and what is parsed."""
        writer = PassageWriter(path)
        try:
            for record in self._plan.settled:
                self._record(writer, record)
            to_read = [step.record for step in self._plan.steps if step.action == "parse" and step.record]
            with closing(ParsedFiles((Path(record.path), record.document) for record in to_read)) as files:
                for done, step in enumerate(self._plan.steps):
                    self._progress("reading", done, len(self._plan.steps))
                    self._take(writer, step, files)
            self._progress("reading", len(self._plan.steps), len(self._plan.steps))
            if writer.n_passages == 0:
                raise NothingToIndexError(_first_reason(self._records))
            writer.close()
        except BaseException:
            writer.abandon()
            raise

    def _take(self, writer: PassageWriter, step: Step, files: ParsedFiles) -> None:
        record = step.record
        if step.action == "copy":
            self._copy(writer, step)
        elif step.action == "remake":
            for position in step.positions:
                self._add(writer, self._renamed(position, step), record, self._content(position))
        elif step.document is not None:
            self._add(writer, step.document, None, step.content)
        elif record is not None:
            record = self._parse(writer, step, record, files)
        if record is not None:
            self._record(writer, record)

    def _parse(self, writer: PassageWriter, step: Step, record: FileRecord, files: ParsedFiles) -> FileRecord:
        """Read a file; one that cannot be read is skipped, its last good version kept."""
        try:
            with writer.whole_file():
                before = writer.n_passages
                with closing(files.documents(record.document)) as documents:
                    for document in documents:
                        self._add(writer, document, record, record.sha256)
                if writer.n_passages == before:
                    raise DocumentError("no text was found in it: it may be scanned pages, which need OCR")
        except DocumentError as error:
            why = str(error)
        else:
            return record
        if step.positions:
            self._copy(writer, step)
            return replace(record, state="stale", why=f"{why}; its last good version stays in the index")
        return replace(record, state="skipped", why=why)

    def _copy(self, writer: PassageWriter, step: Step) -> None:
        for position in step.positions:
            writer.copy_document(self._previous.db, position)

    def _renamed(self, position: int, step: Step) -> Document:
        """Return a stored document under the id and path of its step."""
        document = self._previous.db.document(position)
        if step.record is None:
            return document
        was = self._previous.db.documents[position].file or ""
        tail = document.info.id.removeprefix(self._previous.files[was].document)
        info = replace(document.info, id=step.record.document + tail, path=step.record.path)
        return replace(document, info=info)

    def _content(self, position: int) -> str:
        return self._previous.db.documents[position].content

    def _add(
        self, writer: PassageWriter, document: Document, record: FileRecord | None, content: str
    ) -> None:
        limit = self._encoder.identity.max_tokens
        made = make_passages(document, self._encoder.count_tokens, passage_budget(limit))
        # A paragraph and the one figure or table in it may come out as the same words twice.
        distinct: dict[str, Passage] = {}
        for passage in made:
            distinct.setdefault(passage.id, passage)
        passages = list(distinct.values())
        inputs = fitted_inputs(passages, self._encoder.count_tokens, limit)
        too_long = [
            f"paragraph {passage.label} has {text.n_tokens} tokens: its vector stands for the first {limit}, "
            "its words are searched whole"
            for passage, text in zip(passages, inputs, strict=True)
            if text.n_tokens > limit
        ]
        self._notes.extend((document.info.id, note) for note in (*document.warnings, *too_long))
        hashes = [input_hash(text.text) for text in inputs]
        writer.add_document(document, passages, hashes, file=record.path if record else None, content=content)
        self._queue.add(
            (key, text.text, text.n_tokens)
            for key, text in zip(hashes, inputs, strict=True)
            if key not in self._known
        )

    def _write(self, target: Path) -> Manifest:
        """Write vectors and words beside the database, and publish."""
        db = PassageReader(target / DB_NAME)
        try:
            info = self._write_vectors(db, target)
            LexicalIndex.build(lexical_text(passage) for passage in db.iterate()).save(target / LEXICAL_NAME)
            manifest = Manifest(
                format=FORMAT,
                generation=target.name,
                created=datetime.now(UTC).replace(microsecond=0),
                encoder=self._encoder.identity,
                backend=getattr(self._encoder, "backend", type(self._encoder).__name__),
                vectors=info,
                documents=len(db.documents),
                pages=sum(record.n_pages for record in db.documents),
                passages=sum(record.n_rows for record in db.documents),
                roots=self._plan.roots,
                code=code_fingerprint(),
                files=(),
            )
        finally:
            db.close()
        return self._folder.publish(target, manifest)

    def _write_vectors(self, db: PassageReader, target: Path) -> VectorsInfo:
        """Write the vectors; they are let go before the words are counted, which needs as much memory."""
        vectors = self._gather(db.input_hashes())
        return write_vectors(vectors, target / VECTORS_NAME, self._sample_questions(db, len(vectors)))

    def _gather(self, hashes: Sequence[bytes]) -> Vectors:
        """Collect the vectors of all rows: from the last generation, else from the queue."""
        vectors = np.empty((len(hashes), self._encoder.identity.dimension), dtype=np.float32)
        old_rows = np.fromiter((self._known.get(key, -1) for key in hashes), np.int64, len(hashes))
        new = np.flatnonzero(old_rows < 0).tolist()
        if self._vectors is not None:
            vectors[old_rows >= 0] = self._vectors.at(old_rows[old_rows >= 0])
        # In parts, so that no second array holds them all.
        for start in range(0, len(new), _GATHERED_AT_ONCE):
            part = new[start : start + _GATHERED_AT_ONCE]
            vectors[part] = self._queue.vectors([hashes[row] for row in part])
        return vectors

    def _sample_questions(self, db: PassageReader, n_passages: int) -> Vectors | None:
        """Embed openings of passages, about as long as questions are, to measure recall with."""
        if n_passages <= EXACT_UP_TO:
            return None
        rows = np.linspace(0, n_passages - 1, _SAMPLED_QUESTIONS, dtype=np.int64)
        found = db.passages(int(row) for row in rows)
        return self._encoder.encode([" ".join(p.text.split()[:_QUESTION_WORDS]) for p in found.values()])

    def _record(self, writer: PassageWriter, record: FileRecord) -> None:
        self._records.append(record)
        writer.add_file(record)


def _first_reason(records: Sequence[FileRecord]) -> str:
    reasons = [f"{record.document}: {record.why}" for record in records if record.state == "skipped"]
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return f"not one document could be read: {reasons[0] if reasons else 'no text in them'}{more}"


def _quiet(_stage: str, _done: int, _total: int) -> None:
    """Say nothing."""
