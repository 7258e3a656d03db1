"""The generation that a build starts from, and the fingerprint of the code that made it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from rag_ft.errors import IndexCorruptError, IndexNotFoundError
from rag_ft.retrieval.encoder import EncoderIdentity
from rag_ft.retrieval.manifest import Manifest
from rag_ft.retrieval.passage_db import DB_NAME, FileRecord, PassageReader
from rag_ft.retrieval.store import IndexFolder, OpenGeneration
from rag_ft.retrieval.vectors import VECTORS_NAME, VectorIndex

# What decides, for a given file, which passages come out, and what is embedded and counted of them.
_CODE = ("parsing", "retrieval", "chunking.py", "schema.py")


class Previous:
    """What the last generation holds, ready to be carried over; empty for a first build."""

    def __init__(self, generation: OpenGeneration | None) -> None:
        self.manifest: Manifest | None = None
        self.files: dict[str, FileRecord] = {}
        self.by_file: dict[str, tuple[int, ...]] = {}
        self.in_memory: dict[str, int] = {}
        self.ids_of_files: frozenset[str] = frozenset()
        self._generation = generation
        self._db: PassageReader | None = None
        if generation is None:
            return
        self.manifest = generation.manifest
        self._db = PassageReader(generation.folder / DB_NAME)
        self.files = {record.path: record for record in self._db.files()}
        by_file: defaultdict[str, list[int]] = defaultdict(list)
        for position, record in enumerate(self._db.documents):
            if record.file is None:
                self.in_memory[record.info.id] = position
            else:
                by_file[record.file].append(position)
        self.ids_of_files = frozenset(d.info.id for d in self._db.documents if d.file is not None)
        self.by_file = {path: tuple(positions) for path, positions in by_file.items()}

    @property
    def db(self) -> PassageReader:
        """The passages of the last generation; only where there is one."""
        if self._db is None:
            raise IndexNotFoundError("there is no earlier generation to carry over")
        return self._db

    @property
    def has_current_code(self) -> bool:
        """Whether the same code that would parse and cut now made this generation."""
        return self.manifest is not None and self.manifest.code == code_fingerprint()

    def known_vectors(self, encoder: EncoderIdentity) -> tuple[dict[bytes, int], VectorIndex | None]:
        """Return which row holds the vector of which embedded text, and the vectors."""
        if self._generation is None or not self._generation.manifest.encoder.agrees_with(encoder):
            return {}, None
        hashes = self.db.input_hashes()
        stored = VectorIndex(self._generation.folder / VECTORS_NAME, len(hashes))
        return {key: row for row, key in enumerate(hashes)}, stored

    def close(self) -> None:
        """Let go of the generation."""
        if self._db is not None:
            self._db.close()
        if self._generation is not None:
            self._generation.hold.release()


@contextmanager
def previous_generation(folder: IndexFolder, *, rebuild: bool) -> Iterator[Previous]:
    """Open what a build starts from; a rebuild starts from nothing.

    Raises:
        IndexCorruptError: the index is damaged and this is no rebuild.
    """
    try:
        generation = None if rebuild else folder.open_current()
    except IndexNotFoundError:
        generation = None
    previous = Previous(generation)
    try:
        yield previous
    finally:
        previous.close()


def known_roots(folder: IndexFolder) -> tuple[Path, ...]:
    """Return the paths that an index was made from; none where it cannot be read any more."""
    try:
        generation = folder.open_current()
    except (IndexNotFoundError, IndexCorruptError):
        return ()
    generation.hold.release()
    return tuple(Path(root) for root in generation.manifest.roots)


@cache
def code_fingerprint() -> str:
    """Return a hash of the code that parses and cuts, so that its changes reach old files too."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for name in _CODE:
        path = package / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
