"""The manifest of a generation: what it holds, by whom it was made, and the hash of each file."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag_ft.errors import IndexCorruptError
from rag_ft.retrieval.encoder import EncoderIdentity

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = 1
MANIFEST_NAME = "manifest.json"
SEAL_NAME = "manifest.sha256"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a generation; `mtime_ns` lets a later check skip the hash of a large one."""

    name: str
    size: int
    sha256: str
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class VectorsInfo:
    """How the vectors are stored; `recall` is recall@10 against exact search, by measurement."""

    kind: Literal["flat", "ivf"]
    lists: int = 0
    probes: int = 0
    recall: float = 1.0

    def describe(self) -> str:
        """Say it in words."""
        if self.kind == "flat":
            return "flat: exact search"
        probed = f"ivf: {self.probes} of {self.lists} lists probed"
        return f"{probed}, recall@10 {self.recall:.3f} against exact search"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds; `code` is the fingerprint of what parsed and cut it."""

    format: int
    generation: str
    created: datetime
    encoder: EncoderIdentity
    backend: str
    vectors: VectorsInfo
    documents: int
    pages: int
    passages: int
    roots: tuple[str, ...]
    code: str
    files: tuple[FileEntry, ...]

    def to_json(self) -> bytes:
        """Return the manifest as it stands on disk."""
        return _adapter().dump_json(self, indent=1) + b"\n"

    @classmethod
    def from_json(cls, content: bytes, where: Path) -> "Manifest":
        """Read a manifest; `where` names it in the error.

        Raises:
            IndexCorruptError: it is no manifest of a format that this version reads.
        """
        from pydantic import ValidationError

        try:
            manifest = _adapter().validate_json(content)
        except ValidationError:
            raise IndexCorruptError(
                f"{where} is not a manifest of format {FORMAT}: ragft index --rebuild makes the index anew"
            ) from None
        if manifest.format != FORMAT:
            raise IndexCorruptError(
                f"{where} has format {manifest.format} and this version reads {FORMAT}: "
                "ragft index --rebuild makes the index anew"
            )
        return manifest


@cache
def _adapter() -> "TypeAdapter[Manifest]":
    from pydantic import TypeAdapter

    return TypeAdapter(Manifest)


def describe_file(folder: Path, name: str) -> FileEntry:
    """Measure and hash one file of a generation; `name` is its posix path in the folder."""
    path = folder / name
    status = path.stat()
    return FileEntry(name, status.st_size, hash_file(path), status.st_mtime_ns)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
