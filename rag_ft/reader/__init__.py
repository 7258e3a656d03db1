"""Readers: from a question and numbered passages to candidate answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from rag_ft.schema import Candidate, Passage

if TYPE_CHECKING:
    from rag_ft.reader.seq2seq import Seq2SeqReader

__all__ = [
    "BatchReader",
    "Fit",
    "GeneratingReader",
    "Reader",
    "load_reader",
    "not_a_reader",
    "propose_many",
    "without",
]


@dataclass(frozen=True, slots=True)
class Fit:
    """Which of the passages offered fit the reader's budget, in search order."""

    included: tuple[Passage, ...]
    left_out: tuple[Passage, ...]


class Reader(Protocol):
    """Proposes answers from passages; mark `[n]` of a candidate is `passages[n - 1]`."""

    @property
    def name(self) -> str:
        """What the Answer says it was read by."""
        ...

    def fit(self, question: str, passages: Sequence[Passage]) -> Fit:
        """Tell which passages fit the budget, whole, in search order."""
        ...

    def propose(
        self, question: str, passages: Sequence[Passage], n: int, suppress: Sequence[str] = ()
    ) -> list[Candidate]:
        """Propose up to `n` answers, best first, with no name in `suppress`.

        `passages` are those that `fit` included.
        """
        ...


@runtime_checkable
class BatchReader(Protocol):
    """A reader that reads several prompts at once."""

    def propose_many(self, asked: Sequence[tuple[str, Sequence[Passage]]], n: int) -> list[list[Candidate]]:
        """Propose up to `n` answers for each question with its passages, as `Reader.propose` would."""
        ...


@runtime_checkable
class GeneratingReader(Protocol):
    """A reader that says what generates its answers, and why nothing faster does."""

    engine: str
    notes: tuple[str, ...]


def propose_many(
    reader: Reader, asked: Sequence[tuple[str, Sequence[Passage]]], n: int
) -> list[list[Candidate]]:
    """Propose for several questions: at once where the reader can, else one after another."""
    if isinstance(reader, BatchReader):
        return reader.propose_many(asked, n)
    return [reader.propose(question, passages, n) for question, passages in asked]


def load_reader(name: str | Path, *, download: bool = False) -> "Seq2SeqReader":
    """Load a seq2seq reader from a folder, or by its hub id from the local cache.

    Args:
        name: A reader folder, an adapter folder, or a hub id such as "google/flan-t5-small".
        download: Whether a hub id that is not in the cache may be downloaded.

    Raises:
        ModelUnavailableError: it is neither a folder nor in the cache, or cannot be loaded.
    """
    from rag_ft.reader.seq2seq import Seq2SeqReader

    return Seq2SeqReader.load(name, download=download)


def without(candidates: Sequence[Candidate], suppress: Sequence[str]) -> list[Candidate]:
    """Leave out candidates that are empty or hold a suppressed name.

    Suppressing a name's tokens is not enough: a model can spell it in other tokens.
    """
    return [c for c in candidates if c.text and not any(name in c.text for name in suppress)]


def not_a_reader(folder: Path, error: Exception) -> str:
    """Say in a line that a folder is no reader, and why."""
    return (
        f"{folder}: not a seq2seq reader folder ({' '.join(str(error).split())[:200]}); "
        "name a folder that `ragft train` wrote, or a T5 model"
    )
