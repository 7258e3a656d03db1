"""Families on what a text tells of another text: what that provides, and where something stands."""

import re
from collections.abc import Iterator

from rag_ft.examples.clauses import lowered
from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, is_short, sentence

TEMPLATES = {
    "told.rule": (
        "What does {text} {verb}?",
        "According to {doc}, what does {text} {verb}?",
        "{casual} says what {text} {verbs}. What is it?",
    ),
    "told.duty": (
        "What does {text} {verb} {subject} to do?",
        "According to {doc}, what does {text} {verb} {subject} to do?",
        "Going by {casual}, what does {text} mean for {subject}?",
    ),
    "told.where": (
        "Where does it stand that {said}?",
        "Which provision says that {said}?",
        "On which provision does {doc} rest when it says that {said}?",
    ),
}
_LABEL = r"(?:[Ss]ections?|[Pp]aragraphs?|[Rr]egulations?) [\w().\-]+(?: (?:and|to|or) [\w().\-]+)?"
_TEXT = (
    rf"(?P<text>(?:{_LABEL} of )?(?:the [A-Z][\w’'(), -]+? Act \d{{4}}|(?:MAS )?Notice \w+|"
    r"(?:the )?Guidelines (?:to (?:MAS )?Notice \w+|[A-Z]+-[A-Z]\d+)))"
)
_RULE = re.compile(
    rf"^{_TEXT} (?P<verb>require|allow|oblige|forbid|prohibit|ask|expect|permit|empower|create|protect|"
    r"reserve|define|list|name|exempt|cover)s (?P<rest>[^:]{8,})\.$",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"^(?P<subject>(?:an?|the|every|each|any|all)? ?[a-zA-Z][\w’' -]{2,50}?) (?:not )?to [a-z]+\b"
)
_TELLS = ("require", "allow", "oblige", "forbid", "ask", "expect", "permit", "empower")
_WHERE = re.compile(rf"^(?P<said>[^()]{{20,}}?) \((?P<where>{_TEXT})\)\.$", re.IGNORECASE)


def told(reading: Reading) -> Iterator[Ask]:
    """Ask what a text says of another; statutes are asked about by their own families."""
    if reading.passage.document.kind in ("act", "regulations"):
        return
    for statement in reading.sourced:
        if statement.items or not is_short(statement.text, most=45):
            continue
        if found := _RULE.match(statement.text):
            yield _rule(reading, found, statement.quotes)
        elif (found := _WHERE.match(statement.text)) and "labels" not in found["where"]:
            where = found["where"]
            slots = reading.slots(alone=True, said=lowered(found["said"], reading.passage.text))
            slots["casual"] = None
            says = "say" if re.match(r"\w+s ", where) else "says"
            answer = f"{where[0].upper()}{where[1:]} {says} so."
            if re.match(r"(?i:sections?|paragraphs?|regulations?) ", where):
                yield Ask("told.where", answer, statement.quotes, slots)


def _rule(reading: Reading, found: re.Match[str], quotes: tuple[str, ...]) -> Ask:
    verb = found["verb"].lower()
    text = (
        lowered(found["text"])
        if found["text"].startswith(("Section", "Paragraph", "Regulation"))
        else found["text"]
    )
    duty = _DUTY.match(found["rest"]) if verb in _TELLS else None
    slots = reading.slots(
        alone=True, text=text, verb=verb, verbs=f"{verb}s", subject=duty["subject"] if duty else None
    )
    return Ask("told.duty" if duty else "told.rule", sentence(found.string), quotes, slots)
