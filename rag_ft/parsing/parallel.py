"""Many files on all cores, in their order, a few documents at a time in memory."""

import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Thread

from rag_ft.parsing.reading import read_outcomes
from rag_ft.parsing.wire import from_line
from rag_ft.schema import Document

DEFAULT_SECONDS = 120.0
# Less text than this, in bytes, is read sooner than a process starts.
_LITTLE = 1_000_000
_TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt", ".jsonl"})
# Files read ahead for each process, and documents kept ready of each file.
_AHEAD, _READY = 2, 4
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
    """Read files, each with its document id, and give what comes of them, in their order.

    A file of many documents gives many, one at a time. Memory holds a few documents for
    each process, however many files there are: a process that gets ahead of the caller
    waits. A file that shows no sign of life for `seconds`, or that kills its process, is
    reported and the others go on.

    Args:
        files: paths and document ids; taken a few at a time.
        workers: processes; 0 reads in this process, without a time limit; None takes all
            cores, and none for a little text.
        seconds: longest time without a document or a page read.
    """
    if workers is None:
        files = list(files)
        workers = 0 if _is_light(files) else min(os.cpu_count() or 1, len(files))
    if workers == 0:
        yield from _here(files)
        return
    pool = _Pool(workers, seconds)
    try:
        yield from pool.read(iter(files))
    finally:
        pool.stop()


def _is_light(files: list[tuple[Path, str]]) -> bool:
    """Whether starting processes would cost more than the files: a little text, and no format that hangs."""
    size = 0
    for path, _ in files:
        if Path(path).suffix.lower() not in _TEXT_SUFFIXES:
            return False
        with suppress(OSError):
            size += Path(path).stat().st_size
    return size < _LITTLE


def _here(files: Iterable[tuple[Path, str]]) -> Iterator[ParsedFile]:
    for path, document_id in files:
        for outcome in read_outcomes(Path(path), document_id):
            if isinstance(outcome, str):
                yield ParsedFile(Path(path), document_id, error=outcome)
            else:
                yield ParsedFile(Path(path), document_id, outcome)


@dataclass(slots=True)
class _Job:
    """A file to read, and the lines that its process wrote; `alive` is when it last did."""

    path: Path
    document_id: str
    lines: Queue[str] = field(default_factory=lambda: Queue(maxsize=_READY))
    worker: "_Worker | None" = None
    alive: float = 0.0
    overdue: bool = False


class _Pool:
    def __init__(self, workers: int, seconds: float) -> None:
        self.seconds = seconds
        self.jobs: Queue[_Job | None] = Queue()
        self.stopping = Event()
        self.workers = [_Worker(self) for _ in range(workers)]

    def read(self, files: Iterator[tuple[Path, str]]) -> Iterator[ParsedFile]:
        """Hand out files a few ahead, and give their documents in order."""
        for worker in self.workers:
            worker.start()
        waiting: deque[_Job] = deque()
        while True:
            for path, document_id in islice(files, _AHEAD * len(self.workers) - len(waiting)):
                job = _Job(Path(path), document_id)
                waiting.append(job)
                self.jobs.put(job)
            if not waiting:
                return
            yield from self._results(waiting.popleft(), waiting)

    def stop(self) -> None:
        """End every process; threads that wait find that all is over."""
        self.stopping.set()
        for worker in self.workers:
            self.jobs.put(None)
            worker.end()

    def _results(self, job: _Job, others: deque[_Job]) -> Iterator[ParsedFile]:
        while True:
            try:
                line = job.lines.get(timeout=_TICK)
            except Empty:
                self._end_overdue((job, *others))
                continue
            kind, rest = line[:1], line[1:].rstrip("\n")
            if kind == ".":
                return
            if kind == "D":
                yield ParsedFile(job.path, job.document_id, from_line(rest))
            else:
                yield ParsedFile(job.path, job.document_id, error=rest)

    def _end_overdue(self, jobs: tuple[_Job, ...]) -> None:
        now = time.monotonic()
        for job in jobs:
            if job.worker is not None and not job.lines.full() and now - job.alive > self.seconds:
                job.overdue = True
                job.worker.end()


class _Worker(Thread):
    """A thread that keeps a reading process, gives it files and listens to it."""

    def __init__(self, pool: _Pool) -> None:
        super().__init__(daemon=True)
        self.pool = pool
        self.process: subprocess.Popen[str] | None = None

    def run(self) -> None:
        """Read files until there are none."""
        while (job := self.pool.jobs.get()) is not None and not self.pool.stopping.is_set():
            job.alive = time.monotonic()
            job.worker = self
            self._read(job)
            job.worker = None
            self._put(job, ".")
        self.end()

    def end(self) -> None:
        """Kill the process; the thread that listens sees its output end."""
        process = self.process
        if process is not None:
            process.kill()
            process.wait()

    def _read(self, job: _Job) -> None:
        process = self._running()
        # A process that died meanwhile shows below, as an output that ends.
        with suppress(OSError):
            if process.stdin is not None:
                process.stdin.write(json.dumps([str(job.path), job.document_id]) + "\n")
                process.stdin.flush()
        for line in process.stdout or ():
            job.alive = time.monotonic()
            if line.startswith("."):
                return
            if not line.startswith("T"):
                self._put(job, line)
                # The time that the caller took is not the file's.
                job.alive = time.monotonic()
        self._put(job, f"E{self._why(job, process)}")
        self.process = None

    def _why(self, job: _Job, process: "subprocess.Popen[str]") -> str:
        code = process.wait()
        if job.overdue:
            return f"{job.path.name}: not read within {self.pool.seconds:g} seconds: leave it out"
        return f"{job.path.name}: reading it ended its process (code {code}): leave it out"

    def _put(self, job: _Job, line: str) -> None:
        while not self.pool.stopping.is_set():
            with suppress(Full):
                job.lines.put(line, timeout=_TICK)
                return

    def _running(self) -> "subprocess.Popen[str]":
        if self.process is None:
            self.process = _start_process()
        return self.process


def _start_process() -> "subprocess.Popen[str]":
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
