"""Fetching a list of sources: politely, one at a time, and only what is new."""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import yaml

from rag_ft.errors import FetchError, UsageError
from rag_ft.fetching.records import FileRecord, read_records, replace_file, write_records
from rag_ft.fetching.robots import Robots
from rag_ft.fetching.sources import MEDIA_TYPES, Source, Sources
from rag_ft.fetching.web import Limits, Response, TransientError, Web
from rag_ft.retrieval.manifest import hash_file

Outcome = Literal["new", "changed", "unchanged", "failed"]

# A server may ask for more patience than a person at a terminal has.
_LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """What became of one source; `why` says it where it failed."""

    file: str
    outcome: Outcome
    size: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What became of every source."""

    folder: str
    files: tuple[FetchedFile, ...]
    seconds: float

    @property
    def failed(self) -> tuple[FetchedFile, ...]:
        """The sources that could not be fetched."""
        return tuple(file for file in self.files if file.outcome == "failed")


def fetch_sources(
    sources: Sources,
    folder: str | Path,
    *,
    only: Iterable[str] = (),
    limits: Limits | None = None,
    allow_loopback: bool = False,
    progress: Callable[[FetchedFile, int, int], None] | None = None,
) -> FetchReport:
    """Download what is new of a list of sources into a folder, one file at a time.

    Each host's robots.txt is obeyed; what the server says is unchanged is not sent again;
    what broke off goes on where it stopped. A file is replaced whole or not at all, and a
    side-car of YAML beside it holds what the list says of the document.

    Args:
        sources: the list.
        folder: where the files go.
        only: names of files to fetch; all by default.
        limits: of size, time and pace.
        allow_loopback: also this machine, without TLS; for tests.
        progress: called with each file as it is done, its number and how many there are.

    Raises:
        UsageError: a name in `only` is not listed.
        FetchError: the folder cannot be written.
    """
    started = time.perf_counter()
    wanted = _wanted(sources, only)
    limits = limits or Limits()
    web = Web(sources.hosts, limits, allow_loopback=allow_loopback)
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        fetcher = _Fetcher(web, Robots(web), target, limits)
        files = []
        for number, source in enumerate(wanted, start=1):
            files.append(fetcher.fetch(source))
            if progress:
                progress(files[-1], number, len(wanted))
    except OSError as error:
        raise FetchError(
            f"{target} cannot be written: {error.strerror}: choose another folder with --to"
        ) from error
    return FetchReport(str(target), tuple(files), time.perf_counter() - started)


def _wanted(sources: Sources, only: Iterable[str]) -> list[Source]:
    names = set(only)
    if unknown := sorted(names - {source.file for source in sources.sources}):
        raise UsageError(f"{unknown[0]} is not in the list of sources: check its name there")
    return [source for source in sources.sources if not names or source.file in names]


class _Fetcher:
    def __init__(self, web: Web, robots: Robots, folder: Path, limits: Limits) -> None:
        self._web = web
        self._robots = robots
        self._folder = folder
        self._limits = limits
        self._records = read_records(folder)

    def fetch(self, source: Source) -> FetchedFile:
        """Bring one file up to date, trying again where that may help."""
        for attempt in range(1, self._limits.attempts + 1):
            try:
                return self._attempt(source)
            except TransientError as error:
                wait = max(error.after, self._limits.delay * 2**attempt)
                if attempt == self._limits.attempts or wait > _LONGEST_WAIT:
                    return FetchedFile(source.file, "failed", why=str(error))
                time.sleep(wait)
            except FetchError as error:
                return FetchedFile(source.file, "failed", why=str(error))
        raise AssertionError("limits.attempts is at least 1")

    def _attempt(self, source: Source) -> FetchedFile:
        delay = max(self._limits.delay, self._robots.check(source.url))
        path = self._folder / source.file
        record = self._records.get(source.file)
        if record is not None and not (
            record.url == source.url and path.is_file() and hash_file(path) == record.sha256
        ):
            record = None  # another address, or a file that was lost or altered
        part = _Part(self._folder / f"{source.file}.part", source.url)
        with self._web.get(source.url, _conditions(record, part), delay=delay) as response:
            if response.status == 304 and record is not None:
                part.discard()
                return self._keep(source, record)
            self._receive(response, part, source)
            return self._finish(source, record, part, response)

    def _receive(self, response: Response, part: "_Part", source: Source) -> None:
        """Write the body to the part file, checking status, type and size."""
        if response.status == 416:
            part.discard()
            raise TransientError(f"{source.url} no longer has what was begun")
        resumed = response.status == 206 and part.resumes(response)
        if not resumed and response.status != 200:
            raise _refusal(response)
        _check_type(response, source)
        already = part.size if resumed else 0
        part.begin(response, keep=resumed)
        with part.path.open("ab" if resumed else "wb") as stream:
            for chunk in response.chunks(self._limits.bytes - already):
                if stream.tell() == 0:
                    _check_signature(chunk, source)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        if part.size == 0:
            raise FetchError(f"{source.url} sends an empty file")

    def _finish(
        self, source: Source, record: FileRecord | None, part: "_Part", response: Response
    ) -> FetchedFile:
        sha256, size, now = hash_file(part.path), part.size, _now()
        same = record is not None and record.sha256 == sha256
        is_new = not (self._folder / source.file).is_file()
        part.path.replace(self._folder / source.file)
        part.discard()
        self._records[source.file] = FileRecord(
            url=source.url,
            final_url=response.url,
            sha256=sha256,
            size=size,
            fetched=now,
            checked=now,
            etag=response.header("ETag"),
            last_modified=response.header("Last-Modified"),
        )
        self._write(source)
        outcome: Outcome = "unchanged" if same else "new" if is_new else "changed"
        return FetchedFile(source.file, outcome, size)

    def _keep(self, source: Source, record: FileRecord) -> FetchedFile:
        self._records[source.file] = replace(record, checked=_now())
        self._write(source)
        return FetchedFile(source.file, "unchanged", record.size)

    def _write(self, source: Source) -> None:
        write_records(self._folder, self._records)
        sidecar = self._folder / f"{source.file}.yaml"
        content = yaml.safe_dump(source.metadata, allow_unicode=True, sort_keys=False).encode()
        if not sidecar.is_file() or sidecar.read_bytes() != content:
            replace_file(sidecar, content)


class _Part:
    """A download that is not finished, and what it needs to go on: address and validator."""

    def __init__(self, path: Path, url: str) -> None:
        self.path = path
        self._url = url
        self._state = path.with_name(path.name + ".state")

    @property
    def size(self) -> int:
        """Bytes received so far."""
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def validator(self) -> str | None:
        """What tells the server which version was begun; None where it cannot go on."""
        try:
            url, validator = self._state.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return None
        return validator if url == self._url and self.size else None

    def begin(self, response: Response, *, keep: bool) -> None:
        """Note which version is received; a weak validator promises no equal bytes."""
        etag = response.header("ETag")
        validator = etag if etag and not etag.startswith("W/") else response.header("Last-Modified")
        if not keep:
            self._state.write_text(f"{self._url}\n{validator or ''}", encoding="utf-8")

    def resumes(self, response: Response) -> bool:
        """Whether a partial answer goes on exactly where this stopped."""
        given = response.header("Content-Range") or ""
        if given.startswith(f"bytes {self.size}-"):
            return True
        self.discard()
        raise TransientError(f"{self._url} sends another part than was asked for")

    def discard(self) -> None:
        """Forget what was begun."""
        self.path.unlink(missing_ok=True)
        self._state.unlink(missing_ok=True)


def _conditions(record: FileRecord | None, part: _Part) -> dict[str, str]:
    """Return the headers that ask for nothing that is here already."""
    if validator := part.validator:
        return {"Range": f"bytes={part.size}-", "If-Range": validator}
    headers = {}
    if record is not None and record.etag:
        headers["If-None-Match"] = record.etag
    if record is not None and record.last_modified:
        headers["If-Modified-Since"] = record.last_modified
    return headers


def _refusal(response: Response) -> FetchError:
    message = f"{response.url} answers {response.status}"
    if response.status == 429 or response.status >= 500:
        after = response.header("Retry-After") or ""
        return TransientError(message, float(after) if after.isdigit() else 0.0)
    return FetchError(f"{message}: check the address in the list of sources")


def _check_type(response: Response, source: Source) -> None:
    sent = (response.header("Content-Type") or "").split(";")[0].strip().lower()
    types, _ = MEDIA_TYPES[source.suffix]
    if sent and sent not in types:
        raise FetchError(f"{response.url} sends {sent}, and {source.file} should be {types[0]}")


def _check_signature(start: bytes, source: Source) -> None:
    _, signature = MEDIA_TYPES[source.suffix]
    if not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(signature):
        raise FetchError(f"{source.url} sends something else than {source.suffix} (it begins {start[:16]!r})")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
