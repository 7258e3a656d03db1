"""Thresholds that keep a promise: conformal risk control over calibration questions.

Angelopoulos, Bates, Fisch, Lei and Schuster, "Conformal Risk Control" (arXiv 2208.02814):
with losses in 0 to 1 that never grow as the threshold rises, and `n` exchangeable
questions, the least threshold with `n / (n + 1) * mean loss + 1 / (n + 1) <= risk` keeps
the expected loss of the next question at or below `risk`. The loss is 1 where a question
is answered and the answer misleads.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag_ft.pipeline.scoring import Outcome

DEFAULT_RISK = 0.05
# No score reaches it: nothing is answered.
NEVER = 2.0


@dataclass(frozen=True, slots=True)
class Threshold:
    """A score below which the tool abstains, and what that leaves.

    `coverage` is the share of the calibration questions that would be answered and
    `wrong` the share answered so as to mislead. `is_promised` is False where there are too few
    questions to promise the risk at any threshold.
    """

    value: float
    risk: float
    coverage: float
    wrong: float
    questions: int
    is_promised: bool

    def describe(self) -> str:
        """Say what is promised, in one line."""
        if not self.is_promised:
            return (
                f"{self.questions} calibration questions are too few to promise at most {self.risk:.1%} "
                f"misleading answers: at least {questions_needed(self.risk)} are needed (ragft calibrate)"
            )
        return (
            f"at most {self.risk:.1%} of questions answered misleadingly, by {self.questions} calibration "
            f"questions, of which {self.coverage:.0%} are answered"
        )


def questions_needed(risk: float) -> int:
    """Give the least number of calibration questions with which a risk can be promised at all."""
    return max(1, -(-(1_000_000 - round(risk * 1_000_000)) // max(1, round(risk * 1_000_000))))


def find_threshold(outcomes: Sequence[Outcome], risk: float = DEFAULT_RISK) -> Threshold:
    """Find the least threshold that keeps the rate of misleading answers at or below `risk`.

    The rate is over all questions asked, those abstained from included. Where too few
    questions were calibrated on, the threshold is the least whose own rate keeps the
    risk, and `is_promised` is False.
    """
    n = len(outcomes)
    wrong_scores = sorted((o.score for o in outcomes if o.wrong and o.score is not None), reverse=True)
    promised = n >= questions_needed(risk)
    # How many of the wrong ones may stay above the threshold.
    allowed = int(risk * (n + 1) - 1 + 1e-9) if promised else int(risk * n + 1e-9)
    if allowed < 0:
        value = NEVER
    elif allowed >= len(wrong_scores):
        value = 0.0
    else:
        # Just above the highest wrong score that must not be answered.
        value = math.nextafter(wrong_scores[allowed], math.inf)
    answered = [o for o in outcomes if o.score is not None and o.score >= value]
    share = len(answered) / n if n else 0.0
    wrong = sum(o.wrong for o in answered) / n if n else 0.0
    return Threshold(value, risk, share, wrong, n, promised)
