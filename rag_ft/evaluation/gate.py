"""Hold a candidate against a baseline: a measure may not fall by more than its tolerance, beyond noise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag_ft.errors import UsageError
from rag_ft.evaluation.comparing import table
from rag_ft.evaluation.measures import BY_NAME
from rag_ft.evaluation.results import Evaluation, SystemResult
from rag_ft.evaluation.statistics import paired_difference, ratio

# What a change may cost, in shares. A wrong institution or figure costs more than no answer.
DEFAULT_TOLERANCES: dict[str, float] = {
    "right": 0.02,
    "gold_paragraph_cited": 0.02,
    "abstention_recall": 0.02,
    "citation_precision": 0.02,
    "risk": 0.02,
    "misleading": 0.02,
    "hallucinated_institution": 0.0,
    "wrong_figure": 0.0,
    "Success@5": 0.02,
    "R@10": 0.02,
}
_GIVEN_WITHOUT_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """What became of one measure of one system; `fall` is positive where it got worse."""

    system: str
    measure: str
    passed: bool
    reason: str
    tolerance: float
    baseline: float | None = None
    candidate: float | None = None
    fall: float | None = None
    low: float | None = None
    high: float | None = None

    def as_line(self) -> str:
        """Say it in a line: verdict, system, measure, before and after, and why."""
        title = BY_NAME[self.measure].title
        before = "–" if self.baseline is None else f"{self.baseline:.3f}"
        after = "–" if self.candidate is None else f"{self.candidate:.3f}"
        change = "" if self.low is None else f", change {self.low:+.3f} to {self.high:+.3f}"
        return (
            f"{'pass' if self.passed else 'FAIL'}  {self.system}: {title} {before} → {after}{change}, "
            f"tolerance {self.tolerance:.3f}: {self.reason}"
        )


def parse_tolerances(named: Sequence[str]) -> dict[str, float]:
    """Read NAME or NAME=TOLERANCE; nothing named means the default measures.

    Raises:
        UsageError: a name is no measure of shares, or a tolerance no number from 0 to 1.
    """
    if not named:
        return dict(DEFAULT_TOLERANCES)
    tolerances: dict[str, float] = {}
    for text in named:
        name, _, number = text.partition("=")
        if name not in BY_NAME or BY_NAME[name].unit != "share":
            known = ", ".join(measure.name for measure in BY_NAME.values() if measure.unit == "share")
            raise UsageError(f"{name!r} is no measure that can be held; these can: {known}")
        try:
            tolerance = float(number) if number else DEFAULT_TOLERANCES.get(name, _GIVEN_WITHOUT_TOLERANCE)
        except ValueError:
            tolerance = -1.0
        if not 0 <= tolerance <= 1:
            raise UsageError(f"{text!r}: a tolerance is a number from 0 to 1, as in {name}=0.02")
        tolerances[name] = tolerance
    return tolerances


def gate(
    baseline: Evaluation,
    candidate: Evaluation,
    tolerances: Mapping[str, float],
    *,
    system: str | None = None,
    any_fall: bool = False,
) -> list[GateVerdict]:
    """Compare the systems of two evaluations, question by question.

    A measure fails where it got worse by more than its tolerance and the 95% interval of
    the paired difference leaves no change out. A system that no longer runs, a measure that
    is no longer taken and a question that is no longer asked fail too: a gate that cannot
    see is shut.

    Args:
        baseline: what to hold against.
        candidate: the change.
        tolerances: measure to the fall that is allowed.
        system: the one to hold; by default every system of the baseline that ran. Where each
            evaluation holds a single system, their names may differ.
        any_fall: whether chance is no excuse.

    Raises:
        UsageError: the baseline holds no such system, or none that ran.
    """
    held = [each for each in baseline.systems if each.status == "ran" and system in (None, each.name)]
    if not held:
        raise UsageError(
            f"the baseline holds no system {system!r} that ran" if system else "no system of the baseline ran"
        )
    renamed = candidate.systems[0] if len(baseline.systems) == len(candidate.systems) == 1 else None
    by_name = {each.name: each for each in candidate.systems}
    before_text = {row.id: row.question for row in baseline.questions.rows}
    changed = {
        row.id for row in candidate.questions.rows if before_text.get(row.id, row.question) != row.question
    }
    seed, resamples = candidate.seed, candidate.resamples
    verdicts: list[GateVerdict] = []
    for before in held:
        after = by_name.get(before.name, renamed)
        verdicts += [
            _verdict(before, after, changed, name, tolerance, seed, resamples, any_fall=any_fall)
            for name, tolerance in tolerances.items()
            if name in before.measures
        ]
    if not verdicts:
        raise UsageError(f"the baseline took none of {', '.join(tolerances)}: name others with --measure")
    return verdicts


def _verdict(
    before: SystemResult,
    after: SystemResult | None,
    changed: set[str],
    name: str,
    tolerance: float,
    seed: int,
    resamples: int,
    *,
    any_fall: bool,
) -> GateVerdict:
    def failed(reason: str) -> GateVerdict:
        return GateVerdict(before.name, name, False, reason, tolerance, before.measures[name].value)

    if after is None or after.status != "ran":
        return failed("the candidate did not run" + (f": {after.reason}" if after else ""))
    rows = {row.id: row for row in after.rows if row.id not in changed}
    missing = [row.id for row in before.rows if row.id not in rows]
    if missing:
        return failed(
            f"{len(missing)} questions of the baseline were not asked as they stand, the first {missing[0]}"
        )
    old = table([row.tallies.get(name) for row in before.rows])
    new = table([rows[row.id].tallies.get(name) for row in before.rows])
    was, now = ratio(old), ratio(new)
    difference = paired_difference(old, new, seed, resamples)
    if was is None or now is None or difference is None:
        return failed("the candidate has nothing to count it over")
    worse = 1 if BY_NAME[name].better == "lower" else -1
    fall = worse * difference.difference
    beyond_noise = min(worse * difference.low, worse * difference.high) > 0
    passed = fall <= tolerance or not (beyond_noise or any_fall)
    reason = "no fall" if fall <= 0 else "within tolerance" if fall <= tolerance else "within noise"
    if not passed:
        reason = f"worse by {fall:.3f}, {'beyond noise' if beyond_noise else 'though chance may explain it'}"
    return GateVerdict(
        before.name, name, passed, reason, tolerance, was, now, fall, difference.low, difference.high
    )
