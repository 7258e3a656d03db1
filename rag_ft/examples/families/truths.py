"""Families answered by yes or no with the reason: whether a duty is one, and whether it may be left."""

import re
from collections.abc import Iterator

from rag_ft.examples.clauses import stands_alone
from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, is_short, sentence

TEMPLATES = {
    "truth.duty": (
        "Under {doc}, must {subject} {predicate}?",
        "Does {casual} say that {subject} must {predicate}?",
        "Is it a rule of {doc} that {subject} must {predicate}?",
        "Under {provision}, must {subject} {predicate}?",
    ),
    "truth.choice": (
        "Under {doc}, is {subject} free not to {predicate}?",
        "Going by {casual}, is it up to {subject} whether to {predicate}?",
        "Does {doc} leave {subject} a choice whether to {predicate}?",
        "Under {provision}, may {subject} choose not to {predicate}?",
    ),
}
_LONGEST_RULE = 35  # words
# "The bank" is one that the words before spoke of; the Authority and the Minister are known.
_SPOKEN_OF = re.compile(r"the [a-z]")
_EVERY = re.compile(r"^(?:every|each) ")


def truths(reading: Reading) -> Iterator[Ask]:
    """Ask whether a duty is one; a choice is only for those who can act."""
    for statement, clause in reading.rules:
        plain = clause.modal == "must" and not (clause.inserted or clause.condition or clause.preamble)
        if not plain or not is_short(clause.rule, most=_LONGEST_RULE):
            continue
        words = {"subject": clause.subject, "predicate": clause.full_predicate.removeprefix("also ")}
        alone = stands_alone(*words.values()) and not _SPOKEN_OF.match(clause.subject)
        slots = reading.slots(alone=alone, **words)
        yield Ask("truth.duty", sentence(f"Yes, {clause.rule}"), statement.quotes, slots)
        if clause.has_agent and not clause.is_passive and not clause.marker:
            # "May every bank choose not to" would ask about some of them.
            slots = {**slots, "subject": _EVERY.sub("any ", slots["subject"] or "")}
            yield Ask("truth.choice", sentence(f"No, {clause.rule}"), statement.quotes, slots)
