"""File locks that die with their process: one for who builds, shared ones for who reads."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, shared: bool) -> bool:
        # Windows refuses to rename or delete a file that is open, which already protects
        # readers; only the builder needs a lock of its own.
        if shared:
            return True
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class SharedHold:
    """Keeps a file, and the folder it stands in, from being collected while it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    @classmethod
    def on(cls, path: Path) -> Self | None:
        """Hold a file; None where it is being removed or was replaced meanwhile.

        Raises:
            OSError: the file is not there or cannot be opened.
        """
        stream = path.open("rb")
        if not _lock(stream.fileno(), shared=True):
            stream.close()
            return None
        try:
            same = os.path.samestat(os.fstat(stream.fileno()), path.stat())
        except OSError:
            same = False
        if not same:
            stream.close()
            return None
        return cls(stream)

    def release(self) -> None:
        """Let go; the folder may be collected from now on."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


@contextmanager
def exclusive(path: Path) -> Iterator[bool]:
    """Try for the only hold on a file, creating it where needed; yields whether it was got."""
    with path.open("a+b") as stream:
        yield _lock(stream.fileno(), shared=False)
