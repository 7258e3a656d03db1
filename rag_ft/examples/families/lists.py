"""Families on lists: what a rule lists, when one of several grounds is enough, and what belongs to it."""

import re
from collections.abc import Iterator

from rag_ft.examples.clauses import Clause, read_clause, stands_alone
from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, is_short, sentence
from rag_ft.examples.statements import Statement

TEMPLATES = {
    "list.acts": (
        "Under {doc}, what {modal} {subject} do{condition}?",
        "Which things {modal} {subject} do under {casual}{condition}? Name them all.",
        "List what {subject} {modal} do under {provision}.",
        "Under {provision}, what {modal} {subject} do? Name everything.",
    ),
    "list.grounds": (
        "Under {doc}, in which cases {modal} {subject} {predicate}?",
        "Name the cases in which {casual} says that {subject} {modal} {predicate}.",
        "Under {provision}, when {modal} {subject} {predicate}?",
        "Under {provision}, on which grounds {modal} {subject} {predicate}?",
    ),
    "list.things": (
        "Under {doc}, which {noun} {modal} {subject} {verb}?",
        "Name the {noun} that {subject} {modal} {verb} under {casual}.",
        "Under {provision}, which {noun} {modal} {subject} {verb}?",
    ),
    "list.member": (
        "Is this one of the things that {doc} says {subject} {modal} do: {item}?",
        "Under {casual}, {modal} {subject} {item}?",
        "Does {provision} say that {subject} {modal} {item}?",
    ),
}
_ENDS_IN_MODAL = re.compile(r" (?:must|shall|may|should)$")
_ENDS_IN_MARKER = re.compile(
    r",? (?P<marker>if|where|when|unless)(?: [^,:]{3,60} (?:satisfied|opinion) that|"
    r" any of the following \w+(?: \w+)?)?$"
)
_FOLLOWING = re.compile(
    r"^(?P<verb>[a-z]+(?: (?:to|with|for))?)(?: at least| all| any| each)?(?: of)? the following "
    r"(?P<noun>[a-z]+(?: [a-z]+){0,5})$"
)
_VAGUE = 5  # words: "on receiving an application" is any of many
_LONGEST = 75  # words: a list says more than a sentence


def lists(reading: Reading) -> Iterator[Ask]:
    """Ask for the limbs of a list, together and one by one."""
    for statement in reading.statements:
        if len(statement.items) < 2 or not is_short(statement.text, most=_LONGEST):
            continue
        lead = statement.lead
        if _ENDS_IN_MODAL.search(lead):
            clause = read_clause(f"{lead} do it.")
            if clause and clause.predicate == "do it" and clause.has_agent and stands_alone(clause.subject):
                yield from _acts(reading, statement, clause)
        elif marker := _ENDS_IN_MARKER.search(lead):
            clause = read_clause(f"{lead[: marker.start()]}.")
            if clause and clause.modal in ("must", "may", "should") and not clause.inserted:
                yield _grounds(reading, statement, clause)
        else:
            clause = read_clause(f"{lead}.")
            found = _FOLLOWING.match(clause.predicate) if clause else None
            if clause and found:
                yield _things(reading, statement, clause, found)


def _said(statement: Statement) -> str:
    return re.sub(r"\bshall\b", "must", sentence(statement.text))


def _acts(reading: Reading, statement: Statement, clause: Clause) -> Iterator[Ask]:
    alone = clause.condition is not None and stands_alone(clause.condition)
    alone = alone and not is_short(clause.condition, most=_VAGUE)
    if clause.modal in ("must", "may", "should"):
        slots = reading.slots(
            alone=alone, subject=clause.subject, modal=clause.modal,
            condition=f" {clause.condition}" if clause.condition else None,
        )  # fmt: skip
        yield Ask("list.acts", _said(statement), statement.quotes, slots)
    if (
        clause.modal == "must"
        and statement.connector == "and"
        and not clause.condition
        and not clause.preamble
    ):
        # The second limb: the first is often asked about by itself.
        item = statement.items[1]
        if (
            stands_alone(item)
            and is_short(item, most=25)
            and not re.match(r"(?:if|where|when|for|on|in|as|at|by)\b", item)
        ):
            answer = f"Yes, {clause.subject} {clause.modal} {item}."
            slots = reading.slots(alone=True, subject=clause.subject, modal=clause.modal, item=item)
            yield Ask("list.member", answer, statement.quotes, slots)


def _grounds(reading: Reading, statement: Statement, clause: Clause) -> Ask:
    alone = stands_alone(clause.subject, clause.predicate)
    slots = reading.slots(
        alone=alone, subject=clause.subject, modal=clause.modal, predicate=clause.full_predicate
    )
    return Ask("list.grounds", _said(statement), statement.quotes, slots)


def _things(reading: Reading, statement: Statement, clause: Clause, found: re.Match[str]) -> Ask:
    alone = stands_alone(clause.subject, clause.condition) and clause.condition is None
    slots = reading.slots(
        alone=alone, subject=clause.subject, modal=clause.modal, verb=found["verb"], noun=found["noun"]
    )
    return Ask("list.things", _said(statement), statement.quotes, slots)
