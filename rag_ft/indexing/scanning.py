"""Files below the paths that were named, with the ids their documents get."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag_ft.errors import PathNotFoundError
from rag_ft.parsing import side_car
from rag_ft.retrieval.manifest import hash_file


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file on disk: absolute path, the id of its document, and the hash of its content."""

    path: str
    document: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Scan:
    """The files found, by document id, and those that could not be read, with the reason."""

    files: tuple[SeenFile, ...]
    unreadable: tuple[tuple[str, str], ...]


def resolve_roots(paths: Iterable[str | Path]) -> list[Path]:
    """Return absolute paths, each once, in order.

    Raises:
        PathNotFoundError: one of them does not exist.
    """
    roots = list(dict.fromkeys(Path(path).expanduser().absolute() for path in paths))
    for root in roots:
        if not root.exists():
            raise PathNotFoundError(f"there is no file or folder {root}: check the path")
    return roots


def scan(
    roots: Sequence[Path], known: Mapping[str, str], taken: Iterable[str], suffixes: Iterable[str]
) -> Scan:
    """Find, name and hash the files below some roots.

    In folders only files of known suffixes count, and names that begin with a dot do not.

    Args:
        roots: files and folders; those that are gone are passed over.
        known: absolute path to document id, for files that already have one.
        taken: ids of documents that came from no file.
        suffixes: endings of file names, lower case, with the dot.
    """
    endings = tuple(suffixes)
    found: dict[str, tuple[str, ...]] = {}
    for root in roots:
        below = root.parent if root.is_dir() else root.parent.parent
        for path in _files(root, endings):
            found.setdefault(str(path), (path.relative_to(below).as_posix(), *_longer_ids(path)))
    used = {*known.values(), *taken}
    seen: list[SeenFile] = []
    unreadable: list[tuple[str, str]] = []
    for path_name in sorted(found):
        identity = known.get(path_name)
        if identity is None:
            identity = next(name for name in found[path_name] if name not in used)
            used.add(identity)
        try:
            seen.append(SeenFile(path_name, identity, _hash(Path(path_name))))
        except OSError as error:
            unreadable.append((identity, f"cannot be read: {error.strerror}"))
    return Scan(tuple(sorted(seen, key=lambda file: file.document)), tuple(unreadable))


def _hash(path: Path) -> str:
    """Hash a file, with the side-car beside it where there is one: both say what the document is."""
    beside = side_car(path)
    own = hash_file(path)
    if beside is None:
        return own
    return hashlib.sha256(f"{own}\n{hash_file(beside)}".encode()).hexdigest()


def _files(root: Path, endings: tuple[str, ...]) -> list[Path]:
    if root.is_file():
        return [root]
    return [
        path
        for path in sorted(root.rglob("*"))
        if path.name.lower().endswith(endings)
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
    ]


def _longer_ids(path: Path) -> list[str]:
    """Return ids with ever more folders before them, for when two folders share a name."""
    parts = path.parts[1:]
    return ["/".join(parts[-count:]) for count in range(2, len(parts) + 1)] + [path.as_posix()]
