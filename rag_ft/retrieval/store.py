"""An index on disk: a sequence of generations, and CURRENT, which names the one in use.

    index/default/
      CURRENT                     generation and SHA-256 of its manifest; moved by one rename
      lock                        held by who builds
      generations/000003-1f0c/    manifest.json, vectors.faiss, passages.sqlite, lexical/

A build writes a new folder, syncs it, then renames CURRENT: at any moment the index is the
old one whole or the new one whole. A reader holds the manifest of the generation it opened
by a shared lock, and what nobody holds is removed by the next build.
"""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rag_ft.errors import IndexBusyError, IndexCorruptError, IndexNotFoundError, StoreError
from rag_ft.retrieval.locks import SharedHold, exclusive
from rag_ft.retrieval.manifest import MANIFEST_NAME, FileEntry, Manifest, describe_file, hash_file

# Up to this size every file is hashed at each load; beyond it, size and time of change are
# trusted and `ragft status --check` hashes.
_HASH_AT_LOAD_BYTES = 64 * 1024 * 1024
_POLL_SECONDS = 0.2
_OPEN_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class OpenGeneration:
    """A generation that is being read: it stays on disk until `hold` is released."""

    folder: Path
    manifest: Manifest
    hold: SharedHold


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an index, and what mends it."""

    file: str
    what: str


class IndexFolder:
    """The folder of one index."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._generations = self.path / "generations"
        self._current = self.path / "CURRENT"

    def exists(self) -> bool:
        """Whether an index was ever finished here."""
        return self._current.is_file()

    def open_current(self) -> OpenGeneration:
        """Open the generation in use, holding it against removal.

        Raises:
            IndexNotFoundError: there is no index here.
            IndexCorruptError: a file is not what the manifest says.
            StoreError: the folder cannot be read.
        """
        for _ in range(_OPEN_ATTEMPTS):
            name, manifest_hash = self._read_current()
            folder = self._generations / name
            try:
                hold = SharedHold.on(folder / MANIFEST_NAME)
            except FileNotFoundError:
                if self._read_current()[0] == name:
                    raise self._corrupt(f"generation {name}, which CURRENT names, has no manifest") from None
                continue
            except OSError as error:
                raise StoreError(f"{folder} cannot be read: {error.strerror}") from error
            if hold is not None:
                try:
                    return OpenGeneration(folder, self._checked(folder, manifest_hash), hold)
                except BaseException:
                    hold.release()
                    raise
        raise StoreError(f"{self.path} changed at every attempt to open it: try again when no build runs")

    def check(self) -> list[Fault]:
        """Hash every file of the generation in use; an empty list means that all is well.

        Raises:
            IndexNotFoundError: there is no index here.
        """
        try:
            name, manifest_hash = self._read_current()
            folder = self._generations / name
            manifest = self._read_manifest(folder, manifest_hash)
        except IndexCorruptError as error:
            return [Fault(str(self._current), str(error))]
        except OSError as error:
            return [Fault(error.filename or str(self.path), error.strerror or "cannot be read")]
        return [
            Fault(str(folder / entry.name), what)
            for entry in manifest.files
            if (what := _fault(folder, entry, hashing=True))
        ]

    @contextmanager
    def building(self, wait: float = 0.0) -> Iterator[None]:
        """Hold the build lock; on entry and on leaving, remove what no reader holds.

        Raises:
            IndexBusyError: another build holds it longer than `wait` seconds.
            StoreError: the folder cannot be written.
        """
        try:
            self._generations.mkdir(parents=True, exist_ok=True)
            deadline = time.monotonic() + wait
            while True:
                with exclusive(self.path / "lock") as got:
                    if got:
                        self.collect()
                        try:
                            yield
                        finally:
                            self.collect()
                        return
                if time.monotonic() >= deadline:
                    raise IndexBusyError(
                        f"another build is writing {self.path}: wait for it to end, or give --wait SECONDS"
                    )
                time.sleep(_POLL_SECONDS)
        except PermissionError as error:
            raise self.unwritable(error) from error

    def new_generation(self) -> Path:
        """Make the folder of a new generation; call it while building."""
        taken = [int(folder.name.split("-")[0]) for folder in self._folders()]
        folder = self._generations / f"{max(taken, default=0) + 1:06d}-{secrets.token_hex(2)}"
        folder.mkdir()
        return folder

    def publish(self, folder: Path, manifest: Manifest) -> Manifest:
        """Seal a generation by its manifest, sync everything, and make it the one in use.

        Returns the manifest as written, with the hash of every file.
        """
        names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        sealed = replace(manifest, files=tuple(describe_file(folder, name) for name in names))
        content = sealed.to_json()
        (folder / MANIFEST_NAME).write_bytes(content)
        for name in (*names, MANIFEST_NAME):
            _sync(folder / name)
        for directory in (*(p for p in folder.rglob("*") if p.is_dir()), folder, self._generations):
            _sync(directory)
        temporary = self.path / "CURRENT.new"
        temporary.write_text(f"{folder.name} {hashlib.sha256(content).hexdigest()}\n", encoding="ascii")
        _sync(temporary)
        temporary.replace(self._current)
        _sync(self.path)
        return sealed

    def collect(self) -> list[str]:
        """Remove generations that are neither in use nor held by a reader; call it while building."""
        try:
            kept = self._read_current()[0]
        except IndexNotFoundError:
            kept = ""
        except IndexCorruptError:
            return []  # whatever is left may be what a person can still mend it from
        for leftover in self._generations.glob("removed-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        return [folder.name for folder in self._folders() if folder.name != kept and _remove(folder)]

    def unwritable(self, error: Exception) -> StoreError:
        """Say that writing failed, why, and that the old generation is untouched."""
        reason = getattr(error, "strerror", None) or str(error)
        return StoreError(
            f"{self.path} cannot be written ({reason}): what was indexed before is untouched; free the disk "
            "or the permissions, or choose another folder with --index"
        )

    def _folders(self) -> list[Path]:
        if not self._generations.is_dir():
            return []
        return sorted(p for p in self._generations.iterdir() if p.name.split("-")[0].isdigit())

    def _read_current(self) -> tuple[str, str]:
        try:
            words = self._current.read_text(encoding="ascii").split()
        except (FileNotFoundError, NotADirectoryError):
            raise IndexNotFoundError(
                f"there is no index at {self.path}: make one with `ragft index PATH --index {self.path}`"
            ) from None
        except UnicodeDecodeError:
            words = []
        except OSError as error:
            raise StoreError(f"{self._current} cannot be read: {error.strerror}") from error
        if len(words) != 2 or Path(words[0]).name != words[0]:
            raise self._corrupt("CURRENT names no generation")
        return words[0], words[1]

    def _read_manifest(self, folder: Path, manifest_hash: str) -> Manifest:
        path = folder / MANIFEST_NAME
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != manifest_hash:
            raise self._corrupt(f"{path} is not the manifest that CURRENT was written for")
        return Manifest.from_json(content, path)

    def _checked(self, folder: Path, manifest_hash: str) -> Manifest:
        manifest = self._read_manifest(folder, manifest_hash)
        hashing = sum(entry.size for entry in manifest.files) <= _HASH_AT_LOAD_BYTES
        for entry in manifest.files:
            if what := _fault(folder, entry, hashing=hashing):
                raise self._corrupt(f"{folder / entry.name} {what}")
        return manifest

    def _corrupt(self, what: str) -> IndexCorruptError:
        return IndexCorruptError(
            f"{what}: the index is damaged; `ragft index --rebuild --index {self.path} PATH...` "
            "makes it anew from the documents"
        )


def _fault(folder: Path, entry: FileEntry, *, hashing: bool) -> str | None:
    path = folder / entry.name
    try:
        status = path.stat()
        if status.st_size != entry.size:
            return f"has {status.st_size} bytes, not the {entry.size} that were written"
        unchanged = not hashing and status.st_mtime_ns == entry.mtime_ns
        if not unchanged and hash_file(path) != entry.sha256:
            return "is not what was written: its SHA-256 differs"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return None


def _remove(folder: Path) -> bool:
    """Remove a generation unless a reader holds it."""
    gone = folder.with_name(f"removed-{folder.name}")
    manifest = folder / MANIFEST_NAME
    try:
        if os.name != "nt" and manifest.is_file():
            with exclusive(manifest) as free:
                if not free:
                    return False
                # Renamed first, so that no reader takes hold of a half-removed generation.
                folder.rename(gone)
        else:
            folder.rename(gone)  # Windows refuses this while a reader has a file open
    except OSError:
        return False
    shutil.rmtree(gone, ignore_errors=True)
    return True


def _sync(path: Path) -> None:
    """Flush a file or a directory to the disk; Windows has no handle for directories."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
