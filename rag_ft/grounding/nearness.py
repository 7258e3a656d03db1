"""Which of several names or figures of a passage an answer's words stand beside."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

from rag_ft.grounding.concepts import concepts
from rag_ft.schema import Span

# How much nearer the answer's words must stand to another one; fitted on the half of
# tests/bench/grounding that was built against.
LEAST_LEAD = 1.5
# Two places this much alike in their words differ in what they are of.
LEAST_ALIKE = 0.4
MORE_ALIKE = 0.6
_WINDOW = 6

_BREAK = re.compile(r"[.;:](?=\s|$)|\n|\s(?=\([a-z]{1,4}\)\s)")
_JOINT = re.compile(r",|\b(?:and|or|but|with|while|whereas|which|who)\b|\(", re.IGNORECASE)

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The content words just before and just after something, within its clause."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def words(self) -> frozenset[str]:
        """Both sides together."""
        return frozenset(self.before + self.after)


def words_around(span: Span, others: Sequence[Span], text: str, *, shared: bool = True) -> Surroundings:
    """Give the words around a figure, within its clause and up to its neighbours among `others`.

    Words between two neighbours belong to one of them: what precedes the last "and" or
    comma to the first, what follows it to the second. "Up to 25% of X, and up to 0.5% of Y":
    a figure with no words of its own before it shares those of its neighbour, if `shared`.
    """
    breaks = [0, *(match.end() for match in _BREAK.finditer(text))]
    start = max(at for at in breaks if at <= span.start)
    end = min((match.start() for match in _BREAK.finditer(text, span.end)), default=len(text))
    left = max((each for each in others if start < each.end <= span.start), default=None)
    right = min((each for each in others if span.end <= each.start < end), default=None)
    if right is not None:
        joints = list(_JOINT.finditer(text, span.end, right.start))
        end = joints[-1].end() if joints else right.start
    after = concepts(text[span.end : end])
    if left is not None:
        joints = list(_JOINT.finditer(text, left.end, span.start))
        start = joints[-1].end() if joints else left.end
    before = concepts(text[start : span.start])[-_WINDOW:]
    beside = left is not None and not text[left.end : span.start].strip()
    if left is not None and not before and ((after and shared) or beside):
        before = words_around(left, others, text).before
    return Surroundings(before, after[:_WINDOW])


def words_around_name(span: Span, others: Sequence[Span], text: str) -> Surroundings:
    """Give the words around a name, within its clause and up to its neighbours among `others`.

    Names that stand side by side ("A and B") share their words. A name after a preposition
    has no words past the next comma or "and": those belong to the subject before it.
    """
    first, last = span, span
    for other in sorted(others):
        if other.start >= last.end and _is_joint(text[last.end : other.start]):
            last = other
    for other in sorted(others, reverse=True):
        if other.end <= first.start and _is_joint(text[other.end : first.start]):
            first = other
    breaks = [0, *(match.end() for match in _CLAUSE.finditer(text))]
    start = max(at for at in breaks if at <= first.start)
    end = min((match.start() for match in _CLAUSE.finditer(text, last.end)), default=len(text))
    oblique = _OBLIQUE.search(text, 0, first.start) is not None
    left = max((each.end for each in others if start < each.end <= first.start), default=None)
    subjects = [each for each in others if oblique or _OBLIQUE.search(text, 0, each.start) is None]
    right = min((each.start for each in subjects if last.end <= each.start < end), default=None)
    if left is not None:
        joints = list(_JOINT.finditer(text, left, first.start))
        start = joints[-1].end() if joints else left
    joints = list(_JOINT.finditer(text, last.end, end if right is None else right))
    if oblique and joints:
        end = joints[0].start()
    elif right is not None:
        end = joints[-1].end() if joints else right
    before, after = concepts(text[start : first.start]), concepts(text[last.end : end])
    return Surroundings(before[-_WINDOW:], after[: _WINDOW + 2])


_CLAUSE = re.compile(
    r"[.;:](?=\s|$)|\n|\b(?:unless|except|if|when|where|before|after|without|until|who|which|whose|save)\b",
    re.IGNORECASE,
)
_OBLIQUE = re.compile(
    r"\b(?:of|by|to|with|from|for|under|against|at|in|on|through|via|notify|inform|tell)\s+(?:(?:the|an?|its|their)\s+)?\Z",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:[\s,(\"“”)’‘']|\b(?:and|or|the|as well as|both|hereafter)\b|\b[A-Z]{2,6}\b)*\Z")


def _is_joint(text: str) -> bool:
    return _BETWEEN.match(text) is not None


def better_placed(
    said: Surroundings,
    asked: set[str],
    own: Surroundings,
    rivals: Mapping[_Thing, Surroundings],
) -> _Thing | None:
    """Find a rival beside which the answer's words stand rather than beside its own place.

    Args:
        said: the words around it in the answer.
        asked: the words of the question, where they tell what is meant.
        own: the words around it in the passage.
        rivals: the words around what it could have been mistaken for there.
    """
    own_score = nearness(said, own, asked)
    scores = [(nearness(said, around, asked), rival) for rival, around in rivals.items()]
    best, rival = max(scores, key=lambda pair: pair[0], default=(0.0, None))
    if rival is None or best - own_score >= LEAST_LEAD:
        return rival
    # "S$3,000 for an individual and S$15,000 for a company": alike but for the words that tell them apart.
    told = said.words | asked
    for other, around in rivals.items():
        mine, theirs = own.words - around.words, around.words - own.words
        alike = len(own.words & around.words) / max(1, len(own.words | around.words))
        if alike >= (LEAST_ALIKE if mine else MORE_ALIKE) and told & theirs and not told & mine:
            return other
    return None


def nearness(
    said: Surroundings, there: Surroundings, asked: AbstractSet[str] = frozenset(), across: float = 0.5
) -> float:
    """Score how alike two places are: words on the same side count whole, others `across`."""
    before, after = set(said.before), set(said.after)
    same_side = len(before & set(there.before)) + len(after & set(there.after))
    other_side = len((before & set(there.after)) | (after & set(there.before)))
    return same_side + across * other_side + 0.5 * len((asked & there.words) - said.words)
