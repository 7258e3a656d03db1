"""Exceptions written out: of what a rule leaves out, the contrary holds."""

from collections.abc import Sequence
from dataclasses import replace

from rag_ft.grounding.clauses import Clause
from rag_ft.grounding.concepts import concept
from rag_ft.grounding.cues import NEGATIVE, Force

# What holds of an exception to a clause of each force.
_CONTRARY: dict[Force, Force] = {
    "obliges": "exempts",
    "advises": "exempts",
    "permits": "forbids",
    "states": "denies",
    "forbids": "permits",
    "denies": "states",
    "exempts": "obliges",
}
# Words that point back at a rule: "is exempt from that ban", "this rule does not apply".
_POINTERS = frozenset(
    concept(word)
    for word in (
        "rule duty requirement obligation ban prohibition limit restriction provision paragraph apply"
    ).split()
)


def with_exceptions(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Add what is said of exceptions, and say of which rule those speak that only point back at it.

    "All banks must file, other than branches" exempts branches from filing; "branches are exempt
    from this duty" says so too.
    """
    found: list[Clause] = []
    for clause in clauses:
        rule = _rule_before(clause, found)
        if rule is not None and _points_back(clause):
            clause = replace(clause, words=clause.words + rule.words)
        found.append(clause)
        if clause.link == "other" and clause.words and rule is not None:
            words = rule.words + clause.subject + clause.words
            found.append(
                replace(rule, force=_CONTRARY[rule.force], words=words, marked=True, limit=None, head="")
            )
    return tuple(found)


def _rule_before(clause: Clause, before: Sequence[Clause]) -> Clause | None:
    """Give the last main clause before a clause that says enough to be a rule."""
    rules = (c for c in reversed(before) if c.link == "main" and c.words)
    return next(
        (
            c
            for c in rules
            if c.sentence == clause.sentence or (c.marked and c.sentence == clause.sentence - 1)
        ),
        None,
    )


def _points_back(clause: Clause) -> bool:
    said = set(clause.words) - set(clause.subject)
    return clause.link == "main" and clause.force in NEGATIVE and bool(said) and said <= _POINTERS
