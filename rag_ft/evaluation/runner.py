"""Run systems side by side on the same questions, and count."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from rag_ft.errors import DataFormatError, RagFtError, UsageError
from rag_ft.evaluation.citations import Supports, contains, gold_judge
from rag_ft.evaluation.comparing import compare_all, summarise
from rag_ft.evaluation.provenance import this_machine
from rag_ft.evaluation.results import (
    AskedQuestion,
    Estimate,
    Evaluation,
    QuestionSet,
    RowResult,
    ShownPassage,
    SystemResult,
)
from rag_ft.evaluation.risk_coverage import risk_coverage
from rag_ft.evaluation.scoring import SEARCH_DEPTH, CitedPassage, is_answerable, score_answer, score_searches
from rag_ft.evaluation.statistics import DEFAULT_RESAMPLES
from rag_ft.evaluation.systems import (
    Retriever,
    Searchable,
    System,
    SystemConfig,
    build_retriever,
    build_system,
)
from rag_ft.gold import is_gold
from rag_ft.prompts import ABSTENTION
from rag_ft.question_rows import load_questions
from rag_ft.schema import Answer, Hit, Passage, Question

logger = logging.getLogger(__name__)

Only = Literal["retrieval"]
# Called with the system's name, questions done and questions in all.
OnProgress = Callable[[str, int, int], None]

_SHOWN_HITS = 5


def evaluate(
    questions: str | Path | Iterable[Question],
    systems: Iterable[str | Path | SystemConfig | Retriever] = (),
    *,
    index: str | Path | None = None,
    only: Only | None = None,
    split: str | None = None,
    judge: str = "gold",
    seed: int = 0,
    resamples: int = DEFAULT_RESAMPLES,
    keep_texts: bool = True,
    title: str = "Evaluation",
    on_progress: OnProgress | None = None,
) -> Evaluation:
    """Ask every system every question and estimate every measure with its interval.

    Args:
        questions: a question file, or rows.
        systems: YAML files, configurations or systems; without any, `ragft ask` as it stands.
        index: the index folder of systems that name none.
        only: "retrieval" asks the search alone.
        split: keep only rows of this split ("dev", "test").
        judge: of citations: "gold" (paragraphs where the row has them, else containment),
            "containment", or an entailment model by folder or name.
        seed: of the bootstrap.
        resamples: how often the bootstrap draws.
        keep_texts: whether the result holds the texts of passages, for a report that shows them.
        title: what the report is called.
        on_progress: called after each question.

    Returns:
        What was found; a system that cannot run here is in it as "not run", with the reason.

    Raises:
        UsageError: no question is left, or two systems share a name.
        ConfigError: a system's YAML is wrong.
        DataFormatError: the question file cannot be read.
        ModelUnavailableError: the entailment model is not at hand.
    """
    asking = _Asking(only, make_judge(judge), keep_texts, on_progress)
    rows = load_questions(questions) if isinstance(questions, str | Path) else list(questions)
    rows = [row for row in rows if split is None or row.split == split]
    _check_questions(rows, split)
    configured = [_configured(each) for each in systems] or [SystemConfig(name="ragft")]
    _check_names([each.name for each in configured])
    results = tuple(
        _run(each, rows, index, asking, partial(summarise, seed=seed, resamples=resamples))
        for each in configured
    )
    return Evaluation(
        questions=_question_set(questions, rows, split),
        systems=results,
        comparisons=compare_all(results, seed, resamples),
        machine=this_machine(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=seed,
        resamples=resamples,
        citation_judge=judge,
        title=title,
    )


def make_judge(name: str) -> Callable[[Question], Supports]:
    """Return what judges the citations of a question's answer: "gold", "containment" or a model's name.

    Raises:
        ModelUnavailableError: the model is not at hand.
    """
    if name == "gold":
        return gold_judge
    if name == "containment":
        return lambda _: contains
    from rag_ft.evaluation.nli import load_nli_judge

    supports = load_nli_judge(name)
    return lambda _: supports


@dataclass(frozen=True, slots=True)
class _Asking:
    """How questions are asked and answers judged, the same for every system."""

    only: Only | None
    judge: Callable[[Question], Supports]
    keep_texts: bool
    on_progress: OnProgress | None


def _run(
    each: SystemConfig | Retriever,
    questions: Sequence[Question],
    index: str | Path | None,
    asking: _Asking,
    estimate: Callable[[Sequence[RowResult]], dict[str, Estimate]],
) -> SystemResult:
    try:
        system = _built(each, index, asking.only)
    except RagFtError as error:
        words = each.as_words() if isinstance(each, SystemConfig) else {}
        return SystemResult(each.name, each.kind, words, "not run", reason=str(error))
    if asking.only == "retrieval" and system.index is None:
        return SystemResult(
            system.name, system.kind, system.settings, "not run", reason="it searches nothing"
        )
    rows = tuple(_ask_all(system, questions, asking))
    return SystemResult(
        system.name,
        system.kind,
        system.settings,
        "ran",
        measures=estimate(rows),
        curve=risk_coverage(rows),
        rows=rows,
    )


def _built(each: SystemConfig | Retriever, index: str | Path | None, only: Only | None) -> Retriever:
    if not isinstance(each, SystemConfig):
        return each
    return build_retriever(each, index) if only == "retrieval" else build_system(each, index)


def _ask_all(system: Retriever, questions: Sequence[Question], asking: _Asking) -> list[RowResult]:
    hits: dict[str, Sequence[Hit]] = {}
    rows: list[RowResult] = []
    for done, question in enumerate(questions, start=1):
        # Answers first: a question that was just searched would find its embedding warm.
        row = RowResult(question.id, {})
        if asking.only is None and isinstance(system, System):
            row = _ask(system, question, asking)
        if system.index is not None:
            found = system.index.search(question.question, k=SEARCH_DEPTH, as_of=question.as_of)
            hits[question.id] = found
            shown = (_shown(hit.rank, hit.passage, question, asking) for hit in found[:_SHOWN_HITS])
            row = replace(row, found=tuple(shown))
        rows.append(row)
        if asking.on_progress is not None:
            asking.on_progress(system.name, done, len(questions))
    if system.index is None:
        return rows
    searched = score_searches(questions, hits)
    return [replace(row, tallies={**row.tallies, **searched.get(row.id, {})}) for row in rows]


def _ask(system: System, question: Question, asking: _Asking) -> RowResult:
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
    score = score_answer(question, answer, cited, asking.judge(question))
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


def _shown(mark: int, passage: Passage, question: Question, asking: _Asking) -> ShownPassage:
    return ShownPassage(
        mark=mark,
        document=passage.document.id,
        number=passage.document.number,
        label=passage.label,
        text=passage.text if asking.keep_texts else "",
        is_gold=any(is_gold(passage, gold) for gold in question.gold),
    )


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


def _configured(system: str | Path | SystemConfig | Retriever) -> SystemConfig | Retriever:
    return SystemConfig.from_yaml(system) if isinstance(system, str | Path) else system


def _check_questions(rows: Sequence[Question], split: str | None) -> None:
    if not rows:
        raise UsageError(f"no question is left to ask{f' in split {split!r}' if split else ''}")
    ids = [row.id for row in rows]
    if not all(ids) or len(set(ids)) < len(ids):
        raise DataFormatError("questions need ids, each its own: load_questions gives them")


def _check_names(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"two systems are called {twice[0]!r}: give each its own name")


def _question_set(given: object, rows: Sequence[Question], split: str | None) -> QuestionSet:
    file = Path(given) if isinstance(given, str | Path) else None
    return QuestionSet(
        source=str(file) if file else "given in memory",
        sha256=hashlib.sha256(file.read_bytes()).hexdigest() if file else None,
        split=split,
        rows=tuple(
            AskedQuestion(
                id=row.id,
                question=row.question,
                answer=row.answer,
                answerable=is_answerable(row),
                gold=tuple(", ".join(filter(None, (gold.document, gold.paragraph))) for gold in row.gold),
                split=row.split,
                style=row.style,
                as_of=row.as_of,
            )
            for row in rows
        ),
    )
