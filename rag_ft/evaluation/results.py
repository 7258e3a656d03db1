"""What an evaluation found: dataclasses that go to JSON and back; reports are made from these only."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.evaluation.measures import Tally

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure of one system: its value, 95% interval, and over how many questions."""

    value: float
    low: float
    high: float
    questions: int
    interval: Literal["bootstrap", "exact"]


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """A passage that some system cited or found; `text` is empty where the run kept no texts."""

    document: str
    number: str | None
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage in an answer or a search: its id in `Evaluation.passages`.

    `mark` is the citation's, or the rank where the passage was only found.
    """

    mark: int
    passage: str
    is_gold: bool


@dataclass(frozen=True, slots=True)
class RowResult:
    """What one system did with one question, and what each measure counted of it.

    `faults` are what the judges found, in words; `confidence` orders answers, higher is
    surer; `seconds` is None where no answer was asked for.
    """

    id: str
    tallies: dict[str, Tally]
    text: str = ""
    abstained: bool = False
    reason: str | None = None
    error: str | None = None
    cited: tuple[ShownPassage, ...] = ()
    found: tuple[ShownPassage, ...] = ()
    faults: tuple[str, ...] = ()
    confidence: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of a risk-coverage curve: the share answered, and the share of those that is wrong."""

    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """What a system risks at each coverage, its surest answers first, and the area under that (AURC)."""

    points: tuple[CurvePoint, ...]
    area: float


@dataclass(frozen=True, slots=True)
class SystemResult:
    """One system on the questions; one that could not run says why in `reason`."""

    name: str
    kind: str
    settings: dict[str, str]
    status: Literal["ran", "not run"]
    reason: str | None = None
    measures: dict[str, Estimate] = field(default_factory=dict)
    curve: RiskCoverage | None = None
    rows: tuple[RowResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second system less the first on the questions they share, measure by measure.

    `p_adjusted` is McNemar's p-value where there is one, else the bootstrap's, after Holm's
    correction for all measures of this pair.
    """

    first: str
    second: str
    measure: str
    difference: float
    low: float
    high: float
    p_bootstrap: float
    p_mcnemar: float | None
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of the set, as the report shows it."""

    id: str
    question: str
    answer: str | None
    answerable: bool | None
    gold: tuple[str, ...]
    split: str | None
    style: str | None
    as_of: date | None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions asked: where they came from and how many they are."""

    source: str
    sha256: str | None
    split: str | None
    rows: tuple[AskedQuestion, ...]

    @property
    def answerable(self) -> int:
        """How many are known to have an answer."""
        return sum(row.answerable is True for row in self.rows)

    @property
    def unanswerable(self) -> int:
        """How many are known to have none."""
        return sum(row.answerable is False for row in self.rows)


@dataclass(frozen=True, slots=True)
class Machine:
    """What was run where."""

    platform: str
    processors: int
    device: str
    python: str
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Systems side by side on one set of questions."""

    questions: QuestionSet
    systems: tuple[SystemResult, ...]
    comparisons: tuple[Comparison, ...]
    machine: Machine
    created: str
    seed: int
    resamples: int
    citation_judge: str
    passages: dict[str, KeptPassage]
    title: str = "Evaluation"
    format: int = FORMAT

    def save(self, path: str | Path) -> None:
        """Write JSON, UTF-8."""
        Path(path).write_bytes(_adapter().dump_json(self) + b"\n")

    def to_json(self) -> str:
        """Return the JSON that `load` reads."""
        return _adapter().dump_json(self, indent=1).decode()

    @classmethod
    def load(cls, path: str | Path) -> "Evaluation":
        """Read what `save` wrote.

        Raises:
            PathNotFoundError: there is no such file.
            DataFormatError: it is no result of `ragft eval`, or of another format.
        """
        file = Path(path)
        if not file.is_file():
            raise PathNotFoundError(f"{file}: no such result file; ragft eval --out writes one")
        try:
            evaluation = _adapter().validate_json(file.read_bytes())
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"])) or "(file)"
            raise DataFormatError(f"{file}: not a result of ragft eval: {where}: {fault['msg']}") from None
        if evaluation.format != FORMAT:
            raise DataFormatError(
                f"{file}: format {evaluation.format}, this ragft reads {FORMAT}: run ragft eval again"
            )
        return evaluation


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Evaluation]:
    return TypeAdapter(Evaluation)
