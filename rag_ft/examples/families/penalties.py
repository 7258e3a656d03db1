"""Families on offences: what one, and what it costs."""

import re
from collections.abc import Iterator

from rag_ft.examples.clauses import lowered, stands_alone
from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, is_short, sentence

TEMPLATES = {
    "penalty.fine": (
        "What is the penalty under {provision}?",
        "What punishment does {provision} set?",
        "What is the most that a person convicted under {provision} faces?",
        "Under {doc}, what penalty is {who} liable to?",
        "What can happen to {who}, according to {casual}?",
    ),
    "penalty.daily": (
        "Under {provision}, what further fine applies to a continuing offence?",
        "What does {provision} add for each day that an offence goes on?",
        "How is a continuing offence punished under {provision}?",
    ),
    "penalty.offence": (
        "Under {doc}, does {who} commit an offence?",
        "Is {who} guilty of an offence under {casual}?",
        "Does {provision} make {who} guilty of an offence?",
    ),
}
_OFFENCE = re.compile(
    r"^(?P<preamble>[A-Z][^,]{0,120}, )?(?P<who>(?:An?|Any|Every|The|Each|a|any|every|an) [^:;]{3,220}?),? "
    r"(?:is|are|shall be) guilty of an offence"
    r"(?P<rest> and (?:is|are|shall be) (?:each )?liable on conviction to (?P<penalty>[^:;]{5,400}))?\.$"
)
_DAILY = re.compile(
    r"in the case of a continuing offence,? to a further (?P<fine>fine not exceeding [^.;]{5,160})"
)
_WILL_BE = re.compile(r"\bshall be (guilty|liable)\b")


def penalties(reading: Reading) -> Iterator[Ask]:
    """Ask who commits an offence, and to which penalty that leads."""
    for statement in reading.statements:
        found = None if statement.items else _OFFENCE.match(statement.text)
        if found is None or not is_short(statement.text, most=70):
            continue
        said = sentence(_WILL_BE.sub(r"is \1", statement.text))
        who = lowered(found["who"])
        alone = stands_alone(who, found["preamble"]) and is_short(who, most=35)
        named = reading.slots(alone=alone, who=who if alone else None)
        if not found["penalty"]:
            slots = reading.slots(alone=alone, who=who if is_short(who, most=35) else None)
            yield Ask("penalty.offence", f"Yes, {who} is guilty of an offence.", statement.quotes, slots)
            continue
        yield Ask("penalty.fine", said, statement.quotes, named)
        if daily := _DAILY.search(found["penalty"]):
            answer = f"A continuing offence carries a further {daily['fine'].rstrip('.')}."
            yield Ask("penalty.daily", answer, statement.quotes, reading.slots(alone=False))
