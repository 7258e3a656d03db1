"""Families on names: what letters stand for, what something is, who does what."""

import re
from collections.abc import Iterator

from rag_ft.examples.clauses import lowered
from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, is_short, sentence
from rag_ft.examples.statements import tidy

TEMPLATES = {
    "name.letters": (
        "What does {letters} stand for in {doc}?",
        "{casual} writes {letters}. What is that short for?",
        "What is the full name behind the letters {letters} in {doc}?",
        "Spell out {letters} as {casual} uses it.",
        "In {doc}, what do the letters {letters} mean?",
    ),
    "name.short": (
        "Which abbreviation does {doc} use for “{name}”?",
        "How does {casual} shorten “{name}”?",
        "What is the short form of “{name}” in {doc}?",
    ),
    "identity.what": (
        "According to {doc}, what is {thing}?",
        "What is {thing}? What does {casual} say?",
        "How does {doc} describe {thing}?",
        "In {casual}, what is said of {thing}?",
    ),
    "identity.who": (
        "According to {doc}, who {does}?",
        "Which body {does}, going by {casual}?",
        "{doc} says who {does}. Who is it?",
    ),
}
_SHORT = re.compile(
    r"\s\((?:the |hereafter |hereinafter )?[“\"](?P<letters>[A-Z][A-Za-z]{0,2}[A-Z/&][A-Z/&a-z]{0,8})[”\"]\)"
)
_WORD = re.compile(r"[A-Za-z][\w’'&.-]*")
_SMALL = frozenset("of and the for in on to a an with".split())
_IS = re.compile(
    r"^(?P<thing>(?:The |An? )?[A-Z]?[\w’\-]+"
    r"(?: (?!(?:is|are|was|were|that|which|who|where|if|when)\b)[\w’&\-]+){0,5}) "
    r"(?:is|are) (?P<what>(?:an?|the|one of|part of)\b.{12,})\.$"
)
_DOES = re.compile(
    r"^(?P<who>MAS|(?:The )?[A-Z][\w’&-]+(?: (?:of|and|for|the|[A-Z][\w’&-]+)){1,6}) "
    r"(?P<does>(?:administers|regulates|supervises|issues|manages|licenses|oversees|conducts|keeps|approves|"
    r"publishes|operates|appoints|collects|monitors|holds|grants|runs|insures|maintains|enforces) .{8,})\.$"
)
_NO_THING = re.compile(
    r"^(?:As|While|Although|Since|Because|However|But|And|So|Then|Also|Here|It|This|That|These|Those|There|Such|What|Where|Whether|He|She|They|Below|Above|Neither|Any|If|In|For|On|At|To|By|With|When|After|"
    r"Before|How|Who|Which|Why)\b|\bwhether\b"
)


def names(reading: Reading) -> Iterator[Ask]:
    """Ask what letters stand for, what a thing is, and who does something."""
    yield from _letters(reading)
    if reading.passage.document.kind in ("act", "regulations"):
        return
    for statement in reading.statements:
        if statement.items or not is_short(statement.text, most=45):
            continue
        text, quotes = statement.text, statement.quotes
        said = sentence(text)
        if (found := _DOES.match(text)) and not re.search(r"\b(?:its|their)\b", found["does"]):
            yield Ask("identity.who", said, quotes, reading.slots(alone=True, does=found["does"]))
        elif (found := _IS.match(text)) and not _NO_THING.match(found["thing"]):
            slots = reading.slots(alone=True, thing=lowered(found["thing"], reading.passage.text))
            yield Ask("identity.what", said, quotes, slots)


def _letters(reading: Reading) -> Iterator[Ask]:
    text = tidy(reading.passage.text)
    done: set[str] = set()
    for found in _SHORT.finditer(text):
        letters = found["letters"]
        name = spelt_out(letters, text[: found.start()])
        if name is None or letters in done:
            continue
        done.add(letters)
        slots = reading.slots(alone=True, letters=letters, name=name)
        quotes = (found.group().strip(), name)
        yield Ask(
            "name.letters",
            f"{letters} {'stand' if letters.endswith('s') else 'stands'} for {name}.",
            quotes,
            slots,
        )
        yield Ask("name.short", f"It is {letters}.", quotes, slots)


def spelt_out(letters: str, before: str) -> str | None:
    """Find the words just before a short form whose initials it is made of; None where they do not fit.

    >>> spelt_out("CDD", "A bank performs customer due diligence")
    'customer due diligence'
    """
    wanted = [letter.casefold() for letter in letters if letter.isalpha() and letter.isupper()]
    words = list(_WORD.finditer(before))
    at = len(words)
    for letter in reversed(wanted):
        at -= 1
        while (
            at >= 0 and words[at].group().casefold() in _SMALL and words[at].group()[0].casefold() != letter
        ):
            at -= 1
        if at < 0 or words[at].group()[0].casefold() != letter:
            return None
    name = before[words[at].start() :].strip()
    return name if len(wanted) >= 2 and not re.search(r"[.;:(“”\"]", name) else None
