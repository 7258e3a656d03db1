"""Whether a claim obliges, permits or denies what the passage does not.

A claim contradicts a passage where the words they share stand under forces that do not go
together, or under conditions turned round.
"""

from collections.abc import Sequence

from rag_ft.grounding.clauses import Clause, Link, read_clauses
from rag_ft.grounding.concepts import LIGHT_WORDS
from rag_ft.grounding.cues import NEGATIVE, Force
from rag_ft.grounding.exceptions import with_exceptions

# What a passage must say (right) for a claim of a force (left) to be its own.
_HELD_BY: dict[Force, frozenset[Force]] = {
    "states": frozenset({"states", "obliges", "advises", "permits"}),
    "obliges": frozenset({"obliges", "states"}),
    "advises": frozenset({"advises", "obliges", "states"}),
    "permits": frozenset({"permits", "states"}),
    "denies": NEGATIVE,
    "forbids": frozenset({"forbids", "denies"}),
    "exempts": frozenset({"exempts", "denies"}),
}
# A force of a loose kind holds for the words just behind its cue; a verb further on may be another's.
_LOOSE: frozenset[Force] = frozenset({"permits", "states"})
_REACH = 4
# Clauses that have this share of the claim's words in common govern the same.
_MOST = 0.5
# Whether the main clause holds under the condition (1), or its contrary does (-1).
_SIGN: dict[Link, int] = {
    "if": 1,
    "only if": 1,
    "even if": 1,
    "with": 1,
    "unless": -1,
    "other": -1,
    "without": -1,
}


def find_contradiction(claim: str, passage: str) -> str | None:
    """Say where a claim's forces go against the passage's, or None where they do not.

    Only words that both have are compared; whether the claim's words stand there at all
    is another check. The passage's lists are best written out first (`limbs.py`).
    """
    ours, theirs = read_clauses(claim), with_exceptions(read_clauses(passage))
    settled: set[Clause | None] = set()
    for clause in ours:
        held = _condition_held(clause, ours, theirs)
        if held is False:
            return f"the condition is turned round: {clause.link} {' '.join(clause.words[:6])}"
        if held:
            settled.add(_governing(clause, ours))
    for clause in ours:
        if clause.link == "main" and clause.words and clause not in settled:
            other = _against(clause, theirs)
            if other is not None:
                said = " ".join(clause.words[:6])
                return f"the answer {clause.force} what the passage {other.force}: {said}"
    return None


def _condition_held(clause: Clause, ours: Sequence[Clause], theirs: Sequence[Clause]) -> bool | None:
    """Tell whether what holds under a claim's condition holds under the passage's.

    "Must not, unless C" and "may, if C" say the same of C; "must not, even if C" the
    reverse. None where the passage has no such condition.
    """
    if clause.link not in _SIGN or not clause.words:
        return None
    sign = _sign(clause, ours)
    alike: list[tuple[float, bool | None]] = []
    for other in theirs:
        shared = clause.all_words & other.all_words
        if len(shared) < max(1, 0.5 * len(clause.all_words)):
            continue
        likeness = len(shared) / len(clause.all_words | other.all_words)
        mine, its = _governing(clause, ours), _governing(other, theirs)
        if (
            other.link in _SIGN
            and mine is not None
            and its is not None
            and mine.force == "obliges"
            and _is_leave(mine, its, theirs)
        ):
            continue  # "needs approval while" is "must not while, unless approved"
        if other.link == clause.link and other.denied == clause.denied:
            # The condition is said the same way, so only what it governs can be turned.
            same = _sign(other, theirs) == sign
            alike.append((likeness, same if same or _govern_alike(mine, its) else None))
        elif other.link in _SIGN:
            alike.append((likeness, _sign(other, theirs) == sign))
        elif other.denied and other.link == "main":
            continue  # "that show no operations" is said of those without operations
        elif clause.link == "without" and other.link == "main" and _tells_of_need(other):
            alike.append((likeness, (other.force != "exempts") == (sign > 0)))
    best = max((likeness for likeness, _ in alike), default=0.0)
    found = [same for likeness, same in alike if likeness == best]
    if True in found:
        return True
    return False if found and None not in found else None


def _tells_of_need(clause: Clause) -> bool:
    """Tell whether a clause says that something is needed, or is not."""
    return clause.force in {"obliges", "exempts"} or (clause.force == "permits" and clause.only)


def _sign(condition: Clause, clauses: Sequence[Clause]) -> int:
    """Tell whether the main clause holds under a condition (1), or its contrary (-1)."""
    governs = _governing(condition, clauses)
    sign = _SIGN[condition.link] * (-1 if governs is not None and governs.is_negative else 1)
    return -sign if condition.is_negative and condition.denied else sign


def _govern_alike(mine: Clause | None, its: Clause | None) -> bool:
    """Tell whether two conditions govern clauses of the same words."""
    if mine is None or its is None:
        return False
    words = mine.all_words - LIGHT_WORDS
    return bool(words) and len(words & its.all_words) >= _MOST * len(words)


def _governing(condition: Clause, clauses: Sequence[Clause]) -> Clause | None:
    """Give the main clause that a condition hangs on: the last before it, else the first after it."""
    at = clauses.index(condition)
    main = [c for c in clauses if c.sentence == condition.sentence and c.link == "main"]
    before = [c for c in main if clauses.index(c) < at and (c.marked or c.is_negative or len(c.words) > 1)]
    after = [c for c in main if clauses.index(c) > at and c.marked]
    # "A company without an exemption may": what stands before is only the subject.
    if before and not before[-1].marked and not before[-1].is_negative and after:
        return after[0]
    return before[-1] if before else next(iter(after or main), None)


def _against(clause: Clause, theirs: Sequence[Clause]) -> Clause | None:
    """Find the clause of the passage that a claim's main clause goes against."""
    if not clause.is_negative:
        denied = _denied(clause, theirs)
        if denied is not None:
            return denied
    rows = [(score, _is_held(clause, other, theirs), other) for score, other in _aligned(clause, theirs)]
    good = max((score for score, held, _ in rows if held), default=0.0)
    bad = max((score for score, held, _ in rows if not held), default=0.0)
    # Said of the very word: "needs no licence" is not measured by who "is licensed".
    exact = clause.is_negative and any(held and other.head == clause.head for _, held, other in rows)
    if bad <= good or (exact and clause.head):
        return None
    return max((row for row in rows if not row[1]), key=lambda row: row[0])[2]


def _is_held(clause: Clause, other: Clause, theirs: Sequence[Clause]) -> bool:
    if other.link == "without" and other.head.endswith("ing"):
        # "Must freeze it without warning him" forbids to warn, "must not pay without asking" obliges to ask.
        governs = _governing(other, theirs)
        force: Force = "obliges" if governs is not None and governs.is_negative else "forbids"
        return force in _HELD_BY[clause.force]
    if other.force in _HELD_BY[clause.force]:
        return True
    if clause.force == "obliges" and other.force == "permits" and other.only:
        return True
    # "May be down for at most" and "must be down for no longer than".
    if clause.limit is not None and clause.limit == other.limit:
        return {clause.force, other.force} <= {"permits", "obliges", "states"}
    # "May charge at most" and "must not charge more than": the bound is the figure's check.
    if {clause.limit, other.limit} in ({"most", "over"}, {"least", "under"}):
        return {clause.force, other.force} <= {"permits", "forbids", "obliges"}
    return _is_leave(clause, other, theirs)


def _is_leave(clause: Clause, other: Clause, theirs: Sequence[Clause]) -> bool:
    """Tell whether "needs X" is the claim's way of saying "must not, unless X"."""
    if other.force != "forbids" or clause.force not in {"obliges", "states", "permits"}:
        return False
    conditions = [o for o in theirs if o.sentence == other.sentence and _SIGN.get(o.link, 1) < 0]
    own = clause.all_words - other.all_words
    return any(own & condition.all_words for condition in conditions)


def _denied(clause: Clause, theirs: Sequence[Clause]) -> Clause | None:
    """Find what the passage denies by its own verb and the claim asserts."""
    for other in theirs:
        if not (other.is_negative and other.marked and other.link == "main" and other.words):
            continue
        verb, shared = other.words[0], clause.all_words & other.all_words
        if verb not in clause.all_words or len(shared) < max(2, 0.4 * len(other.all_words)):
            continue
        elsewhere = any(
            o.force in _HELD_BY[clause.force]
            and verb in o.all_words
            and len(clause.all_words & o.all_words) >= len(shared)
            for o in theirs
        )
        if not elsewhere and not _is_held(clause, other, theirs):
            return other
    return None


def _aligned(clause: Clause, theirs: Sequence[Clause]) -> list[tuple[float, Clause]]:
    """Give the passage's clauses that speak of what a claim's does, each with how much they share.

    The first content word after a cue is mostly its verb, and counts double; what the
    claim says of its subject is compared with what the passage says of it.
    """
    if not clause.marked:
        return []
    verb = clause.words[0]
    of_subject = clause.words == clause.subject  # nothing follows the cue: "the account is permitted"
    scored = []
    for other in theirs:
        if other.link == "aside" and other.force == "states":
            continue  # "a provider that is licensed": who it is, not what holds of it
        if of_subject:
            shared = len(set(clause.words) & other.all_words)
            near = shared >= 0.6 * len(clause.words)
        else:
            shared = len(set(clause.words) & set(other.words))
            loose = other.force in _LOOSE and not clause.is_negative
            near = verb in (other.words[:_REACH] if loose else other.words)
            about = len(set(clause.subject) & set(other.subject)) >= 0.6 * len(set(clause.subject)) > 0
            enough = clause.force != "states" and not loose and shared >= max(2, 0.5 * len(set(clause.words)))
            enough = enough or (shared > 0 and about and other.marked)
            if not near and not enough:
                continue
        if not near and not shared:
            continue
        as_written = bool(clause.head) and clause.head == other.head
        around = len(set(clause.subject) & set(other.subject)) if not of_subject else 0
        across = len(clause.all_words & other.all_words)
        scored.append((shared + 1.0 * near + 1.0 * as_written + 0.5 * around + 0.5 * across, other))
    top = max((score for score, _ in scored), default=0.0)
    return [(score, other) for score, other in scored if score >= 0.75 * top]
