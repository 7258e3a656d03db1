"""How likely a grounded candidate is the right answer: a small logistic model, kept as data.

`score.json` beside this file holds the coefficients with where they come from and the
command that fits them again; `ragft calibrate` writes another for a person's own questions.
"""

import json
import math
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import DataFormatError, PathNotFoundError

SHIPPED_SCORE = Path(__file__).with_name("score.json")
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a candidate besides that every check passed.

    `from_reader` is 1 for a reader's answer and 0 for a quote; `reader_score` is its mean
    log-probability a token, 0 for a quote. `likeness` is how well the answer's words meet
    the question, as quotes are scored, and `lead` how much better than the best quote of
    other passages does. Shares are 0 to 1: `support` of the answer's words
    in the cited passages, `coverage` of the question's words there, weighed by rarity,
    `focus` of them in the answer itself. `dense` is the cosine of the best cited passage,
    `rank` one over its rank, `agreement` 1 where the best quote cites the same passage,
    `figure` 1 where a figure was asked for and is given, -1 where it is not.
    """

    from_reader: float
    reader_score: float
    likeness: float
    lead: float
    support: float
    coverage: float
    focus: float
    dense: float
    rank: float
    agreement: float
    figure: float

    def as_row(self) -> NDArray[np.float64]:
        """Give the features in their order, `(11,) float64`."""
        return np.array([getattr(self, name) for name in FEATURE_NAMES], dtype=np.float64)


FEATURE_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question of the calibration: the score of what would be answered, and whether it is wrong.

    `score` is None where nothing grounded was found: such a question is never answered.
    """

    score: float | None
    wrong: bool


@dataclass(frozen=True, slots=True)
class ScoreModel:
    """A logistic model over `Features`, standardised, and the outcomes that thresholds come from.

    `provenance` says what it was fitted on and by which command.
    """

    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    bias: float
    outcomes: tuple[Outcome, ...]
    reader: str
    provenance: dict[str, str]

    def score(self, features: Features) -> float:
        """Give the probability that a grounded candidate is right, 0 to 1, higher is better."""
        row = (features.as_row() - np.array(self.means)) / np.array(self.scales)
        return 1.0 / (1.0 + math.exp(-(float(row @ np.array(self.weights)) + self.bias)))

    def save(self, path: str | Path) -> None:
        """Write it as JSON."""
        content = {"format": FORMAT, "features": list(FEATURE_NAMES), **asdict(self)}
        Path(path).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a score file.

        Raises:
            PathNotFoundError: there is no such file.
            DataFormatError: it is not one that this version wrote.
        """
        file = Path(path)
        if not file.is_file():
            raise PathNotFoundError(f"{file}: no such score file; ragft calibrate writes one")
        try:
            content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            if content.pop("format") != FORMAT or tuple(content.pop("features")) != FEATURE_NAMES:
                raise ValueError("another format")
            outcomes = tuple(Outcome(row["score"], bool(row["wrong"])) for row in content.pop("outcomes"))
            weights, means, scales = (
                tuple(map(float, content[name])) for name in ("weights", "means", "scales")
            )
            if not len(weights) == len(means) == len(scales) == len(FEATURE_NAMES):
                raise ValueError("wrong number of coefficients")
            bias, reader, provenance = content["bias"], content["reader"], content["provenance"]
            return cls(weights, means, scales, float(bias), outcomes, str(reader), dict(provenance))
        except (ValueError, TypeError, KeyError, UnicodeDecodeError) as error:
            raise DataFormatError(
                f"{file}: not a score file of this version ({error}); run ragft calibrate again"
            ) from None


@lru_cache(maxsize=4)
def load_score(path: Path = SHIPPED_SCORE) -> ScoreModel:
    """Load a score file, once."""
    return ScoreModel.load(path)


def fit_logistic(
    rows: NDArray[np.float64], labels: NDArray[np.float64], penalty: float = 1.0, steps: int = 50
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
    """Fit a logistic model by Newton's steps with an L2 penalty on the standardised weights.

    Args:
        rows: `(n, d) float64` features.
        labels: `(n,) float64`, 1 for right.
        penalty: strength of the penalty; the bias bears none.
        steps: most steps taken; few are needed.

    Returns:
        Weights, means and scales, `(d,)` each, and the bias.
    """
    means, scales = rows.mean(axis=0), rows.std(axis=0)
    scales = np.where(scales > 0, scales, 1.0)
    design = np.hstack([(rows - means) / scales, np.ones((len(rows), 1))])
    ridge = np.diag([*([penalty] * rows.shape[1]), 1e-6])
    beta = np.zeros(design.shape[1])
    for _ in range(steps):
        chance = 1.0 / (1.0 + np.exp(-design @ beta))
        gradient = design.T @ (labels - chance) - ridge @ beta
        hessian = (design * (chance * (1.0 - chance))[:, None]).T @ design + ridge
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if float(np.abs(step).max()) < 1e-8:
            break
    return beta[:-1], means, scales, float(beta[-1])
