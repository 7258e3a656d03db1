"""Ask one system every question, and count what each answer and each search adds."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rag_ft.errors import RagFtError, UsageError
from rag_ft.evaluation.results import KeptPassage, RowResult, ShownPassage
from rag_ft.evaluation.scoring import SEARCH_DEPTH, CitedPassage, Rubric, score_answer, score_searches
from rag_ft.evaluation.systems import Retriever, Searchable, System
from rag_ft.gold import gold_among
from rag_ft.prompts import ABSTENTION
from rag_ft.schema import Answer, Hit, Passage, Question

logger = logging.getLogger(__name__)

Only = Literal["retrieval"]
# Called with the system's name, questions done and questions in all.
OnProgress = Callable[[str, int, int], None]

_SHOWN_HITS = 5


@dataclass(frozen=True, slots=True)
class Asking:
    """How questions are asked and answers judged, the same for every system.

    Attributes:
        rubric: what judges.
        only: "retrieval" asks for no answer.
        searches: whether the search is judged; not where passages come with the questions.
        keep_texts: whether the texts of passages are kept for the report.
        on_progress: called after each question.
        passages: what was cited or found, by passage id; filled while questions are asked.
    """

    rubric: Rubric
    only: Only | None = None
    searches: bool = True
    keep_texts: bool = True
    on_progress: OnProgress | None = None
    passages: dict[str, KeptPassage] = field(default_factory=dict)


def ask_all(system: Retriever, questions: Sequence[Question], asking: Asking) -> list[RowResult]:
    """Ask every question; rows come in their order."""
    answering = system if asking.only is None and isinstance(system, System) else None
    if answering is not None:
        # Models load at the first question; what is timed comes after it.
        _ask(answering, questions[0], asking)
    hits: dict[str, Sequence[Hit]] = {}
    rows: list[RowResult] = []
    for done, question in enumerate(questions, start=1):
        row = RowResult(question.id, {}) if answering is None else _ask(answering, question, asking)
        if system.index is not None and asking.searches:
            found = system.index.search(question.question, k=SEARCH_DEPTH, as_of=question.as_of)
            hits[question.id] = found
            shown = (_shown(hit.rank, hit.passage, question, asking) for hit in found[:_SHOWN_HITS])
            row = replace(row, found=tuple(shown))
        rows.append(row)
        if asking.on_progress is not None:
            asking.on_progress(system.name, done, len(questions))
    if not hits:
        return rows
    searched = score_searches(questions, hits, asking.rubric)
    return [replace(row, tallies={**row.tallies, **searched.get(row.id, {})}) for row in rows]


def _ask(system: System, question: Question, asking: Asking) -> RowResult:
    started = time.perf_counter()
    try:
        answer = system.answer(question)
        error = None
    except RagFtError as failure:
        answer, error = _no_answer(question), str(failure)
    seconds = time.perf_counter() - started
    cited = [
        CitedPassage(citation.mark, _look_up(system.index, citation.passage_id))
        for citation in answer.citations
    ]
    score = score_answer(question, answer, cited, asking.rubric)
    return RowResult(
        id=question.id,
        tallies=score.tallies,
        text=answer.text,
        abstained=answer.abstained,
        reason=answer.reason,
        error=error,
        cited=tuple(
            _shown(each.mark, each.passage, question, asking) for each in cited if each.passage is not None
        ),
        faults=score.faults,
        confidence=answer.confidence,
        seconds=seconds,
    )


def _look_up(index: Searchable | None, passage_id: str) -> Passage | None:
    """Find a cited passage in the index, for what the answer says of it proves nothing."""
    if index is None:
        return None
    try:
        return index.passage(passage_id)
    except UsageError:
        logger.warning("a citation points to passage %s, which the index does not hold", passage_id)
        return None


def _shown(mark: int, passage: Passage, question: Question, asking: Asking) -> ShownPassage:
    info = passage.document
    text = passage.text if asking.keep_texts else ""
    asking.passages.setdefault(passage.id, KeptPassage(info.id, info.number, passage.label, text))
    is_gold = bool(gold_among([passage], question.gold, asking.rubric.matches))
    return ShownPassage(mark, passage.id, is_gold)


def _no_answer(question: Question) -> Answer:
    return Answer(
        question=question.question,
        text=ABSTENTION,
        abstained=True,
        reason=None,
        citations=(),
        closest=(),
        absence=None,
        verdicts=(),
        reader="",
        index_generation="",
    )
