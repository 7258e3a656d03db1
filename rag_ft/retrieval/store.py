"""An index on disk: a sequence of generations, and CURRENT, which names the one in use.

    index/default/
      CURRENT                     the name of a generation; moved by one rename
      lock                        held by who builds
      generations/000003-1f0c/    vectors.faiss, passages.sqlite, lexical/, manifest.json with
                                  the hash of each, manifest.sha256 with the manifest's own

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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rag_ft.errors import IndexBusyError, IndexCorruptError, IndexNotFoundError, StoreError
from rag_ft.retrieval.locks import SharedHold, exclusive
from rag_ft.retrieval.manifest import MANIFEST_NAME, SEAL_NAME, FileEntry, Manifest, describe_file, hash_file

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
    remedy: str


class IndexFolder:
    """The folder of one index."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._generations = self.path / "generations"
        self._current = self.path / "CURRENT"

    def exists(self) -> bool:
        """Whether an index was ever finished here, be it damaged since."""
        return self._current.is_file() or bool(self._folders())

    def open_current(self) -> OpenGeneration:
        """Open the generation in use, holding it against removal.

        Raises:
            IndexNotFoundError: there is no index here.
            IndexCorruptError: a file is not what the manifest says.
            StoreError: the folder cannot be read.
        """
        for _ in range(_OPEN_ATTEMPTS):
            folder = self._read_current()
            try:
                hold = SharedHold.on(folder / MANIFEST_NAME)
            except FileNotFoundError:
                if self._read_current() == folder:
                    raise self._corrupt(folder / MANIFEST_NAME, "is missing") from None
                continue
            except OSError as error:
                raise StoreError(f"{folder} cannot be read: {error.strerror}") from error
            if hold is not None:
                try:
                    return OpenGeneration(folder, self._checked(folder), hold)
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
            return self._faults(self._read_current())
        except IndexCorruptError:
            remedy = "`ragft index` puts it right" if self._sound_generation() else self._remedy
            return [Fault(str(self._current), "names no generation", f"{remedy} (--index {self.path})")]

    @contextmanager
    def building(self, wait: float = 0.0) -> Iterator[None]:
        """Hold the build lock; on entry and on leaving, remove what no reader holds.

        Raises:
            IndexBusyError: another build holds it longer than `wait` seconds.
            StoreError: the folder cannot be written.
        """
        deadline = time.monotonic() + wait
        while True:
            with ExitStack() as held:
                try:
                    self._generations.mkdir(parents=True, exist_ok=True)
                    got = held.enter_context(exclusive(self.path / "lock"))
                    if got:
                        self._heal()
                        self.collect()
                except OSError as error:
                    raise self.unwritable(error) from error
                if got:
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
        (folder / SEAL_NAME).write_text(hashlib.sha256(content).hexdigest() + "\n", encoding="ascii")
        for name in (*names, MANIFEST_NAME, SEAL_NAME):
            _sync(folder / name)
        for directory in (*(p for p in folder.rglob("*") if p.is_dir()), folder, self._generations):
            _sync(directory)
        self._point_to(folder)
        return sealed

    def collect(self) -> list[str]:
        """Remove generations that are neither in use nor held by a reader; call it while building."""
        try:
            kept = self._read_current()
        except IndexNotFoundError:
            kept = None
        except IndexCorruptError:
            return []  # whatever is left may be what a person can still mend it from
        for leftover in self._generations.glob("removed-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        return [folder.name for folder in self._folders() if folder != kept and _remove(folder)]

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

    def _read_current(self) -> Path:
        """Return the folder of the generation in use."""
        for _ in range(_OPEN_ATTEMPTS):
            name = self._current_name()
            if not name or Path(name).name != name:
                break
            if (folder := self._generations / name).is_dir():
                return folder
            # A build may have published the next one and removed this one since it was read.
            if self._current_name() == name:
                break
        raise self._corrupt(self._current, "names no generation")

    def _current_name(self) -> str:
        try:
            return self._current.read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            raise IndexNotFoundError(
                f"there is no index at {self.path}: make one with `ragft index PATH --index {self.path}`"
            ) from None
        except UnicodeDecodeError:
            return ""
        except OSError as error:
            raise StoreError(f"{self._current} cannot be read: {error.strerror}") from error

    def _read_manifest(self, folder: Path) -> Manifest:
        path = folder / MANIFEST_NAME
        content = path.read_bytes()
        if (folder / SEAL_NAME).read_bytes().strip() != hashlib.sha256(content).hexdigest().encode():
            raise self._corrupt(path, f"is not what {SEAL_NAME} was written for")
        return Manifest.from_json(content, path)

    def _checked(self, folder: Path) -> Manifest:
        try:
            manifest = self._read_manifest(folder)
        except OSError as error:
            raise self._corrupt(Path(error.filename), f"cannot be read: {error.strerror}") from error
        hashing = sum(entry.size for entry in manifest.files) <= _HASH_AT_LOAD_BYTES
        for entry in manifest.files:
            if what := _fault(folder, entry, hashing=hashing):
                raise self._corrupt(folder / entry.name, what)
        return manifest

    def _faults(self, folder: Path) -> list[Fault]:
        try:
            manifest = self._read_manifest(folder)
        except IndexCorruptError as error:
            return [Fault(str(folder / MANIFEST_NAME), str(error), self._remedy)]
        except OSError as error:
            return [Fault(str(error.filename), error.strerror or "cannot be read", self._remedy)]
        return [
            Fault(str(folder / entry.name), what, self._remedy)
            for entry in manifest.files
            if (what := _fault(folder, entry, hashing=True))
        ]

    def _sound_generation(self) -> Path | None:
        """Return the newest generation whose every file is what was written."""
        return next((folder for folder in reversed(self._folders()) if not self._faults(folder)), None)

    def _heal(self) -> None:
        """Where CURRENT is lost or damaged, point it to the newest sound generation."""
        try:
            self._read_current()
        except (IndexNotFoundError, IndexCorruptError):
            if folder := self._sound_generation():
                self._point_to(folder)

    def _point_to(self, folder: Path) -> None:
        temporary = self.path / "CURRENT.new"
        temporary.write_text(f"{folder.name}\n", encoding="ascii")
        _sync(temporary)
        temporary.replace(self._current)
        _sync(self.path)

    @property
    def _remedy(self) -> str:
        return f"`ragft index --rebuild --index {self.path} PATH...` makes the index anew from the documents"

    def _corrupt(self, path: Path, what: str) -> IndexCorruptError:
        return IndexCorruptError(f"{path} {what}: the index is damaged; {self._remedy}")


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
