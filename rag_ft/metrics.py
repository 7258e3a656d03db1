"""Measures by their public definitions."""

import re
import string
from collections import Counter
from collections.abc import Collection

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise_answer(text: str) -> str:
    """Lower case, no punctuation, no articles, single spaces (SQuAD 1.1 `evaluate-v1.1.py`)."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def token_f1(prediction: str, reference: str) -> float:
    """Return the F1 of shared words, 0 to 1, higher is better (SQuAD; Rajpurkar et al. 2016, section 6.1).

    As in SQuAD 2.0, two texts without words agree, and one without disagrees with any other.
    """
    predicted, wanted = normalise_answer(prediction).split(), normalise_answer(reference).split()
    if not predicted or not wanted:
        return float(predicted == wanted)
    shared = sum((Counter(predicted) & Counter(wanted)).values())
    return 2 * shared / (len(predicted) + len(wanted))


def citation_f1(predicted: Collection[int], gold: Collection[int]) -> float:
    """Return the F1 of two sets of citation marks, 0 to 1, higher is better.

    Two empty sets agree; an empty one disagrees with any other.
    """
    left, right = set(predicted), set(gold)
    if not left or not right:
        return float(left == right)
    return 2 * len(left & right) / (len(left) + len(right))
