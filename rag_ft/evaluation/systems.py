"""Systems to compare: each a YAML file that says how a question is answered."""

import dataclasses
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal, Protocol, Self, runtime_checkable

from pydantic import Field, model_validator

from rag_ft.config import Settings
from rag_ft.evaluation.given import GivenPassages
from rag_ft.places import DEFAULT_INDEX
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.retrieval.search_settings import SearchSettings
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


# An index folder (None: the default one), or passages that come with the questions.
Source = Path | GivenPassages | None


class SystemConfig(Settings):
    """A system as YAML.

    `reader` is "quotes", a reader folder or a hub id that is in the cache; without it a
    retrieval system takes what `ragft ask` would. `verify: false` gives the reader's own
    first answer, unchecked. `search` weighs the stages of the search. A closed-book system
    is a seq2seq model that sees no passage.
    """

    name: str = Field(min_length=1)
    kind: Kind = "retrieval"
    reader: str | None = None
    index: Path | None = None
    k: int = Field(default=5, ge=1, le=100)
    verify: bool = True
    search: SearchSettings = SearchSettings()

    @model_validator(mode="after")
    def _closed_book_needs_a_model(self) -> Self:
        if self.kind == "closed-book" and self.reader in (None, "quotes"):
            raise ValueError("a closed-book system needs reader: the folder or the hub id of a seq2seq model")
        return self

    def as_words(self) -> dict[str, str]:
        """Return what was set, for a report; what was left as it stands is not named."""
        values = self.model_dump(mode="json", exclude={"name", "kind", "search"}, exclude_none=True)
        chosen = {each.name: getattr(self.search, each.name) for each in dataclasses.fields(self.search)}
        default = SearchSettings()
        values |= {key: value for key, value in chosen.items() if value != getattr(default, key)}
        return {key.replace("_", " "): str(value) for key, value in values.items()}


class SearchOnly:
    """The searching half of a system; one without an index looks nothing up."""

    kind = "search"

    def __init__(self, config: SystemConfig, folder: Path | None) -> None:
        self.name = config.name
        self.index: Searchable | None = None
        self.settings = config.as_words()
        if folder is not None:
            index = PassageIndex.load(folder, settings=config.search)
            self.index = index
            self.settings |= {"index": str(folder), "generation": index.generation}


def build_system(config: SystemConfig, source: Source = None) -> System:
    """Make a system ready to answer.

    Args:
        config: what to make.
        source: where a system that names no index takes its passages from.

    Raises:
        RagFtError: the index or the reader is not at hand; the text says which and why.
    """
    from rag_ft.evaluation.answerers import ClosedBookSystem, PipelineSystem, UnverifiedSystem

    if config.kind == "closed-book":
        return ClosedBookSystem(config)
    found = source
    if not isinstance(found, GivenPassages):
        found = _folder(config, found)
    return PipelineSystem(config, found) if config.verify else UnverifiedSystem(config, found)


def build_retriever(config: SystemConfig, source: Source = None) -> Retriever:
    """Make the searching half of a system; no reader is loaded.

    Raises:
        RagFtError: the index is not at hand; the text says why.
    """
    if config.kind == "closed-book" or isinstance(source, GivenPassages):
        return SearchOnly(config, None)
    return SearchOnly(config, _folder(config, source))


def _folder(config: SystemConfig, source: Path | None) -> Path:
    return config.index or source or DEFAULT_INDEX
