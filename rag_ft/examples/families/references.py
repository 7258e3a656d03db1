"""Families on cross-references: what a provision is subject to, and which one governs."""

import re
from collections.abc import Iterator

from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, is_short

TEMPLATES = {
    "reference.subject": (
        "Which other provision must be read with {provision}?",
        "To what is the rule in {provision} subject?",
        "{provision} is not the whole story. Which provision limits it?",
    ),
    "reference.despite": (
        "Over which provision does {provision} prevail?",
        "Despite what does {provision} apply?",
        "Which provision does {provision} set aside?",
    ),
}
_SUBJECT_TO = re.compile(
    r"^subject to (?P<what>(?:sub)?(?:sections?|paragraphs?|regulations?) [\w().,/ -]{1,60})$", re.IGNORECASE
)
_DESPITE = re.compile(
    r"^(?:despite|notwithstanding) "
    r"(?P<what>(?:sub)?(?:sections?|paragraphs?|regulations?) [\w().,/ -]{1,60})$",
    re.IGNORECASE,
)


def references(reading: Reading) -> Iterator[Ask]:
    """Ask which provision a rule points to."""
    for statement, clause in reading.rules:
        if not is_short(statement.text, most=50):
            continue
        preamble = clause.preamble or ""
        if found := _SUBJECT_TO.match(preamble):
            answer = f"It is subject to {_first(found['what'])}."
            yield Ask("reference.subject", answer, statement.quotes, reading.slots(alone=False))
        elif found := _DESPITE.match(preamble):
            answer = f"It applies despite {_first(found['what'])}."
            yield Ask("reference.despite", answer, statement.quotes, reading.slots(alone=False))


def _first(what: str) -> str:
    """Cut "section 39 but subject to subsection (6)" to what it names first."""
    return re.split(r",? (?:but|and subject)\b", what)[0].strip()
