"""Families on rules: who must, may or must not do what, when, how soon, how, unless what."""

import re
from collections.abc import Iterator

from rag_ft.examples.clauses import Clause, stands_alone
from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import LONGEST_QUESTION, Reading, is_short
from rag_ft.examples.statements import Statement

TEMPLATES = {
    "duty.what": (
        "What must {agent} do under {provision}?",
        "What does {provision} require of {subject}?",
        "Which duty does {provision} place on {agent}?",
        "I am reading {provision}. What does it make {agent} do?",
        "What does {provision} say about {thing}?",
    ),
    "duty.condition": (
        "Under {doc}, what must {subject} do {condition}?",
        "{Condition}: what does {casual} then ask {subject} to do?",
        "What does {doc} require of {subject} {condition}?",
        "Under {provision}, what must {subject} do {condition}?",
        "{Condition}, what does {subject} have to do according to {casual}?",
    ),
    "duty.actor": (
        "Under {doc}, who must {predicate}?",
        "{casual} asks somebody to {predicate}. Who is it?",
        "On whom does {doc} place the duty to {predicate}?",
        "Who has to {predicate}, going by {casual}?",
    ),
    "duty.trigger": (
        "When does {doc} require {subject} to {predicate}?",
        "Under {casual}, in which case must {subject} {predicate}?",
        "Under {doc}, in what circumstances must {subject} {predicate}?",
        "Under {provision}, when must {subject} {predicate}?",
    ),
    "duty.deadline": (
        "Under {doc}, how soon must {subject} {predicate}?",
        "Within what time does {doc} require {subject} to {predicate}?",
        "How long does {subject} have under {casual} to {predicate}?",
        "Under {provision}, by when must {subject} {predicate}?",
    ),
    "duty.duration": (
        "Under {doc}, for how long must {subject} {predicate}?",
        "How long does {casual} want {subject} to {predicate}?",
        "What period does {doc} set where it says that {subject} must {predicate}?",
        "Under {provision}, for how long must {subject} {predicate}?",
    ),
    "prohibition.what": (
        "Under {doc}, may {subject} {predicate}?",
        "Is {subject} allowed under {casual} to {predicate}?",
        "Does {doc} let {subject} {predicate}?",
        "Can {subject} {predicate}? What does {casual} say?",
        "Does {provision} permit {subject} to {predicate}?",
    ),
    "prohibition.unless": (
        "Under {doc}, on what condition may {subject} {predicate}?",
        "When is {subject} allowed under {casual} to {predicate}?",
        "{doc} does not let {subject} {predicate}. Is there an exception?",
        "Under {provision}, when may {subject} {predicate}?",
    ),
    "prohibition.approval": (
        "Under {doc}, whose approval does {subject} need to {predicate}?",
        "Going by {casual}, whom must {subject} ask before it may {predicate}?",
        "Under {doc}, can {subject} {predicate} without asking anybody?",
        "Under {provision}, whose consent does {subject} need to {predicate}?",
    ),
    "power.what": (
        "What may {agent} do under {provision}?",
        "Which power does {provision} give {agent}?",
        "What does {provision} allow {agent} to do?",
        "What does {provision} say about {thing}?",
    ),
    "power.condition": (
        "Under {doc}, what may {subject} do {condition}?",
        "{Condition}: what is {subject} then allowed to do under {casual}?",
        "Which step is open to {subject} under {doc} {condition}?",
        "Under {provision}, what may {subject} do {condition}?",
    ),
    "power.actor": (
        "Under {doc}, who may {predicate}?",
        "Under {casual}, who has the power to {predicate}?",
        "Whom does {doc} allow to {predicate}?",
        "Going by {casual}, who can {predicate}?",
    ),
    "power.trigger": (
        "Under {doc}, when may {subject} {predicate}?",
        "On what ground does {doc} let {subject} {predicate}?",
        "Going by {casual}, in which case can {subject} {predicate}?",
        "Under {provision}, when may {subject} {predicate}?",
    ),
    "power.manner": (
        "Under {doc}, how may {subject} {predicate}?",
        "In what way does {casual} let {subject} {predicate}?",
        "Under {provision}, by what means may {subject} {predicate}?",
    ),
    "expectation.what": (
        "What does {provision} expect of {agent}?",
        "According to {provision}, what should {agent} do?",
        "What is {agent} advised to do by {provision}?",
        "What does {provision} say about {thing}?",
    ),
    "expectation.condition": (
        "According to {doc}, what should {subject} do {condition}?",
        "{Condition}: what does {casual} then expect of {subject}?",
        "What does {doc} expect of {subject} {condition}?",
        "According to {provision}, what should {subject} do {condition}?",
    ),
    "relief.what": (
        "Under {doc}, must {subject} {predicate}?",
        "Does {casual} oblige {subject} to {predicate}?",
        "Under {provision}, is {subject} required to {predicate}?",
    ),
}
_PERIOD = (
    r"(?:\d+|one|two|three|four|five|six|seven|ten|twelve|fourteen|twenty-one|thirty)\b[\w -]{0,20}?"
    r"\b(?:business days?|working days?|days?|weeks?|months?|years?|hours?)"
)
_LIMIT = r"(?:within|no later than|not later than|by no later than)"
_DEADLINE = re.compile(rf",? {_LIMIT} (?:a period of )?{_PERIOD}\b.*$")
_INSERTED_DEADLINE = re.compile(rf"^{_LIMIT} (?:a period of )?{_PERIOD}\b|^as soon as")
_DURATION = re.compile(
    rf",? for (?:a (?:minimum )?period of )?(?:at least |not less than |a minimum of )?{_PERIOD}\b.*$"
)
_APPROVAL = re.compile(
    r",? (?:without|except with) (?:first )?(?:obtaining )?(?:the )?(?:prior )?(?:written )?(?:prior )?"
    r"(?:approval|consent|permission) (?:in writing )?of (?:the [A-Z]\w+|MAS|the court)$"
)
_MANNER = re.compile(r"^(?:by|in writing|with the approval|on the application)\b")
_OWN = re.compile(r"\b(?:its|his|her|their|it|itself)\b")
_VAGUE = 5  # words: "on receiving an application" is any of many
_SHORTEST_PREDICATE = 8  # characters
_TOO_OPEN = frozenset(
    {"the person", "a person", "that person", "any person", "an order", "the order", "the court"}
)


def duties(reading: Reading) -> Iterator[Ask]:
    """Ask about each rule of a passage in the ways that its shape allows."""
    for statement, clause in reading.rules:
        if is_short(clause.sentence) and "(a)" not in clause.sentence:
            yield from _whole(reading, statement, clause)
            yield from _parts(reading, statement, clause)


def _is_forecast(reading: Reading) -> bool:
    """In a policy statement "should" and "may" tell what is likely, not what is right."""
    return reading.passage.document.kind == "statement"


def _ask(
    family: str, reading: Reading, statement: Statement, clause: Clause, *, alone: bool, **words: str | None
) -> Ask:
    answer = clause.sentence
    return Ask(family, answer, statement.quotes, reading.slots(alone=alone, subject=clause.subject, **words))


def _whole(reading: Reading, statement: Statement, clause: Clause) -> Iterator[Ask]:
    """What the provision makes its subject do; the provision must be named."""
    if len(reading.rules) > 1 or clause.is_passive or clause.subject.startswith(("this", "these")):
        return
    family = {"must": "duty.what", "may": "power.what", "should": "expectation.what"}.get(clause.modal)
    if family and not _is_forecast(reading):
        agent = clause.subject if clause.has_agent else None
        thing = None if agent else clause.subject
        yield _ask(family, reading, statement, clause, alone=False, agent=agent, thing=thing)


def _parts(reading: Reading, statement: Statement, clause: Clause) -> Iterator[Ask]:
    subject, predicate, modal = clause.subject, clause.predicate, clause.modal
    if not is_short(subject, predicate, clause.condition, most=LONGEST_QUESTION) or subject in _TOO_OPEN:
        return
    # "The bank" is one that the words before spoke of; with a condition they are in the question.
    spoken_of = re.match(r"the [a-z]", subject) is not None and clause.condition is None
    names_subject = stands_alone(subject) and not spoken_of and not subject.startswith("the person")
    # One limb of several is not the whole answer to "what" and "when".
    whole = names_subject and not statement.is_limb
    alone = names_subject and stands_alone(predicate)
    trigger = {"must": "duty.trigger", "may": "power.trigger"}.get(modal)
    acts = {"must": "duty.condition", "may": "power.condition", "should": "expectation.condition"}.get(modal)
    if _is_forecast(reading):
        return
    if clause.condition and acts and clause.has_agent and not clause.is_passive and not clause.marker:
        known = whole and stands_alone(clause.condition) and not is_short(clause.condition, most=_VAGUE)
        yield _ask(
            acts, reading, statement, clause, alone=known, condition=clause.condition,
            Condition=clause.condition[0].upper() + clause.condition[1:],
        )  # fmt: skip
    if trigger and clause.marker in ("if", "where", "when", "whenever") and not clause.inserted:
        yield _ask(trigger, reading, statement, clause, alone=alone and whole, predicate=predicate)
    if clause.marker or clause.condition:
        if modal == "must not" and clause.marker in ("unless", "except where", "except when", "except"):
            whole = whole and alone
            yield _ask("prohibition.unless", reading, statement, clause, alone=whole, predicate=predicate)
        return
    yield from _unconditional(reading, statement, clause, alone=alone)


def _unconditional(reading: Reading, statement: Statement, clause: Clause, *, alone: bool) -> Iterator[Ask]:
    """Ask about a rule without conditions: how soon, how long, how, with whose leave, by whom."""
    asks = {"must": _timed, "may": _by_means, "must not": _forbidden, "need not": _excused}.get(clause.modal)
    found = list(asks(reading, statement, clause, alone=alone)) if asks else []
    yield from found
    if found or clause.inserted or clause.is_passive or not alone or not clause.has_agent:
        return
    family = {"must": "duty.actor", "may": "power.actor"}.get(clause.modal)
    if family and not _OWN.search(clause.predicate):
        yield _ask(family, reading, statement, clause, alone=True, predicate=clause.predicate)


def _timed(reading: Reading, statement: Statement, clause: Clause, *, alone: bool) -> Iterator[Ask]:
    predicate = clause.predicate
    if clause.inserted:
        if _INSERTED_DEADLINE.match(clause.inserted):
            yield _ask("duty.deadline", reading, statement, clause, alone=alone, predicate=predicate)
        return
    for family, pattern in (("duty.deadline", _DEADLINE), ("duty.duration", _DURATION)):
        found = pattern.search(predicate)
        if found and found.start() > _SHORTEST_PREDICATE:
            asked = predicate[: found.start()]
            yield _ask(family, reading, statement, clause, alone=alone, predicate=asked)
            return


def _by_means(reading: Reading, statement: Statement, clause: Clause, *, alone: bool) -> Iterator[Ask]:
    if clause.inserted and _MANNER.match(clause.inserted) and not clause.is_passive:
        yield _ask("power.manner", reading, statement, clause, alone=alone, predicate=clause.predicate)


def _forbidden(reading: Reading, statement: Statement, clause: Clause, *, alone: bool) -> Iterator[Ask]:
    approval = _APPROVAL.search(f" {clause.inserted or ''}") or _APPROVAL.search(clause.predicate)
    if approval and not clause.is_passive:
        asked = clause.predicate if clause.inserted else clause.predicate[: approval.start()]
        yield _ask("prohibition.approval", reading, statement, clause, alone=alone, predicate=asked)
    elif not clause.inserted and not approval:
        yield _denied("prohibition.what", reading, statement, clause, alone=alone)


def _excused(reading: Reading, statement: Statement, clause: Clause, *, alone: bool) -> Iterator[Ask]:
    if not clause.inserted:
        yield _denied("relief.what", reading, statement, clause, alone=alone)


def _denied(family: str, reading: Reading, statement: Statement, clause: Clause, *, alone: bool) -> Ask:
    slots = reading.slots(alone=alone, subject=clause.subject, predicate=clause.predicate)
    return Ask(family, f"No, {clause.rule}.", statement.quotes, slots)
