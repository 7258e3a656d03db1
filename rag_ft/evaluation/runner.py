"""Run systems side by side on the same questions, and count."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from rag_ft.errors import DataFormatError, RagFtError, UsageError
from rag_ft.evaluation.comparing import compare_all, summarise
from rag_ft.evaluation.measures import Tally
from rag_ft.evaluation.provenance import this_machine
from rag_ft.evaluation.results import (
    AskedQuestion,
    Evaluation,
    QuestionSet,
    RowResult,
    ShownPassage,
    SystemResult,
)
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
    """
    rows = load_questions(questions) if isinstance(questions, str | Path) else list(questions)
    rows = [row for row in rows if split is None or row.split == split]
    _check_questions(rows, split)
    configured = [_configured(each) for each in systems] or [SystemConfig(name="ragft")]
    _check_names([each.name for each in configured])
    results = tuple(
        _run(each, rows, index, only, seed, resamples, keep_texts, on_progress) for each in configured
    )
    return Evaluation(
        questions=_question_set(questions, rows, split),
        systems=results,
        comparisons=compare_all(results, seed, resamples),
        machine=this_machine(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=seed,
        resamples=resamples,
        title=title,
    )


def _run(
    each: SystemConfig | Retriever,
    questions: Sequence[Question],
    index: str | Path | None,
    only: Only | None,
    seed: int,
    resamples: int,
    keep_texts: bool,
    on_progress: OnProgress | None,
) -> SystemResult:
    try:
        if not isinstance(each, SystemConfig):
            system = each
        else:
            system = build_retriever(each, index) if only == "retrieval" else build_system(each, index)
    except RagFtError as error:
        words = each.as_words() if isinstance(each, SystemConfig) else {}
        return SystemResult(each.name, each.kind, words, "not run", reason=str(error))
    if only == "retrieval" and system.index is None:
        return SystemResult(
            system.name, system.kind, system.settings, "not run", reason="it searches nothing"
        )
    rows = _ask_all(system, questions, only, keep_texts, on_progress)
    return SystemResult(
        name=system.name,
        kind=system.kind,
        settings=system.settings,
        status="ran",
        measures=summarise(rows, seed, resamples),
        rows=tuple(rows),
    )


def _ask_all(
    system: Retriever,
    questions: Sequence[Question],
    only: Only | None,
    keep_texts: bool,
    on_progress: OnProgress | None,
) -> list[RowResult]:
    hits: dict[str, Sequence[Hit]] = {}
    rows: list[RowResult] = []
    for done, question in enumerate(questions, start=1):
        if system.index is not None:
            hits[question.id] = system.index.search(question.question, k=SEARCH_DEPTH, as_of=question.as_of)
        found = tuple(
            _shown(hit.rank, hit.passage, question, keep_texts)
            for hit in hits.get(question.id, ())[:_SHOWN_HITS]
        )
        if only == "retrieval" or not isinstance(system, System):
            rows.append(RowResult(question.id, {}, found=found))
        else:
            rows.append(_ask(system, question, found, keep_texts))
        if on_progress is not None:
            on_progress(system.name, done, len(questions))
    searched = score_searches(questions, hits) if system.index is not None else {}
    return [_with_tallies(row, searched.get(row.id, {})) for row in rows]


def _ask(system: System, question: Question, found: tuple[ShownPassage, ...], keep_texts: bool) -> RowResult:
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
    return RowResult(
        id=question.id,
        tallies=score_answer(question, answer, cited),
        text=answer.text,
        abstained=answer.abstained,
        reason=answer.reason,
        error=error,
        cited=tuple(
            _shown(each.mark, each.passage, question, keep_texts)
            for each in cited
            if each.passage is not None
        ),
        found=found,
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


def _shown(mark: int, passage: Passage, question: Question, keep_texts: bool) -> ShownPassage:
    return ShownPassage(
        mark=mark,
        document=passage.document.id,
        number=passage.document.number,
        label=passage.label,
        text=passage.text if keep_texts else "",
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


def _with_tallies(row: RowResult, more: dict[str, Tally]) -> RowResult:
    return replace(row, tallies={**row.tallies, **more})


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
