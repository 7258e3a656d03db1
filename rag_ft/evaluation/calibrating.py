"""The score model and its thresholds, fitted on questions whose answers are known.

`rag_ft/pipeline/score.json` is what this gives on the shipped development questions; its
provenance names the command.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import DataFormatError
from rag_ft.evaluation.correctness import is_misleading, is_right
from rag_ft.evaluation.scoring import is_answerable
from rag_ft.gold import gold_among
from rag_ft.pipeline import Considered, Pipeline
from rag_ft.pipeline.scoring import Features, Outcome, ScoreModel, fit_logistic
from rag_ft.prompts import parse_marks
from rag_ft.schema import Passage, Question

FOLDS = 5
# Few questions and many features: of 1, 10 and 50 this had the least mean risk out of fold.
PENALTY = 50.0
# Fewer grounded candidates than this fit nothing.
LEAST_CANDIDATES = 20

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Row:
    """One grounded candidate: its question's position, its features, whether it is right or misleads."""

    question: int
    features: Features
    right: bool
    misleading: bool


def calibrate(
    sets: Iterable[tuple[Pipeline, Sequence[Question]]],
    *,
    k: int = 5,
    provenance: dict[str, str] | None = None,
    progress: Progress = lambda _done, _total: None,
) -> ScoreModel:
    """Fit the score model on questions and keep each question's outcome for thresholds.

    The outcomes come from models fitted without the question (five folds, by a hash of its
    text), so that a threshold found from them is not flattered by the fit.

    Args:
        sets: pipelines, each with the questions to ask it.
        k: how many paragraphs are read.
        provenance: what the file shall say of where it comes from.
        progress: called with questions done and their number.

    Raises:
        DataFormatError: too few questions have a grounded candidate.
    """
    asked = [(pipeline, question) for pipeline, questions in sets for question in questions]
    rows: list[_Row] = []
    folds: list[int] = []
    for position, (pipeline, question) in enumerate(asked):
        considered = pipeline.consider(question.question, k, question.as_of)
        rows.extend(_rows(position, question, considered))
        folds.append(hashlib.sha256(question.question.encode()).digest()[0] % FOLDS)
        progress(position + 1, len(asked))
    if len(rows) < LEAST_CANDIDATES or len({row.right for row in rows}) < 2:
        raise DataFormatError(
            f"{len(rows)} grounded candidates from {len(asked)} questions are too few to fit a score: "
            f"give more questions with answers (at least {LEAST_CANDIDATES} candidates, right and wrong ones)"
        )
    reader = asked[0][0].reader.name
    by_fold = {
        fold: _fitted([row for row in rows if folds[row.question] != fold], reader, (), {})
        for fold in sorted(set(folds))
    }
    outcomes = tuple(
        _outcome(by_fold[fold], [row for row in rows if row.question == position])
        for position, fold in enumerate(folds)
    )
    return _fitted(rows, reader, outcomes, dict(provenance or {}))


def _rows(position: int, question: Question, considered: Considered) -> list[_Row]:
    return [
        _row(position, judged.features, question, considered.fit.included, judged.candidate.text)
        for judged in considered.judged
        if judged.features is not None
    ]


def _row(
    position: int, features: Features, question: Question, offered: Sequence[Passage], answer: str
) -> _Row:
    cited = [offered[mark - 1] for mark in parse_marks(answer) if 1 <= mark <= len(offered)]
    right = (
        is_answerable(question) is True
        and is_right(question, answer, gold_among(cited, question.gold)) is True
    )
    return _Row(position, features, right, is_misleading(question, answer, cited, right=right))


def _fitted(
    rows: Sequence[_Row], reader: str, outcomes: tuple[Outcome, ...], provenance: dict[str, str]
) -> ScoreModel:
    features = np.stack([row.features.as_row() for row in rows])
    labels = np.array([row.right for row in rows], dtype=np.float64)
    weights, means, scales, bias = fit_logistic(features, labels, PENALTY)
    return ScoreModel(
        _rounded(weights), _rounded(means), _rounded(scales), round(bias, 6), outcomes, reader, provenance
    )


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)


def _outcome(model: ScoreModel, rows: Sequence[_Row]) -> Outcome:
    """Score what would be answered: the surest candidate; wrong where it misleads."""
    if not rows:
        return Outcome(None, wrong=False)
    best = max(rows, key=lambda row: model.score(row.features))
    return Outcome(round(model.score(best.features), 6), wrong=best.misleading)


def describe_files(paths: Iterable[Path]) -> str:
    """Name question files with the start of their hashes, for the provenance."""
    named = (f"{path.name} sha256:{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}" for path in paths)
    return ", ".join(named)
