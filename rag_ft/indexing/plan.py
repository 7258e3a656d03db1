"""What a build has to do for each file and document, decided before anything is parsed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rag_ft.errors import UsageError
from rag_ft.indexing.previous import Previous
from rag_ft.indexing.scanning import Scan, SeenFile
from rag_ft.retrieval.passage_db import FileRecord
from rag_ft.schema import Document

Action = Literal["copy", "remake", "parse", "add"]
# "kept": not looked at by this build, or gone from the disk.
News = Literal["added", "changed", "moved", "unchanged", "kept"]


@dataclass(frozen=True, slots=True)
class Step:
    """One file or document of the new generation, and how it gets there.

    "copy" takes its rows as they are; "remake" cuts the stored document anew, under the id
    of `record`; "parse" reads the file, and falls back on `positions` where that fails;
    "add" takes a document in memory. `positions` are those of the last generation; `news`
    is what there is to say if all goes well.
    """

    action: Action
    name: str
    news: News
    record: FileRecord | None = None
    positions: tuple[int, ...] = ()
    document: Document | None = None
    content: str = ""


@dataclass
class Plan:
    """All steps, by document id, and what is said of the rest."""

    roots: tuple[str, ...]
    steps: list[Step] = field(default_factory=list)
    settled: list[FileRecord] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    has_news: bool = False


class Planner:
    """Compares what is found with the last generation.

    Args:
        previous: the last generation.
        roots: every path that the index is made from, older ones included.
        prune_below: drop documents whose files below these paths are gone; None keeps them.
    """

    def __init__(self, previous: Previous, roots: Sequence[Path], prune_below: Sequence[Path] | None) -> None:
        self._previous = previous
        self._prune_below = prune_below
        self._same_code = previous.has_current_code
        kept = [root for root in roots if prune_below is None or root.exists()]
        self.plan = Plan(tuple(dict.fromkeys(str(root) for root in kept)))

    def files(self, scan: Scan) -> None:
        """Plan for every file found, and for those known that were not."""
        seen = {file.path: file for file in scan.files}
        unread = {document for document, _ in scan.unreadable}
        self.plan.unreadable = list(scan.unreadable)
        known = self._previous.files
        vanished = {
            record.sha256: record
            for record in known.values()
            if record.path not in seen and record.state == "indexed" and not Path(record.path).exists()
        }
        owners: dict[str, tuple[str, str]] = {}
        for record in known.values():
            still = (
                seen[record.path].sha256 == record.sha256
                if record.path in seen
                else Path(record.path).exists()
            )
            if record.state == "indexed" and still:
                owners.setdefault(record.sha256, (record.path, record.document))
        done: set[str] = set()
        for file in scan.files:
            path, document = owners.setdefault(file.sha256, (file.path, file.document))
            old = known.get(file.path)
            if path != file.path:
                self._settle(FileRecord(file.path, file.document, file.sha256, "duplicate", document), old)
            elif old is not None and old.state != "duplicate":
                self._known(file, old)
            elif (origin := vanished.get(file.sha256)) is not None and origin.path not in done:
                done.add(origin.path)
                self._moved(file, origin)
            else:
                record = FileRecord(file.path, file.document, file.sha256, "indexed")
                self._step(Step("parse", file.document, "added", record))
        for record in known.values():
            if record.path not in seen and record.path not in done:
                self._unseen(record, lost=record.document not in unread)

    def documents(self, given: Sequence[Document]) -> None:
        """Plan for documents in memory, and for those known that were not given."""
        contents = {document.info.id: (document, content_hash(document)) for document in given}
        taken = self._previous.ids_of_files & contents.keys()
        if taken or len(contents) < len(given):
            ids = [document.info.id for document in given]
            twice = min(taken or {name for name in ids if ids.count(name) > 1})
            raise UsageError(f"two documents have the id {twice}: give each its own")
        for name, position in self._previous.in_memory.items():
            if name in contents:
                continue
            if self._prune_below is not None and given:
                self.plan.removed.append(name)
            else:
                self._keep(name, "kept", None, (position,))
        for name, (document, content) in contents.items():
            known = self._previous.in_memory.get(name)
            if known is None:
                self._step(Step("add", name, "added", document=document, content=content))
            elif self._previous.db.documents[known].content != content:
                self._step(Step("add", name, "changed", document=document, content=content))
            else:
                self._keep(name, "unchanged", None, (known,))

    def finished(self) -> Plan:
        """Return the plan, its steps in the order of their documents."""
        plan, manifest = self.plan, self._previous.manifest
        plan.steps.sort(key=lambda step: step.name)
        plan.has_news |= bool(plan.removed) or manifest is None or plan.roots != manifest.roots
        return plan

    def _known(self, file: SeenFile, old: FileRecord) -> None:
        positions = self._previous.by_file.get(file.path, ())
        same = old.sha256 == file.sha256
        if not (same and self._same_code):
            record = FileRecord(file.path, old.document, file.sha256, "indexed")
            news: News = "unchanged" if same else "changed" if positions else "added"
            self._step(Step("parse", old.document, news, record, positions))
        elif positions:
            self._step(Step("copy", old.document, "unchanged", old, positions))
        else:
            self._settle(old, old)

    def _moved(self, file: SeenFile, origin: FileRecord) -> None:
        record = FileRecord(file.path, file.document, file.sha256, "indexed")
        positions = self._previous.by_file.get(origin.path, ())
        # A file's name may carry its date or number, so a renamed one is read again.
        same_name = Path(file.path).name == Path(origin.path).name
        action: Action = "remake" if same_name and self._same_code else "parse"
        self._step(Step(action, file.document, "moved", record, positions))

    def _unseen(self, record: FileRecord, *, lost: bool) -> None:
        """Keep or drop a file that this build did not look at, or that is gone."""
        path = Path(record.path)
        positions = self._previous.by_file.get(record.path, ())
        is_gone = lost and not path.exists()
        if not positions:
            if not is_gone:
                self._settle(record, record)
            return
        if is_gone:
            if self._prune_below is not None and any(path.is_relative_to(root) for root in self._prune_below):
                self.plan.removed.append(record.document)
                return
            self.plan.gone.append(record.document)
        self._keep(record.document, "kept", record, positions)

    def _keep(self, name: str, news: News, record: FileRecord | None, positions: tuple[int, ...]) -> None:
        self._step(Step("copy" if self._same_code else "remake", name, news, record, positions))

    def _settle(self, record: FileRecord, old: FileRecord | None) -> None:
        self.plan.settled.append(record)
        self.plan.has_news |= record != old

    def _step(self, step: Step) -> None:
        self.plan.steps.append(step)
        self.plan.has_news |= step.action != "copy"


def content_hash(document: Document) -> str:
    """Return the hash of a document in memory, in the place of a file's hash."""
    from pydantic import TypeAdapter

    return hashlib.sha256(TypeAdapter(Document).dump_json(document)).hexdigest()
