"""Answers from the device scored by the project's own evaluation, seeds pooled, and rows compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.experiments.frozen import FrozenQuestion
from benchmarks.experiments.plan import Row
from rag_ft.evaluation.answerers import UnverifiedSystem, raw_answer
from rag_ft.evaluation.asking import Asking, ask_all
from rag_ft.evaluation.benchmark import Benchmark
from rag_ft.evaluation.citations import make_judge
from rag_ft.evaluation.comparing import table
from rag_ft.evaluation.given import GivenPassages
from rag_ft.evaluation.measures import Tally
from rag_ft.evaluation.results import Estimate
from rag_ft.evaluation.scoring import Rubric
from rag_ft.evaluation.statistics import PairedDifference, bootstrap_ratio, paired_difference, ratio
from rag_ft.evaluation.systems import System, SystemConfig
from rag_ft.gold import is_gold
from rag_ft.schema import Answer, Candidate, Question
from rag_ft.training.scoring import score_answers

# What one question, or one held-back example, counts in each measure.
Counted = Mapping[str, Mapping[str, Tally]]
BOOTSTRAP_SEED = 0
RESAMPLES = 5000


class AnswersGiven:
    """A reader's answers as they came from the device, asked again as a system."""

    kind = "retrieval, unverified"

    def __init__(self, name: str, answers: Mapping[str, Any], frozen: Sequence[FrozenQuestion]) -> None:
        self.name = name
        self.settings: dict[str, str] = {}
        self.index = given_passages(frozen)
        self._answers = answers
        self._passages = {passage.id: passage for each in frozen for passage in each.passages}

    def answer(self, question: Question) -> Answer:
        """Return its first candidate, unchecked."""
        said = self._answers[question.id]
        read = tuple(self._passages[passage] for passage in said["read"])
        candidates = [Candidate(said["text"], said["score"], "reader")] if said["text"] else []
        return raw_answer(question, candidates, read, self.name, {})


def given_passages(frozen: Sequence[FrozenQuestion]) -> GivenPassages:
    """Let the frozen passages stand for an index."""
    questions = tuple(each.question for each in frozen)
    given = {each.question.id: each.passages for each in frozen}
    return GivenPassages(Benchmark("frozen searches", questions, given=given))


def quotes(frozen: Sequence[FrozenQuestion]) -> System:
    """Return verbatim quotes from the same passages, unverified as the readers' answers are."""
    config = SystemConfig(name="verbatim quotes", reader="quotes", verify=False)
    return UnverifiedSystem(config, given_passages(frozen))


def count_answers(system: System, frozen: Sequence[FrozenQuestion]) -> dict[str, dict[str, Tally]]:
    """Count every question in every measure, by the project's own judges; passages are not searched."""
    asking = Asking(Rubric(make_judge("gold", is_gold), is_gold), searches=False, keep_texts=False)
    return {row.id: row.tallies for row in ask_all(system, [each.question for each in frozen], asking)}


def count_held(held: Mapping[str, Mapping[str, str]], row: Row) -> dict[str, dict[str, Tally]]:
    """Count every held-back example by the score that training judges readers by."""
    prompt = "closed-book" if row.is_closed_book else "grounded"
    counted: dict[str, dict[str, Tally]] = {}
    for key, pair in held.items():
        scores = score_answers([pair["said"]], [pair["target"]], prompt)
        counted[key] = {f"held_{name}": (value, 1.0) for name, value in scores.items()}
    return counted


def pool(seeds: Sequence[Counted]) -> dict[str, dict[str, Tally]]:
    """Average what each question counts over the seeds of a row, so that questions are what is drawn from."""
    pooled: dict[str, dict[str, Tally]] = {}
    for key in dict.fromkeys(key for counted in seeds for key in counted):
        names = dict.fromkeys(name for counted in seeds for name in counted.get(key, {}))
        pooled[key] = {}
        for name in names:
            parts = [counted.get(key, {}).get(name, (0.0, 0.0)) for counted in seeds]
            above, below = (sum(side) / len(seeds) for side in zip(*parts, strict=True))
            pooled[key][name] = (above, below)
    return pooled


def estimate(counted: Counted, measure: str) -> Estimate | None:
    """Return a measure with its 95% interval over questions; None where nothing was counted."""
    tallies = table([each.get(measure) for each in counted.values()])
    value, interval = ratio(tallies), bootstrap_ratio(tallies, BOOTSTRAP_SEED, RESAMPLES)
    if value is None or interval is None:
        return None
    return Estimate(value, interval.low, interval.high, int((tallies[:, 1] > 0).sum()), interval.method)


@dataclass(frozen=True)
class Compared:
    """One measure of the mended row less the failing one's, on the same questions, and what it means."""

    difference: PairedDifference
    verdict: str


def compare(failing: Counted, mended: Counted, measure: str, *, higher_is_better: bool) -> Compared | None:
    """Compare two rows by rule: the cause held where the 95% interval of the gain lies beyond nought."""
    keys = [key for key in failing if key in mended]
    before, after = (table([side[key].get(measure) for key in keys]) for side in (failing, mended))
    difference = paired_difference(before, after, BOOTSTRAP_SEED, RESAMPLES)
    if difference is None:
        return None
    low, high = sorted(
        (difference.low, difference.high) if higher_is_better else (-difference.low, -difference.high)
    )
    verdict = "held" if low > 0 else "the reverse" if high < 0 else "not shown"
    return Compared(difference, verdict)
