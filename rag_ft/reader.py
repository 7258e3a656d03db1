"""Readers: from a question and numbered passages to candidate answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag_ft.schema import Candidate, Passage


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
