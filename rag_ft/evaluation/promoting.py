"""Whether a trained reader beats verbatim quotes: what decides who answers `ragft ask`.

Both go the whole way of `ragft ask` over the same development questions. The reader wins if

1. more of its answers are right, and the 95% interval of the paired difference leaves no
   change out;
2. no measure that the gate holds got worse, by the gate's own tolerances and noise;
3. hallucinated institutions and wrong figures are not higher at all: chance is no excuse.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag_ft.errors import UsageError
from rag_ft.evaluation.asking import OnProgress
from rag_ft.evaluation.gate import DEFAULT_TOLERANCES, GateVerdict, gate
from rag_ft.evaluation.results import Comparison, Evaluation
from rag_ft.evaluation.runner import evaluate
from rag_ft.evaluation.statistics import DEFAULT_RESAMPLES
from rag_ft.evaluation.systems import Retriever, SystemConfig
from rag_ft.gold import is_gold_document
from rag_ft.question_rows import load_questions
from rag_ft.reader.quotes import QuoteReader
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Question
from rag_ft.shipped import eval_folder

DEV = "dev"
# What a reader may not do more often than quotes do, whatever chance explains.
NEVER_MORE = ("hallucinated_institution", "wrong_figure")
_SHIPPED = ("corpus.jsonl", "primer.jsonl")


@dataclass(frozen=True, slots=True)
class Contest:
    """How a reader did against quotes; `reason` says in words why it won or did not.

    `right` is the difference in right answers, the reader less quotes; None where it could
    not be taken.
    """

    won: bool
    reason: str
    questions: int
    right: Comparison | None
    verdicts: tuple[GateVerdict, ...]


def hold_contest(
    reader: str | Path | Retriever,
    questions: Sequence[Question],
    index: str | Path,
    *,
    quotes: Retriever | None = None,
    resamples: int = DEFAULT_RESAMPLES,
    on_progress: OnProgress | None = None,
) -> tuple[Contest, Evaluation]:
    """Ask quotes and a reader the same questions and judge the difference.

    Args:
        reader: A reader folder, or a system that is ready to answer.
        questions: Development questions.
        index: The index folder that both search.
        quotes: The system to beat; by default quotes as `ragft ask` gives them.
        resamples: How often the bootstrap draws.
        on_progress: Called after each question.

    Raises:
        UsageError: there are no questions.
    """
    if not questions:
        raise UsageError("no development question to hold a reader against quotes by")
    held = quotes or SystemConfig(name=QuoteReader.name, reader=QuoteReader.name)
    candidate = SystemConfig(name="reader", reader=str(reader)) if isinstance(reader, str | Path) else reader
    evaluation = evaluate(
        questions,
        [held, candidate],
        index=index,
        resamples=resamples,
        keep_texts=False,
        title=f"{reader if isinstance(reader, str | Path) else reader.name} against quotes",
        on_progress=on_progress,
    )
    return judge_contest(evaluation), evaluation


def judge_contest(evaluation: Evaluation) -> Contest:
    """Judge an evaluation of two systems, the one to beat first, by the three rules."""
    held, candidate = evaluation.systems
    count = len(evaluation.questions.rows)
    for system in evaluation.systems:
        if system.status != "ran":
            return Contest(False, f"{system.name} did not run: {system.reason}", count, None, ())
    before, after = replace(evaluation, systems=(held,)), replace(evaluation, systems=(candidate,))
    strict = {name: 0.0 for name in NEVER_MORE if name in held.measures}
    loose = {name: fall for name, fall in DEFAULT_TOLERANCES.items() if name not in NEVER_MORE}
    verdicts = tuple(gate(before, after, loose))
    verdicts += tuple(gate(before, after, strict, any_fall=True)) if strict else ()
    right = next((each for each in evaluation.comparisons if each.measure == "right"), None)
    if right is None:
        return Contest(False, "right answers could not be counted", count, None, verdicts)
    change = (
        f"right answers {held.measures['right'].value:.3f} → {candidate.measures['right'].value:.3f}, "
        f"change {right.low:+.3f} to {right.high:+.3f}"
    )
    failed = [verdict for verdict in verdicts if not verdict.passed]
    if right.low <= 0:
        return Contest(False, f"{change}: no gain beyond chance", count, right, verdicts)
    if failed:
        return Contest(False, f"{change}, but {failed[0].as_line()}", count, right, verdicts)
    return Contest(True, f"{change}, and nothing that the gate holds is worse", count, right, verdicts)


def development_questions(questions: str | Path) -> list[Question]:
    """Read the development rows of a file, or all of a file that divides its rows into no parts.

    Raises:
        PathNotFoundError, DataFormatError: the file cannot be read.
        UsageError: it has parts, and none for development.
    """
    rows = load_questions(questions)
    chosen = [row for row in rows if row.split == DEV] if any(row.split for row in rows) else rows
    if not chosen:
        raise UsageError(
            f'{questions}: no question to hold a reader against quotes by: mark some "split": "{DEV}"'
        )
    return chosen


def shipped_questions(index: PassageIndex) -> Path | None:
    """Find the shipped question set whose development questions the index can answer.

    Every document that one of them is answered by must be in the index.
    """
    documents = index.documents()
    for name in _SHIPPED:
        path = eval_folder() / name
        gold = [each for row in development_questions(path) for each in row.gold]
        if all(any(is_gold_document(document, each) for document in documents) for each in gold):
            return path
    return None
