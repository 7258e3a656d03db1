"""What a build did, for the person who ran it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag_ft.indexing.plan import Plan
from rag_ft.retrieval.manifest import Manifest
from rag_ft.retrieval.passage_db import FileRecord


class Progress(Protocol):
    """Called as a build goes on."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say that `done` of `total` documents ("reading") or passages ("embedding") are done."""
        ...


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build read, kept, dropped and skipped; `seconds` is the whole of it.

    `documents`, `pages` and `passages` count what the index now holds. The files: `added`,
    `changed`, `moved` and `unchanged` are in it, `removed` no longer, `gone` are missing on
    disk but kept (`--prune` drops them), `duplicates` repeat another byte for byte,
    `skipped` could not be read, with the reason. `embedded` counts the texts that went
    through the encoder, `reused` the passages that did not need to.
    """

    generation: str
    documents: int
    pages: int
    passages: int
    seconds: float
    added: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    embedded: int = 0
    reused: int = 0
    is_new: bool = True


def make_report(plan: Plan, manifest: Manifest, records: Sequence[FileRecord] | None = None) -> BuildReport:
    """Say what a plan came to; without `records` nothing was written, and the plan's own stand."""
    if records is None:
        records = [*plan.settled, *(step.record for step in plan.steps if step.record is not None)]
    unread = {record.document for record in records if record.state in ("skipped", "stale")}
    news = Counter(step.news for step in plan.steps if step.name not in unread)
    return BuildReport(
        generation=manifest.generation,
        documents=manifest.documents,
        pages=manifest.pages,
        passages=manifest.passages,
        seconds=0.0,
        added=news["added"],
        changed=news["changed"],
        moved=news["moved"],
        unchanged=news["unchanged"],
        removed=tuple(plan.removed),
        gone=tuple(plan.gone),
        duplicates=tuple((r.document, r.why) for r in records if r.state == "duplicate"),
        skipped=(
            *((r.document, r.why) for r in records if r.state in ("skipped", "stale")),
            *plan.unreadable,
        ),
        reused=manifest.passages,
        is_new=False,
    )
