"""The systems themselves: the pipeline, a reader unchecked, and a model that sees no passage."""

import time
from functools import cached_property
from pathlib import Path

from rag_ft.evaluation.systems import Searchable, SystemConfig
from rag_ft.pipeline import open_index, open_pipeline, renumber
from rag_ft.prompts import ABSTENTION, is_abstention, parse_marks
from rag_ft.reader import Reader, load_reader
from rag_ft.reader.quotes import QuoteReader
from rag_ft.schema import Answer, Candidate, Question


class _Configured:
    """What every system says of itself."""

    def __init__(self, config: SystemConfig) -> None:
        self._config = config
        self.name = config.name

    @property
    def settings(self) -> dict[str, str]:
        """The configuration as words, without what was left at nothing."""
        values = self._config.model_dump(mode="json", exclude={"name"})
        return {key: str(value) for key, value in values.items() if value is not None}


class PipelineSystem(_Configured):
    """The whole way of `ragft ask`: search, propose, verify, select, or abstain."""

    kind = "retrieval, verified"

    def __init__(self, config: SystemConfig, folder: Path) -> None:
        super().__init__(config)
        self._pipeline = open_pipeline(folder, config.reader)
        self._folder = folder

    @property
    def index(self) -> Searchable:
        """The index asked."""
        return self._pipeline.index

    @property
    def settings(self) -> dict[str, str]:
        """The configuration, with the reader and the generation that were found."""
        return {
            **super().settings,
            "reader": self._pipeline.reader.name,
            "index": str(self._folder),
            "generation": self._pipeline.index.generation,
        }

    def answer(self, question: Question) -> Answer:
        """Ask as a user would."""
        return self._pipeline.ask(question.question, k=self._config.k, as_of=question.as_of)


class UnverifiedSystem(_Configured):
    """A reader's first answer from the passages found, as it stands."""

    kind = "retrieval, unverified"

    def __init__(self, config: SystemConfig, folder: Path) -> None:
        super().__init__(config)
        self._folder = folder
        self._index = open_index(folder)
        self._reader: Reader = (
            QuoteReader(self._index.encoder)
            if config.reader in (None, QuoteReader.name)
            else load_reader(str(config.reader))
        )

    @property
    def index(self) -> Searchable:
        """The index asked."""
        return self._index

    @property
    def settings(self) -> dict[str, str]:
        """The configuration, with the reader and the generation that were found."""
        return {
            **super().settings,
            "reader": self._reader.name,
            "index": str(self._folder),
            "generation": self._index.generation,
        }

    def answer(self, question: Question) -> Answer:
        """Search, read, and take the first candidate unchecked; abstain only where the reader does."""
        started = time.perf_counter()
        hits = self._index.search(question.question, k=self._config.k, as_of=question.as_of)
        fit = self._reader.fit(question.question, [hit.passage for hit in hits])
        searched = time.perf_counter()
        candidates = self._reader.propose(question.question, fit.included, 1) if fit.included else []
        timings = {"search": searched - started, "read": time.perf_counter() - searched}
        if not candidates or is_abstention(candidates[0].text):
            return unchecked_answer(question, None, self._reader.name, self._index.generation, timings)
        best = candidates[0]
        in_range = all(0 < mark <= len(fit.included) for mark in parse_marks(best.text))
        text, citations = renumber(best, fit.included) if in_range else (best.text, ())
        answer = unchecked_answer(question, best, self._reader.name, self._index.generation, timings)
        return dataclasses_replace(answer, text=text, citations=citations)


class ClosedBookSystem(_Configured):
    """A seq2seq model asked the bare question, as the predecessor was."""

    kind = "closed book"
    index = None

    def __init__(self, config: SystemConfig) -> None:
        super().__init__(config)
        self._reader = load_reader(str(config.reader))

    def answer(self, question: Question) -> Answer:
        """Answer from the model's weights; nothing is cited."""
        started = time.perf_counter()
        candidates = self._reader.complete(question.question, 1)
        timings = {"read": time.perf_counter() - started}
        best = candidates[0] if candidates and not is_abstention(candidates[0].text) else None
        return unchecked_answer(question, best, self._reader.name, "", timings)
