"""Claims in a passage's own words: verbatim, or with a word of it turned.

Where a claim follows a passage nearly word for word, a "not" more or less, or another modal
verb, is seen without any grammar.
"""

import re
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise
from typing import Literal

from rag_ft.grounding.concepts import concepts, tokens
from rag_ft.grounding.cues import without_bounds

_NEGATIONS = frozenset(
    "not no never neither nor cannot none nobody nothing without unless except save don't doesn't"
    " needn't mustn't"
    " isn't aren't can't won't".split()
)
_RESTRICTIONS = frozenset({"only", "solely", "exclusively"})
_Modal = Literal["obliges", "advises", "permits"]
_MODALS: dict[str, _Modal] = {
    "must": "obliges",
    "shall": "obliges",
    "required": "obliges",
    "requires": "obliges",
    "obliged": "obliges",
    "should": "advises",
    "may": "permits",
    "can": "permits",
    "allowed": "permits",
    "permitted": "permits",
}
# The share of a claim's words that must stand in the passage in their order; a longer changed
# stretch is a paraphrase, not a turned word; so many words must agree on each side of it.
_LEAST_COMMON = 0.75
_LONGEST_TURN = 2
_LONGEST_SWAP = 4
# A longer stretch that a claim leaves out is another clause.
_LONGEST_LOOK = 6
_ANCHOR = 2
_BEFORE_THINGS = frozenset("a an the its their his her of by from with for at in into on under to".split())


def is_verbatim(claim: str, passage: str) -> bool:
    """Tell whether a claim is whole sentences of a passage, letter for letter but for white space.

    A limb counts with the words that lead it in, and not alone: "(a) open an account" may
    stand under "a bank must not".
    """
    wanted, text = " ".join(claim.split()), " ".join(passage.split())
    if not wanted:
        return False
    if _stands_whole(wanted, text):
        return True
    leads = [match.end() for match in _LEAD.finditer(wanted)]
    return any(
        _opens(text, text.find(wanted[:at].rstrip())) and _limb_stands(wanted[at:].strip(), text, at)
        for at in leads
    )


_LEAD = re.compile(r"[:—–-]\s")


def _opens(text: str, at: int) -> bool:
    return at == 0 or (at > 0 and text[:at].rstrip()[-1:] in ".!?")


def _closes(wanted: str, after: str) -> bool:
    return wanted[-1] in ".!?;" or not after or after[0] in ".!?;"


def _stands_whole(wanted: str, text: str) -> bool:
    at = text.find(wanted)
    return _opens(text, at) and _closes(wanted, text[at + len(wanted) :])


def _limb_stands(limb: str, text: str, after: int) -> bool:
    """Tell whether a limb stands below its lead-in, from its start to its end."""
    at = text.find(limb, after) if limb else -1
    opens = at > 0 and text[:at].rstrip()[-1:] in ":;,—–-." + ")"
    return (opens or text[max(0, at - 5) : at].rstrip().endswith((" and", " or"))) and _closes(
        limb, text[at + len(limb) :]
    )


def find_turned_word(claim: str, passage: str) -> str | None:
    """Say which word turns a passage's own wording round, or None where none does."""
    ours, theirs, blocks = _compared(claim, passage)
    if not ours or sum(block.size for block in blocks) < _LEAST_COMMON * len(ours):
        return None
    there = _stretch(theirs, blocks)
    # "No bank may" becomes "a bank may not": what counts is the whole sentence.
    negated = _negations(ours) % 2 != _negations(there) % 2
    plain = not _negations(ours) and not _negations(there)
    # "No one may without" is "one may only with".
    restricted = plain and bool(_RESTRICTIONS & set(ours)) != bool(_RESTRICTIONS & set(there))
    for a, b, c, d in _changes(blocks, len(ours)):
        said, said_there = ours[a:b], theirs[c:d]
        if max(b - a, d - c) > _LONGEST_TURN:
            continue
        turned = (
            (negated and _negations(said) % 2 != _negations(said_there) % 2)
            or (restricted and bool(_RESTRICTIONS & set(said)) != bool(_RESTRICTIONS & set(said_there)))
            or (plain and _other_modal(said, said_there))
        )
        if turned:
            return _told((said, said_there))
    return None


def _stretch(theirs: Sequence[str], blocks: Sequence[Match]) -> list[str]:
    """Give the passage's words that a claim runs along: what it leaves out at length is not among them."""
    first = blocks[0]
    words = list(theirs[max(0, first.b - first.a - 1) : first.b + first.size])
    for left, right in pairwise(blocks):
        between = theirs[left.b + left.size : right.b]
        words += between if len(between) <= _LONGEST_LOOK else []
        words += theirs[right.b : right.b + right.size]
    return words


def find_swapped_words(claim: str, passage: str, question: str = "") -> str | None:
    """Say which words a claim puts in the place of others in a passage's own wording, or None.

    "Approval from its compliance officer" where the passage has "from its senior
    management": new words between words that agree, and not those of the question. Only
    behind an article or a preposition, where things stand: another verb may say the same.
    """
    ours, theirs, blocks = _compared(claim, passage)
    if sum(block.size for block in blocks) < _LEAST_COMMON * len(ours):
        return None
    known = {*concepts(passage), *concepts(question)}
    for a, b, c, d in _changes(blocks, len(ours)):
        said, there = ours[a:b], theirs[c:d]
        new = set(concepts(" ".join(said)))
        if not a or ours[a - 1] not in _BEFORE_THINGS:
            continue
        if new and not new & known and concepts(" ".join(there)) and max(b - a, d - c) <= _LONGEST_SWAP:
            return _told((said, there))
    return None


def _compared(claim: str, passage: str) -> tuple[list[str], list[str], list[Match]]:
    ours, theirs = _words(claim), _words(passage)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return ours, theirs, [block for block in matcher.get_matching_blocks() if block.size]


def _told(change: tuple[Sequence[str], Sequence[str]]) -> str:
    said, there = (" ".join(side) or "nothing" for side in change)
    return f"the passage says “{there}” where the answer says “{said}”"


def _changes(blocks: Sequence[Match], length: int) -> list[tuple[int, int, int, int]]:
    """Give the stretches that differ between anchors: start and end in the claim, then in the passage."""
    changes = []
    for left, right in pairwise(blocks):
        a, b, c, d = left.a + left.size, right.a, left.b + left.size, right.b
        ends = (left.a == 0, right.a + right.size == length)
        anchored = all(end or block.size >= _ANCHOR for end, block in zip(ends, (left, right), strict=True))
        if anchored:
            changes.append((a, b, c, d))
    return changes


def _words(text: str) -> list[str]:
    return [word.casefold() for word in tokens(_OTHER_THAN.sub("except", without_bounds(text)))]


_OTHER_THAN = re.compile(r"\bother\s+than\b", re.IGNORECASE)


def _other_modal(said: Sequence[str], there: Sequence[str]) -> bool:
    ours, theirs = _modals(said), _modals(there)
    return bool(ours and theirs and ours != theirs)


def _negations(words: Sequence[str]) -> int:
    return sum(word in _NEGATIONS for word in words)


def _modals(words: Sequence[str]) -> set[_Modal]:
    return {_MODALS[word] for word in words if word in _MODALS}
