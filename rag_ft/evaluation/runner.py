"""Run systems side by side on the same questions, and count."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rag_ft.errors import DataFormatError, RagFtError, UsageError
from rag_ft.evaluation.asking import Asking, Only, OnProgress, ask_all
from rag_ft.evaluation.benchmark import Benchmark, ensure_index, is_exactly
from rag_ft.evaluation.citations import make_judge
from rag_ft.evaluation.comparing import compare_all, summarise
from rag_ft.evaluation.given import GivenPassages
from rag_ft.evaluation.provenance import this_machine
from rag_ft.evaluation.results import (
    AskedQuestion,
    Estimate,
    Evaluation,
    QuestionSet,
    RowResult,
    SystemResult,
)
from rag_ft.evaluation.risk_coverage import risk_coverage
from rag_ft.evaluation.scoring import Rubric, is_answerable
from rag_ft.evaluation.statistics import DEFAULT_RESAMPLES
from rag_ft.evaluation.systems import Retriever, Source, SystemConfig, build_retriever, build_system
from rag_ft.gold import is_gold
from rag_ft.question_rows import load_questions
from rag_ft.schema import Question


def evaluate(
    questions: str | Path | Benchmark | Iterable[Question],
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
        questions: a question file, a public set, or rows.
        systems: YAML files, configurations or systems; without any, `ragft ask` as it stands.
        index: the index folder of systems that name none; a public set that is searched is
            indexed there where it holds no index.
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
    benchmark = questions if isinstance(questions, Benchmark) else None
    rows = _rows(questions)
    rows = [row for row in rows if split is None or row.split == split]
    _check_questions(rows, split)
    configured = [_configured(each) for each in systems] or [SystemConfig(name="ragft")]
    _check_names([each.name for each in configured])
    source = _source(benchmark, index, only)
    given = isinstance(source, GivenPassages)
    rubric = Rubric(
        make_judge(judge, is_exactly if benchmark else is_gold),
        is_exactly if benchmark else is_gold,
        benchmark.own if benchmark else None,
        benchmark.given if benchmark else {},
    )
    asking = Asking(rubric, only, not given, keep_texts, on_progress)
    estimate = partial(summarise, seed=seed, resamples=resamples)
    results = tuple(_run(each, rows, source, asking, estimate) for each in configured)
    return Evaluation(
        questions=_question_set(questions, rows, split),
        systems=results,
        comparisons=compare_all(results, seed, resamples),
        machine=this_machine(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=seed,
        resamples=resamples,
        citation_judge=judge,
        passages=asking.passages,
        title=title,
    )


def _run(
    each: SystemConfig | Retriever,
    questions: Sequence[Question],
    source: Source,
    asking: Asking,
    estimate: Callable[[Sequence[RowResult]], dict[str, Estimate]],
) -> SystemResult:
    try:
        system = _built(each, source, asking.only)
    except RagFtError as error:
        words = each.as_words() if isinstance(each, SystemConfig) else {}
        return SystemResult(each.name, each.kind, words, "not run", reason=str(error))
    if asking.only == "retrieval" and system.index is None:
        return SystemResult(
            system.name, system.kind, system.settings, "not run", reason="it searches nothing"
        )
    rows = tuple(ask_all(system, questions, asking))
    return SystemResult(
        system.name,
        system.kind,
        system.settings,
        "ran",
        measures=estimate(rows),
        curve=risk_coverage(rows),
        rows=rows,
    )


def _built(each: SystemConfig | Retriever, source: Source, only: Only | None) -> Retriever:
    if not isinstance(each, SystemConfig):
        return each
    return build_retriever(each, source) if only == "retrieval" else build_system(each, source)


def _source(benchmark: Benchmark | None, index: str | Path | None, only: Only | None) -> Source:
    """Say where systems take passages from: an index, or what a benchmark gives.

    A benchmark that is searched is indexed where its folder holds no index yet.
    """
    folder = Path(index) if index is not None else None
    if benchmark is None:
        return folder
    if benchmark.given and only is None:
        return GivenPassages(benchmark)
    if not benchmark.documents:
        raise UsageError(
            f"{benchmark.name} gives its passages with its questions: there is nothing to search"
        )
    if folder is None:
        raise UsageError(f"{benchmark.name} is searched: name a folder for its index with --index")
    ensure_index(benchmark, folder)
    return folder


def _rows(questions: str | Path | Benchmark | Iterable[Question]) -> list[Question]:
    if isinstance(questions, str | Path):
        return load_questions(questions)
    return list(questions.questions if isinstance(questions, Benchmark) else questions)


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
    source = given.source if isinstance(given, Benchmark) else given
    file = Path(source) if source and isinstance(source, str | Path) else None
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
