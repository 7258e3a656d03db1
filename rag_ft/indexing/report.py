"""What a build did, for the person who ran it."""

from dataclasses import dataclass
from typing import Protocol


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
