"""Systems to compare: each a YAML file that says how a question is answered."""

import logging
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal, Protocol, Self

from pydantic import Field, model_validator

from rag_ft.config import DEFAULT_INDEX, Settings
from rag_ft.errors import UsageError
from rag_ft.schema import Answer, Hit, Passage, Question

logger = logging.getLogger(__name__)

Kind = Literal["retrieval", "closed-book"]


class Searchable(Protocol):
    """What an evaluation asks of an index."""

    def search(self, question: str, k: int = 5, as_of: date | None = None) -> Sequence[Hit]:
        """Return the `k` best passages, best first."""
        ...

    def passage(self, passage_id: str) -> Passage:
        """Return a passage by its id; raises UsageError where there is none."""
        ...


class System(Protocol):
    """Something that answers questions; `index` is None where it looks nothing up."""

    @property
    def name(self) -> str:
        """What reports call it."""
        ...

    @property
    def kind(self) -> str:
        """What kind of system it is, in a word or two."""
        ...

    @property
    def settings(self) -> dict[str, str]:
        """What it was made with, for the report."""
        ...

    @property
    def index(self) -> Searchable | None:
        """Where its passages come from."""
        ...

    def answer(self, question: Question) -> Answer:
        """Answer one question, or abstain."""
        ...


class SystemConfig(Settings):
    """A system as YAML.

    `reader` is "quotes", a reader folder or a hub id that is in the cache; without it a
    retrieval system takes what `ragft ask` would. `verify: false` gives the reader's own
    first answer, unchecked. A closed-book system is a seq2seq model that sees no passage.
    """

    name: str = Field(min_length=1)
    kind: Kind = "retrieval"
    reader: str | None = None
    index: Path | None = None
    k: int = Field(default=5, ge=1, le=100)
    verify: bool = True

    @model_validator(mode="after")
    def _closed_book_needs_a_model(self) -> Self:
        if self.kind == "closed-book" and self.reader in (None, "quotes"):
            raise ValueError("a closed-book system needs reader: the folder or the hub id of a seq2seq model")
        return self


class PassageLookup:
    """Finds cited passages again; one that the index does not hold is None, and said in the log."""

    def __init__(self, index: Searchable | None) -> None:
        self._index = index

    def find(self, passage_id: str) -> Passage | None:
        """Return the passage, or None where nothing of that id can be found."""
        if self._index is None:
            return None
        try:
            return self._index.passage(passage_id)
        except UsageError:
            logger.warning("a citation points to passage %s, which the index does not hold", passage_id)
            return None


def build_system(config: SystemConfig, index: str | Path | None = None) -> System:
    """Make a system ready to answer.

    Args:
        config: what to make.
        index: the index folder for a system that names none; default `index/default`.

    Raises:
        RagFtError: the index or the reader is not at hand; the text says which and why.
    """
    from rag_ft.evaluation.answerers import ClosedBookSystem, PipelineSystem, UnverifiedSystem

    if config.kind == "closed-book":
        return ClosedBookSystem(config)
    folder = config.index or Path(index or DEFAULT_INDEX)
    return PipelineSystem(config, folder) if config.verify else UnverifiedSystem(config, folder)
