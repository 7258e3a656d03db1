"""Many files on all cores, streamed: one at a time in memory for each process."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

from rag_ft.errors import DocumentError
from rag_ft.parsing.reading import iter_documents
from rag_ft.parsing.wire import from_line
from rag_ft.schema import Document

DEFAULT_SECONDS = 120.0
# Below this size, in bytes, starting processes costs more than they save.
_SMALL = 1_000_000
_TICK = 0.2


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What came of a file: one of its documents, or what is wrong with it."""

    path: Path
    document_id: str
    document: Document | None = None
    error: str | None = None


def parse_files(
    files: Iterable[tuple[Path, str]], workers: int | None = None, seconds: float = DEFAULT_SECONDS
) -> Iterator[ParsedFile]:
    """Read files, each with its document id, and give what comes of them as it comes.

    A file of many documents gives many, one at a time. Memory holds a few documents for
    each process, however many files there are: a reader that gets ahead of its caller
    waits. A file that shows no sign of life for `seconds`, or that kills its process, is
    reported and the others go on.

    Args:
        files: paths and document ids; taken one at a time.
        workers: processes; 0 reads in this process, without a time limit; None takes all
            cores, and none for a small job.
        seconds: longest time without a document or a page read.
    """
    files = iter(files)
    if workers is None:
        listed = list(files)
        workers = 0 if _is_small(listed) else min(os.cpu_count() or 1, len(listed))
        files = iter(listed)
    if workers == 0:
        yield from _here(files)
        return
    pool = _Pool(files, workers, seconds)
    try:
        yield from pool.run()
    finally:
        pool.stop()


def _is_small(files: list[tuple[Path, str]]) -> bool:
    size = 0
    for path, _ in files:
        with suppress(OSError):
            size += Path(path).stat().st_size
    return size < _SMALL


def _here(files: Iterator[tuple[Path, str]]) -> Iterator[ParsedFile]:
    for path, document_id in files:
        try:
            for document in iter_documents(Path(path), document_id):
                yield ParsedFile(Path(path), document_id, document)
        except DocumentError as error:
            yield ParsedFile(Path(path), document_id, error=str(error))


@dataclass(slots=True, eq=False)
class _Worker:
    process: "subprocess.Popen[str]"
    path: Path = field(default_factory=Path)
    document_id: str = ""
    idle_since: float = 0.0
    waiting: bool = False


class _Pool:
    def __init__(self, files: Iterator[tuple[Path, str]], workers: int, seconds: float) -> None:
        self.files = files
        self.seconds = seconds
        # A full queue makes the threads wait, and so the pipes, and so the processes.
        self.lines: Queue[tuple[_Worker, str]] = Queue(maxsize=2 * workers)
        self.size = workers
        self.workers: list[_Worker] = []
        self.stopping = False

    def run(self) -> Iterator[ParsedFile]:
        """Give results until all files are read."""
        for _ in range(self.size):
            if not self._start_next():
                break
        checked = time.monotonic()
        while self.workers:
            with suppress(Empty):
                worker, line = self.lines.get(timeout=_TICK)
                if worker in self.workers:
                    yield from self._take(worker, line)
            if time.monotonic() - checked > _TICK:
                yield from self._overdue()
                checked = time.monotonic()

    def stop(self) -> None:
        """End every process."""
        self.stopping = True
        for worker in self.workers:
            _end(worker)
        self.workers.clear()
        # Threads that wait for room in the queue go on, and find that all is over.
        with suppress(Empty):
            while True:
                self.lines.get_nowait()

    def _take(self, worker: _Worker, line: str) -> Iterator[ParsedFile]:
        kind, rest = line[:1], line[1:].rstrip("\n")
        if kind == "D":
            yield ParsedFile(worker.path, worker.document_id, from_line(rest))
        elif kind == "E":
            yield ParsedFile(worker.path, worker.document_id, error=rest)
        elif kind == ".":
            self._assign(worker)
        elif kind == "":
            code = worker.process.wait()
            reason = f"{worker.path.name}: reading it ended its process (code {code}): leave it out"
            yield ParsedFile(worker.path, worker.document_id, error=reason)
            self._replace(worker)

    def _overdue(self) -> Iterator[ParsedFile]:
        now = time.monotonic()
        for worker in list(self.workers):
            if not worker.waiting and now - worker.idle_since > self.seconds:
                reason = f"{worker.path.name}: not read within {self.seconds:g} seconds: leave it out"
                yield ParsedFile(worker.path, worker.document_id, error=reason)
                self._replace(worker)

    def _start_next(self) -> bool:
        found = next(self.files, None)
        if found is None:
            return False
        worker = _Worker(_process())
        self.workers.append(worker)
        threading.Thread(target=self._listen, args=(worker,), daemon=True).start()
        self._send(worker, found)
        return True

    def _assign(self, worker: _Worker) -> None:
        found = next(self.files, None)
        if found is None:
            self.workers.remove(worker)
            _end(worker)
        else:
            self._send(worker, found)

    def _replace(self, worker: _Worker) -> None:
        self.workers.remove(worker)
        _end(worker)
        self._start_next()

    def _send(self, worker: _Worker, file: tuple[Path, str]) -> None:
        worker.path, worker.document_id = Path(file[0]), file[1]
        worker.idle_since = time.monotonic()
        assert worker.process.stdin is not None  # noqa: S101 - Popen was asked for a pipe
        # A process that died meanwhile is found by the thread that listens to it.
        with suppress(OSError):
            worker.process.stdin.write(json.dumps([str(worker.path), worker.document_id]) + "\n")
            worker.process.stdin.flush()

    def _listen(self, worker: _Worker) -> None:
        """Hand on a process's lines; the time spent waiting for the caller is not the file's."""
        assert worker.process.stdout is not None  # noqa: S101 - Popen was asked for a pipe
        for line in worker.process.stdout:
            self._hand_on(worker, line)
        self._hand_on(worker, "")

    def _hand_on(self, worker: _Worker, line: str) -> None:
        worker.idle_since = time.monotonic()
        if line.startswith("T") or self.stopping:
            return
        worker.waiting = True
        self.lines.put((worker, line))
        worker.idle_since = time.monotonic()
        worker.waiting = False


def _process() -> "subprocess.Popen[str]":
    package = Path(__file__).resolve().parents[2]
    paths = [str(package), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "rag_ft.parsing.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"},
    )


def _end(worker: _Worker) -> None:
    worker.process.kill()
    if worker.process.stdin is not None:
        with suppress(OSError):
            worker.process.stdin.close()
    worker.process.wait()
