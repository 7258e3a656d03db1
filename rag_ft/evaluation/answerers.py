"""The systems themselves: the pipeline, a reader unchecked, and a model that sees no passage."""

import time
from pathlib import Path
from typing import cast

from rag_ft.evaluation.given import GivenPassages
from rag_ft.evaluation.systems import Searchable, SystemConfig
from rag_ft.pipeline import Pipeline, open_reader, renumber
from rag_ft.prompts import ABSTENTION, is_abstention, parse_marks
from rag_ft.reader import GeneratingReader, Reader, load_reader
from rag_ft.reader.quotes import QuoteReader
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Answer, Candidate, Citation, Passage, Question


class PipelineSystem:
    """The whole way of `ragft ask`: search, propose, verify, select, or abstain."""

    kind = "retrieval, verified"

    def __init__(self, config: SystemConfig, source: Path | GivenPassages) -> None:
        self.name = config.name
        self._k = config.k
        index = _open(config, source)
        self._pipeline = Pipeline(index, open_reader(config.reader))
        self.index: Searchable = index
        self.settings = _found(config, source, self._pipeline.reader, index.generation)

    def answer(self, question: Question) -> Answer:
        """Ask as a user would."""
        return self._pipeline.ask(question.question, k=self._k, as_of=question.as_of)


class UnverifiedSystem:
    """A reader's first answer from the passages found, as it stands."""

    kind = "retrieval, unverified"

    def __init__(self, config: SystemConfig, source: Path | GivenPassages) -> None:
        self.name = config.name
        self._k = config.k
        self._index = _open(config, source)
        self.index: Searchable = self._index
        self._reader: Reader = open_reader(config.reader or QuoteReader.name) or QuoteReader(
            self._index.encoder
        )
        self.settings = _found(config, source, self._reader, self._index.generation)

    def answer(self, question: Question) -> Answer:
        """Search, read, and take the first candidate unchecked; abstain only where the reader does."""
        started = time.perf_counter()
        hits = self._index.search(question.question, k=self._k, as_of=question.as_of)
        searched = time.perf_counter()
        fit = self._reader.fit(question.question, [hit.passage for hit in hits])
        candidates = self._reader.propose(question.question, fit.included, 1) if fit.included else []
        timings = {"search": searched - started, "read": time.perf_counter() - searched}
        return raw_answer(question, candidates, fit.included, self._reader.name, timings)


class ClosedBookSystem:
    """A seq2seq model asked the bare question, as the predecessor was."""

    kind = "closed book"
    index = None

    def __init__(self, config: SystemConfig) -> None:
        self.name = config.name
        self._reader = load_reader(str(config.reader))
        self.settings = {**config.as_words(), "engine": self._reader.engine}

    def answer(self, question: Question) -> Answer:
        """Answer from the model's weights; nothing is cited."""
        started = time.perf_counter()
        candidates = self._reader.complete(question.question, 1)
        timings = {"read": time.perf_counter() - started}
        return raw_answer(question, candidates, (), self._reader.name, timings)


def _open(config: SystemConfig, source: Path | GivenPassages) -> PassageIndex:
    if isinstance(source, GivenPassages):
        # It stands in for an index in all that a pipeline asks of one.
        return cast("PassageIndex", source)
    return PassageIndex.load(source, settings=config.search)


def _found(
    config: SystemConfig, source: Path | GivenPassages, reader: Reader, generation: str
) -> dict[str, str]:
    """Say what a system was made with: its configuration, and what was found for it."""
    place = {"passages": generation} if isinstance(source, GivenPassages) else {"index": str(source)}
    engine = {"engine": reader.engine} if isinstance(reader, GeneratingReader) else {}
    return {**config.as_words(), "reader": reader.name, **engine, **place, "generation": generation}


def raw_answer(
    question: Question,
    candidates: list[Candidate],
    passages: tuple[Passage, ...],
    reader: str,
    timings: dict[str, float],
) -> Answer:
    """Make an Answer of a reader's first candidate as it stands; marks out of range cite nothing."""
    best = next(iter(candidates), None)
    abstained = best is None or is_abstention(best.text)
    text = ABSTENTION
    citations: tuple[Citation, ...] = ()
    if best is not None and not abstained:
        in_range = all(0 < mark <= len(passages) for mark in parse_marks(best.text))
        text, citations = renumber(best, passages) if in_range else (best.text, ())
    return Answer(
        question=question.question,
        text=text,
        abstained=abstained,
        reason="not_found" if abstained else None,
        citations=citations,
        closest=(),
        absence=None,
        verdicts=(),
        reader=reader,
        index_generation="",
        timings=timings,
        confidence=best.score if best is not None and not abstained else None,
    )
