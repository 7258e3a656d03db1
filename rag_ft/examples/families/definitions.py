"""Families on what words mean: definitions, inclusions, and meanings found elsewhere."""

import re
from collections.abc import Iterator

from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, is_short, sentence
from rag_ft.examples.statements import Statement, read_definition

TEMPLATES = {
    "definition.meaning": (
        "What does “{term}” mean in {doc}?",
        "How does {doc} define “{term}”?",
        "{casual} uses the expression “{term}”. What is meant by it?",
        "What is the statutory or regulatory definition of “{term}” in {doc}?",
        "What exactly is “{term}” taken to be in {casual}?",
        "What does “{term}” mean for the purposes of {provision}?",
    ),
    "definition.includes": (
        "What does “{term}” include under {doc}?",
        "Which things count as “{term}” in {casual}?",
        "How far does the expression “{term}” extend in {doc}?",
        "What does the word “{term}” cover in {provision}?",
    ),
    "definition.elsewhere": (
        "Where does {doc} take the meaning of “{term}” from?",
        "Which provision gives “{term}” its meaning in {doc}?",
        "{casual} borrows its meaning of “{term}” from somewhere else. From where?",
        "From which provision does {provision} take the meaning of “{term}”?",
    ),
    "definition.term": (
        "Which term in {doc} means {meaning}?",
        "What does {casual} call {meaning}?",
        "{doc} has a defined term for {meaning}. Which one is it?",
    ),
}
_BODY = re.compile(
    r"^[“\"](?P<term>[^”\"]{2,80})[”\"]"
    r"(?P<scope>,? in relation to [^,]{3,100},|,? (?:for the purposes of|in respect of) [^,]{3,80},|,)? "
    r"(?P<verb>means|refers to|includes|has the (?:same )?meaning (?:given|assigned|as|ascribed|set out|"
    r"it has)|has the meanings? given) ?(?P<meaning>.+)\.$"
)
_ELSEWHERE = re.compile(r"\bhas the (?:same )?meaning\b")
_NARROW = re.compile(
    r"\s*(?:In|For the purposes of) (?:this|that) (?:section|subsection|paragraph|regulation)\b"
)
_PHRASE = re.compile(r"^(?:an?|any|the) ")


def definitions(reading: Reading) -> Iterator[Ask]:
    """Ask what a defined term means, what it takes in, or where its meaning stands."""
    statement = read_definition(reading.passage)
    found = _BODY.match(statement.text) if statement else None
    if statement is None or found is None or not is_short(statement.text):
        return
    term, meaning = found["term"], found["meaning"]
    # What a term means "in this section" it does not mean in the whole document.
    is_wide = _NARROW.match(reading.passage.text) is None
    is_only = is_wide and reading.terms.get(term.casefold(), 0) <= 1
    slots = reading.slots(alone=is_only, term=term)
    if slots["doc"]:
        slots["provision"] = None  # a term defined once needs no section number
    answer = sentence(statement.text)
    if _ELSEWHERE.search(found["verb"]):
        yield Ask("definition.elsewhere", answer, statement.quotes[-1:], slots)
    elif found["verb"] == "includes":
        yield Ask("definition.includes", answer, statement.quotes[-1:], slots)
    else:
        yield Ask("definition.meaning", answer, statement.quotes[-1:], slots)
        if is_only and _PHRASE.match(meaning) and not found["scope"] and not _names_itself(term, meaning):
            yield from _reverse(reading, statement, term, meaning)


def _reverse(reading: Reading, statement: Statement, term: str, meaning: str) -> Iterator[Ask]:
    if is_short(meaning, most=30) and len(meaning.split()) >= 6 and "(a)" not in meaning:
        slots = reading.slots(alone=True, meaning=meaning)
        slots["provision"] = None
        yield Ask("definition.term", f"That is “{term}”.", statement.quotes[-1:], slots)


def _names_itself(term: str, meaning: str) -> bool:
    return any(word in meaning.casefold() for word in term.casefold().split() if len(word) > 3)
