"""fetched.json: what was downloaded, from where, when, and with which hash."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rag_ft.errors import FetchError

RECORDS_NAME = "fetched.json"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file: `fetched` is when its bytes were downloaded, `checked` when the server last confirmed them.

    Both are ISO 8601 in UTC; `etag` and `last_modified` are what the server gave for the
    next conditional request.
    """

    url: str
    final_url: str
    sha256: str
    size: int
    fetched: str
    checked: str
    etag: str | None = None
    last_modified: str | None = None

    @property
    def checked_at(self) -> datetime:
        """When the server last confirmed that this is its document."""
        return datetime.fromisoformat(self.checked)


def read_records(folder: Path) -> dict[str, FileRecord]:
    """Read the records of a folder, by file name; none where nothing was fetched yet.

    Raises:
        FetchError: the file of records is damaged.
    """
    path = folder / RECORDS_NAME
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {name: FileRecord(**row) for name, row in rows.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError):
        raise FetchError(f"{path} cannot be read: remove it, and everything is fetched anew") from None


def write_records(folder: Path, records: dict[str, FileRecord]) -> None:
    """Replace the records of a folder by one rename."""
    rows = {name: asdict(record) for name, record in sorted(records.items())}
    replace_file(folder / RECORDS_NAME, (json.dumps(rows, indent=1) + "\n").encode())


def fetched_record(path: str | Path) -> FileRecord | None:
    """Return what is recorded of a fetched file, None where it was not fetched; for any document's path."""
    path = Path(path)
    try:
        return read_records(path.parent).get(path.name)
    except FetchError:
        return None


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
