"""Families on false premises: a question about a body or a text that the passages do not know.

The target is an abstention; the true passage stays among the passages, so that only the
name tells that it does not answer.
"""

import re
from collections.abc import Iterator

from rag_ft.examples.clauses import Clause, stands_alone
from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, is_short
from rag_ft.institutions import KNOWN_INSTITUTIONS

TEMPLATES = {
    "premise.body": (
        "Under {doc}, what may {name} do {condition}?",
        "Which power does {casual} give {name} {condition}?",
        "What must {name} do under {doc} {condition}?",
    ),
    "premise.approval": (
        "Why does {subject} need the approval of {name} to {predicate}?",
        "When does {name} allow {subject} to {predicate}?",
        "How does {subject} apply to {name} for leave to {predicate}?",
    ),
    "premise.decision": (
        "What did {name} decide on monetary policy in {when}?",
        "How did {name} change its policy in {when}?",
        "Which inflation forecast did {name} publish in {when}?",
    ),
    "premise.text": (
        "What does {name} say about the duty of {subject} to {predicate}?",
        "Under {name}, must {subject} {predicate}?",
        "Which section of {name} makes {subject} {predicate}?",
    ),
}
# Who grants approvals asks for none, and a rule about an approval names its own.
_RULER = re.compile(
    r"\b(?:approval|consent|permission)\b|^(?:the (?:Authority|Minister|[Cc]ourt|Commission|Agency)|MAS)\b"
)
_KINDS = ("authority", "central bank", "ministry", "agency")
_HOME = re.compile(r"Singapore|MAS\b|Monetary Authority")
# Bodies that a question may name by mistake; those that a passage names are left out when it is grounded.
_BODIES = tuple(
    f"the {body.name.removeprefix('the ').removeprefix('The ')}"
    for body in KNOWN_INSTITUTIONS
    if body.kind in _KINDS and not _HOME.search(body.name)
)
_BANKS = tuple(
    f"the {body.name.removeprefix('the ').removeprefix('The ')}"
    for body in KNOWN_INSTITUTIONS
    if body.kind == "central bank" and not _HOME.search(body.name)
)
_STANCE = re.compile(r"\bMAS (?:will|has decided)\b")
_TEXTS = (
    "the Fisheries Act 1966", "the Bank of England Act 1998", "the Dodd-Frank Act", "the Copyright Act 2021",
    "the Planning Act 1998", "the Road Traffic Act 1961", "MAS Notice 999", "MAS Notice FSM-N77",
    "the Animals and Birds Act 1965", "the Telecommunications Act 1999",
    "the Housing and Development Act 1959", "the Sarbanes-Oxley Act of 2002", "the Income Tax Act 1947",
    "the Patents Act 1994", "the Customs Act 1960", "the Workplace Safety and Health Act 2006",
    "MAS Notice 41", "MAS Notice PSN88",
    "the Electricity Act 2001",
)  # fmt: skip


def premises(reading: Reading) -> Iterator[Ask]:
    """Ask about a body or a text that has nothing to do with the passage."""
    info = reading.passage.document
    at = sum(map(ord, reading.passage.id))
    body = _BODIES[at % len(_BODIES)]
    if info.kind == "statement" and info.issued and _STANCE.search(reading.passage.text):
        body = _BANKS[at % len(_BANKS)]
        slots = reading.slots(alone=True, name=body, when=f"{info.issued:%B %Y}")
        yield Ask("premise.decision", "", (), slots, absent=body.removeprefix("the "))
    for _, clause in reading.rules:
        asked = is_short(clause.subject, clause.predicate, clause.condition, most=30)
        if not asked or not clause.has_agent or clause.is_passive or not stands_alone(clause.sentence):
            continue
        yield from _about(reading, clause, body, _TEXTS[at % len(_TEXTS)])


def _about(reading: Reading, clause: Clause, body: str, text: str) -> Iterator[Ask]:
    if clause.condition and re.fullmatch(r"the Authority|MAS|the Minister", clause.subject):
        slots = reading.slots(alone=True, name=body, condition=clause.condition)
        yield Ask("premise.body", "", (), slots, absent=body.removeprefix("the "))
    elif clause.modal in ("must not", "may") and not clause.condition and not _RULER.search(clause.rule):
        slots = reading.slots(alone=True, name=body, subject=clause.subject, predicate=clause.predicate)
        yield Ask("premise.approval", "", (), slots, absent=body.removeprefix("the "))
    elif clause.modal == "must" and not clause.condition:
        slots = reading.slots(alone=True, name=text, subject=clause.subject, predicate=clause.predicate)
        yield Ask("premise.text", "", (), slots, absent=text.removeprefix("the "))
