"""What an index holds, and whether its files are still what was written."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag_ft.retrieval.manifest import Manifest
from rag_ft.retrieval.passage_db import DB_NAME, FileRecord, PassageReader
from rag_ft.retrieval.store import Fault, IndexFolder
from rag_ft.retrieval.versions import VersionState, version_states
from rag_ft.schema import DocumentInfo


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """A document of an index: how many passages it gave and how its version stands today."""

    info: DocumentInfo
    passages: int
    state: VersionState


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index holds; `faults` is empty where nothing is wrong or nothing was checked.

    `manifest` is None where the index is too damaged to be read.
    """

    path: Path
    checked: bool
    size: int
    manifest: Manifest | None
    documents: tuple[DocumentStatus, ...]
    not_indexed: tuple[FileRecord, ...]
    faults: tuple[Fault, ...]


def index_status(index_dir: str | Path, *, check: bool = False, as_of: date | None = None) -> IndexStatus:
    """Read what an index holds; no encoder is needed.

    Args:
        index_dir: the folder of the index.
        check: hash every file, and report faults instead of raising.
        as_of: the day on which versions are judged; today by default.

    Raises:
        IndexNotFoundError: there is no index there.
        IndexCorruptError: it is damaged, where `check` is false.
    """
    folder = IndexFolder(index_dir)
    faults = tuple(folder.check()) if check else ()
    if faults:
        return IndexStatus(folder.path, check, 0, None, (), (), faults)
    generation = folder.open_current()
    with generation.hold:
        db = PassageReader(generation.folder / DB_NAME)
        infos = [record.info for record in db.documents]
        states = version_states(infos, as_of or date.today())
        documents = tuple(
            DocumentStatus(record.info, record.n_rows, state)
            for record, state in zip(db.documents, states, strict=True)
        )
        not_indexed = tuple(record for record in db.files() if record.state != "indexed")
        db.close()
    size = sum(entry.size for entry in generation.manifest.files)
    return IndexStatus(folder.path, check, size, generation.manifest, documents, not_indexed, ())
