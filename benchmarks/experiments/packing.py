"""Weights in few files of bounded size: what a machine that is lent brings back, and takes up again."""

import shutil
import tarfile
from collections.abc import Sequence
from pathlib import Path

PART_BYTES = 14 * 2**20
# Results, and as many parts as come back beside them and go up again beside the data.
MOST_PARTS = 4
NAME = "weights.tar"


def pack(folders: Sequence[Path], root: Path, out: Path) -> list[Path]:
    """Write folders below `root` as parts of one tar file; those first named go first.

    A folder that no longer fits is left out whole. Returns the folders that were packed.
    """
    packed: list[Path] = []
    whole = root / f"{NAME}.partial"
    size = 0
    with tarfile.open(whole, "w") as archive:
        for folder in folders:
            found = (path for path in folder.rglob("*") if path.is_file())
            files = sorted(path for path in found if "run" not in path.relative_to(folder).parts)
            # Each file takes a header and is filled up to blocks of 512 bytes.
            size += sum(path.stat().st_size + 2048 for path in files)
            if size > MOST_PARTS * PART_BYTES - 2**14:
                break
            for path in files:
                archive.add(path, arcname=str(path.relative_to(root)))
            packed.append(folder)
    for old in out.glob(f"{NAME}.*"):
        old.unlink()
    if packed:
        with whole.open("rb") as source:
            number = 0
            while part := source.read(PART_BYTES):
                (out / f"{NAME}.{number:02d}").write_bytes(part)
                number += 1
    whole.unlink()
    return packed


def unpack(earlier: Path, root: Path) -> bool:
    """Put what `pack` wrote back below `root`; False where there is nothing."""
    parts = sorted(earlier.glob(f"{NAME}.[0-9][0-9]"))
    if not parts:
        return False
    root.mkdir(parents=True, exist_ok=True)
    whole = root / NAME
    with whole.open("wb") as out:
        for part in parts:
            out.write(part.read_bytes())
    with tarfile.open(whole) as archive:
        _extract(archive, root)
    whole.unlink()
    return True


def _extract(archive: tarfile.TarFile, root: Path) -> None:
    """Write the plain files of an archive below `root`; `extractall` has filters from Python 3.11.4 on."""
    for member in archive:
        target = (root / member.name).resolve()
        source = archive.extractfile(member) if member.isfile() else None
        if source is None or not target.is_relative_to(root.resolve()):
            raise ValueError(f"{member.name}: not a plain file below {root}; pack the weights again")
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("wb") as out:
            shutil.copyfileobj(source, out)
