"""A question with its answer, before passages are found for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rag_ft.schema import Passage

# What tells a row whose institution was swapped, at the end of its template's name.
SWAPPED = "~swapped"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a family finds in a passage: the words for a question and the answer.

    `slots` fill the family's templates; a template whose slot is None or missing is not
    used. `quotes` are words of the passage that the answer rests on: another passage that
    holds them all answers too. `absent` is a name that the question makes up: the passages do not
    hold it, so the target is an abstention.
    """

    family: str
    answer: str
    quotes: tuple[str, ...]
    slots: Mapping[str, str | None]
    absent: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A question to be grounded.

    `answer` is None where the passages do not answer; a mark `[k]` in it cites `gold[k - 1]`,
    and one without marks cites all its gold. `gold` are the passages that answer together,
    or that must be left out where there is no answer; `quotes` are words that make another
    passage an answer. `names` says what the question names, and so where else an answer
    may stand. `within` is the document whose passages alone may be used;
    `negatives` are passages that people found not to answer.
    """

    id: str
    question: str
    answer: str | None
    gold: tuple[Passage, ...]
    quotes: tuple[str, ...]
    source: str
    family: str
    template: str
    absent: str | None = None
    names: Literal["provision", "document", "nothing"] = "nothing"
    within: str | None = None
    negatives: tuple[Passage, ...] = ()
