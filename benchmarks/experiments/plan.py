"""The experiments as data: bases, rows of the matrix, what is compared, and on what terms."""

from dataclasses import dataclass, replace
from typing import Literal

# Sets of texts and of examples, as `prepare.py` makes them.
Texts = Literal["all", "redistributable"]
Examples = Literal["predecessor", "main", "repeated", "no-swap", "two-distractors", "redistributable"]


@dataclass(frozen=True)
class Licence:
    """On what terms a set may be passed on; only what may be is what a shipped reader is trained on."""

    terms: str
    redistributable: bool


# Public sets as ../shared/qa/README.md records their licences; answers written by GPT models count as no.
LICENCES: dict[str, Licence] = {
    "primer": Licence("Apache-2.0, this project's own words", True),
    "public-domain": Licence("public domain", True),
    "acts": Licence("Singapore Statutes Online's terms", False),
    "mas": Licence("MAS's documents", False),
    "predecessor": Licence("none stated", False),
    "squad2_train11": Licence("CC BY-SA 4.0", True),
    "xquad_en": Licence("CC BY-SA 4.0", True),
    "nq_oracle": Licence("CC BY-SA 3.0", True),
    "boolq_dev": Licence("CC BY-SA 3.0", True),
    "policyqa_devtest": Licence("MIT", True),
    "privacyqa_relevance": Licence("MIT", True),
    "pubmedqa_train500": Licence("MIT", True),
    "conditionalqa": Licence("BSD-2-Clause; text under the OGL", True),
    "xref_fsra_schema": Licence("none stated; written by GPT models", False),
    "xref_fsra_dpel": Licence("none stated; written by GPT models", False),
    "xref_ukpra": Licence("Apache-2.0; written by GPT models", False),
    "crossref_fsra_short": Licence("none stated; written by GPT models", False),
    "obliqa_dev": Licence("none stated", False),
    "obliqa_mp_val": Licence("none stated", False),
    "obliqa_expert": Licence("none stated", False),
}


@dataclass(frozen=True)
class Base:
    """A T5 v1.1 (gated GELU, untied) from fresh weights, over T5's own vocabulary. It is not Flan-T5.

    `tokens` is how much text it sees at most, `seconds` how long it may take on the device:
    a slower device sees less, and the results say how much.
    """

    name: str
    texts: Texts
    d_model: int
    d_kv: int
    d_ff: int
    layers: int
    heads: int
    tokens: int
    seconds: float


@dataclass(frozen=True)
class Row:
    """A reader of the matrix: a preset of `configs/` with changes, on a base and a set of examples."""

    name: str
    base: str
    preset: str
    examples: Examples
    changes: tuple[str, ...] = ()
    seeds: tuple[int, ...] = (1,)

    @property
    def is_closed_book(self) -> bool:
        """Whether the reader sees no passage."""
        return self.preset in ("closed-book", "predecessor")


@dataclass(frozen=True)
class Contrast:
    """A cause of the failure: the row that has it, the row that has it mended."""

    cause: str
    failing: str
    mended: str


BASES = (
    Base("small", "all", 128, 32, 512, 5, 4, 150_000_000, 200.0),
    Base("large", "all", 256, 32, 640, 4, 8, 150_000_000, 240.0),
    Base("clean", "redistributable", 128, 32, 512, 5, 4, 60_000_000, 120.0),
)

# The presets are for batches that fit anywhere; a GPU is given larger ones, and steps as much larger.
_LARGER = ("batch_size=16", "accumulation=1", "learning_rate=1e-3")
_TWO = (1, 2)

# In the order in which they are run: what matters most comes first.
ROWS = (
    Row("full, small", "small", "full-small", "main", _LARGER, _TWO),
    Row("predecessor, small", "small", "predecessor", "predecessor", (), _TWO),
    Row("closed book, small", "small", "closed-book", "main", _LARGER, _TWO),
    Row("lora-seed, small", "small", "lora-seed", "main", (), _TWO),
    Row("lora-aggressive, small", "small", "lora-aggressive", "main", _LARGER, _TWO),
    Row("full, 3 epochs, small", "small", "full-small", "main", (*_LARGER, "epochs=3")),
    Row("full, repeated rows, small", "small", "full-small", "repeated", _LARGER),
    Row("full, no swap, small", "small", "full-small", "no-swap", _LARGER),
    Row("full, 2 distractors, small", "small", "full-small", "two-distractors", _LARGER),
    Row("full, large", "large", "full-small", "main", _LARGER, _TWO),
    Row("lora-seed, large", "large", "lora-seed", "main", (), _TWO),
    Row("lora-aggressive, large", "large", "lora-aggressive", "main", _LARGER, _TWO),
    Row("predecessor, large", "large", "predecessor", "predecessor"),
    Row("closed book, large", "large", "closed-book", "main", _LARGER),
    Row("full, redistributable data", "clean", "full-small", "redistributable", _LARGER),
)

CONTRASTS = (
    Contrast("no retrieval", "closed book, small", "full, small"),
    Contrast("no retrieval, larger base", "closed book, large", "full, large"),
    Contrast("LoRA's capacity: q and v, 3 epochs", "lora-seed, small", "full, small"),
    Contrast("LoRA's capacity: every layer", "lora-aggressive, small", "full, small"),
    Contrast("LoRA's capacity: every layer, larger base", "lora-aggressive, large", "full, large"),
    Contrast("model size", "full, small", "full, large"),
    Contrast("data quality: repeated rows", "full, repeated rows, small", "full, small"),
    Contrast("data quality: institutions never swapped", "full, no swap, small", "full, small"),
    Contrast("data quality: 2 distractors, not 4", "full, 2 distractors, small", "full, small"),
    Contrast("training parameters: 3 epochs, not 10", "full, 3 epochs, small", "full, small"),
    Contrast("all of them: the predecessor", "predecessor, small", "full, small"),
)


@dataclass(frozen=True)
class Size:
    """How large a run is: for a GPU, or a toy that proves the scripts on a CPU.

    `every_base` and `every_row` are changes to all configurations; `estimate` is what a row
    takes at most, in seconds, and `longest_base` what a base takes beyond its own seconds.
    """

    dry: bool
    bases: tuple[Base, ...]
    rows: tuple[Row, ...]
    chunk_tokens: int
    chunks_a_step: int
    probe_steps: int
    evaluations: int
    dev_rows: int
    batch: int
    every_row: tuple[str, ...]
    estimate: float
    longest_base: float


GPU = Size(
    dry=False,
    bases=BASES,
    rows=ROWS,
    chunk_tokens=256,
    chunks_a_step=256,
    probe_steps=40,
    evaluations=3,
    dev_rows=64,
    batch=64,
    every_row=(),
    estimate=110.0,
    longest_base=70.0,
)
_TOY = {"d_model": 16, "d_kv": 8, "d_ff": 32, "layers": 1, "heads": 2, "tokens": 4000, "seconds": 60.0}
DRY = Size(
    dry=True,
    bases=tuple(replace(base, **_TOY) for base in BASES),  # type: ignore[arg-type]  # names and sizes
    rows=tuple(replace(row, seeds=row.seeds if row.name == "full, small" else (1,)) for row in ROWS),
    chunk_tokens=64,
    chunks_a_step=8,
    probe_steps=1,
    evaluations=2,
    dev_rows=4,
    batch=8,
    every_row=("epochs=1", "steps=4", "batch_size=2", "precision=fp32"),
    estimate=0.0,
    longest_base=0.0,
)


@dataclass(frozen=True)
class Stage:
    """A unit of work with a result of its own; a row waits for its base."""

    name: str
    base: Base
    row: Row | None = None
    seed: int = 0

    @property
    def needs(self) -> str | None:
        """The stage that must be done before."""
        return None if self.row is None else f"{self.base.name}/base"


def all_stages(size: Size) -> list[Stage]:
    """Return every stage: the bases, then of all rows first seeds, then second ones."""
    bases = {base.name: base for base in size.bases}
    stages = [Stage(f"{base.name}/base", base) for base in size.bases]
    for number in range(2):
        stages += [
            Stage(f"{row.base}/{row.name}/{row.seeds[number]}", bases[row.base], row, row.seeds[number])
            for row in size.rows
            if number < len(row.seeds)
        ]
    return stages
