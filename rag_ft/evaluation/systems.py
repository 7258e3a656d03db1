"""Systems to compare: each a YAML file that says how a question is answered."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal, Protocol, Self, runtime_checkable

from pydantic import Field, model_validator

from rag_ft.config import Settings
from rag_ft.places import DEFAULT_INDEX
from rag_ft.schema import Answer, Hit, Passage, Question

Kind = Literal["retrieval", "closed-book"]


class Searchable(Protocol):
    """What an evaluation asks of an index."""

    def search(self, question: str, k: int = 5, as_of: date | None = None) -> Sequence[Hit]:
        """Return the `k` best passages, best first."""
        ...

    def passage(self, passage_id: str) -> Passage:
        """Return a passage by its id; raises UsageError where there is none."""
        ...


class Retriever(Protocol):
    """Something that finds passages; `index` is None where it looks nothing up."""

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


@runtime_checkable
class System(Retriever, Protocol):
    """A retriever, or none, that answers questions."""

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

    def as_words(self) -> dict[str, str]:
        """Return what was set, for a report."""
        values = self.model_dump(mode="json", exclude={"name", "kind"}, exclude_none=True)
        return {key: str(value) for key, value in values.items()}


class SearchOnly:
    """The searching half of a system; one without a folder looks nothing up."""

    kind = "search"

    def __init__(self, name: str, folder: Path | None) -> None:
        self.name = name
        self.index: Searchable | None = None
        self.settings: dict[str, str] = {}
        if folder is not None:
            from rag_ft.retrieval.passage_index import PassageIndex

            index = PassageIndex.load(folder)
            self.index = index
            self.settings = {"index": str(folder), "generation": index.generation}


def build_system(config: SystemConfig, index: str | Path | None = None) -> System:
    """Make a system ready to answer.

    Args:
        config: what to make.
        index: the index folder of a system that names none; default `index/default`.

    Raises:
        RagFtError: the index or the reader is not at hand; the text says which and why.
    """
    from rag_ft.evaluation.answerers import ClosedBookSystem, PipelineSystem, UnverifiedSystem

    if config.kind == "closed-book":
        return ClosedBookSystem(config)
    folder = _folder(config, index)
    return PipelineSystem(config, folder) if config.verify else UnverifiedSystem(config, folder)


def build_retriever(config: SystemConfig, index: str | Path | None = None) -> Retriever:
    """Make the searching half of a system; no reader is loaded.

    Raises:
        RagFtError: the index is not at hand; the text says why.
    """
    return SearchOnly(config.name, None if config.kind == "closed-book" else _folder(config, index))


def _folder(config: SystemConfig, index: str | Path | None) -> Path:
    return config.index or Path(index or DEFAULT_INDEX)
