"""Words turned to their opposites: "whichever is lower" where the passage has "whichever is higher"."""

import re

from rag_ft.grounding.concepts import concepts, root, tokens
from rag_ft.grounding.cues import without_bounds

# Beside a figure such a word is its bound, which the check of figures reads.
_PAIRS = """
higher lower
highest lowest
greater smaller
greater lesser
largest smallest
longer shorter
stricter weaker
strictest weakest
steeper flatter
above below
over under
before after
earlier later
within outside
inside outside
continue end
continue terminate
continue cease
continue suspend
begin end
increase decrease
increase reduce
raise lower
raise reduce
widen narrow
tighten ease
include exclude
accept refuse
accept reject
grant refuse
first last
minimum maximum
domestic foreign
domestic cross-border
public private
internal external
permanent temporary
voluntary compulsory
voluntary mandatory
open closed
valid void
valid invalid
all none
"""
_PREFIXES = ("un", "non", "in", "im", "dis", "ir")
_DENIED = re.compile(r"\b(?:not|no|never|cannot|nor|neither|without|than|n['’]t)\b|n['’]t", re.IGNORECASE)
_WINDOW = 5


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _PAIRS.strip().splitlines():
        one, other = (_key(word) for word in line.split())
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


def _key(word: str) -> str:
    """Compare comparatives as written: "lower" is no "low"."""
    word = word.casefold()
    return word if word.endswith(("er", "est")) else root(word)


_OPPOSITES = _opposites()


def find_opposite(claim: str, passage: str) -> str | None:
    """Say which word of a claim stands for its opposite in the passage, or None.

    The opposite stands among the same words more than the claim's own word does there, and
    neither stands under a "not".
    """
    ours, theirs = _words(claim), _words(passage)
    mine = {key for key, *_ in ours}
    for key, word, around, plain in ours:
        if not plain:
            continue
        same = max((len(around & there) for k, _, there, _ in theirs if k == key), default=0)
        for other, written, there, stated in theirs:
            opposed = other in _OPPOSITES.get(key, ()) or _is_denial(key, other)
            if opposed and stated and other not in mine and len(around & there) > same:
                return f"the passage says “{written}” where the answer says “{word}”"
    return None


def _is_denial(one: str, other: str) -> bool:
    """Tell whether one word is the other with a prefix that denies: "disclosed", "undisclosed"."""
    long, short = max(one, other, key=len), min(one, other, key=len)
    return len(short) > 4 and any(long == prefix + short for prefix in _PREFIXES)


def _words(text: str) -> list[tuple[str, str, frozenset[str], bool]]:
    """Give each word's key, the word, the content words about it, and whether it is plainly said."""
    written = tokens(without_bounds(text))
    rows = []
    for at, word in enumerate(written):
        before, after = written[max(0, at - _WINDOW) : at], written[at + 1 : at + 1 + _WINDOW]
        plain = not _DENIED.search(" ".join(before[-3:])) and not any(w[0].isdigit() for w in after[:1])
        rows.append((_key(word), word, frozenset(concepts(" ".join([*before, *after]))), plain))
    return rows
