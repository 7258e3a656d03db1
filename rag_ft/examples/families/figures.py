"""Families on figures: the amount, share, time or frequency that a rule sets."""

import re
from collections.abc import Iterator

from rag_ft.examples.clauses import read_clause, stands_alone
from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, inner, is_short, sentence
from rag_ft.grounding.figures import Figure, find_figures

TEMPLATES = {
    "figure.amount": (
        "Under {doc}, {rule}. How much is that amount?",
        "{casual} speaks of a certain amount where it says that {rule}. What is the sum?",
        "What amount is meant in {doc} where it provides that {rule}?",
        "By {provision}, {rule}. What is the amount?",
    ),
    "figure.percent": (
        "Under {doc}, {rule}. Which percentage is that?",
        "{casual} says that {rule}. How many per cent?",
        "What is the percentage in {doc} where it says that {rule}?",
        "By {provision}, {rule}. What is the percentage?",
    ),
    "figure.period": (
        "Under {doc}, {rule}. How long is that time?",
        "{casual} says that {rule}. How long is it exactly?",
        "What period does {doc} set where it says that {rule}?",
        "By {provision}, {rule}. What length of time is that?",
    ),
    "figure.frequency": (
        "Under {doc}, {rule}. How often is that?",
        "{casual} says that {rule}. How frequently does that have to happen?",
        "By {provision}, {rule}. At what intervals?",
    ),
    "figure.false": (
        "Is it right that, under {doc}, {false}?",
        "Somebody told me that, under {casual}, {false}. Is that true?",
        "Does {doc} really say that {false}?",
        "I read that, by {provision}, {false}. Is that correct?",
    ),
    "figure.true": (
        "Is it right that, under {doc}, {true}?",
        "Somebody told me that, under {casual}, {true}. Is that true?",
        "Can you confirm that, by {provision}, {true}?",
        "Does {doc} say that {true}?",
    ),
}
_BLANKS = {
    "amount": "a certain amount",
    "percent": "a certain percentage",
    "period": "a certain time",
    "frequency": "at certain intervals",
}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_OTHER_DIGIT = {"1": "3", "2": "5", "3": "7", "4": "6", "5": "2", "6": "9", "7": "4", "8": "5", "9": "6"}
_OTHERS = ("date", "count", "ratio", "time")
# "12-month period" would leave "a certain time period" behind.
_ATTACHED = re.compile(r"^(?:[- ](?:periods?|terms?|old|ago|earlier|basis|business|controllers?)|[’'])")
_NO_RULE = re.compile(
    r"^(?:However|Meanwhile|Apart|Thus|Therefore|Hence|Instead|Indeed|Also|\w+ly),? |^[“\"]|"
    r"^(?:It|They|He|She|This|These|Such)\b"
)
_ADJECTIVE = re.compile(r"\b(?:an?|the|normal|each|every|its|their|in)$")
_CONDITION = re.compile(r"^(?:If|Where|When|Unless|Whether)\b")
# What must stand before a time for it to be one limit, and not part of a name.
_LIMIT = re.compile(
    r"(?:within|for|of|least|than|exceeding|exceeds?|every|after|before|to|over|is|by|above|below|under|up)"
    r"(?: an?| the)?$"
)


def figures(reading: Reading) -> Iterator[Ask]:
    """Ask for the one figure of a sentence, and whether another would be right."""
    for statement in reading.statements:
        text = statement.text
        if statement.items or not is_short(text, most=45) or "guilty of" in text or _NO_RULE.match(text):
            continue
        found = find_figures(text)
        wanted = [figure for figure in found if figure.kind in _BLANKS]
        if len(wanted) != 1 or any(figure.kind in _OTHERS for figure in found):
            continue
        figure = wanted[0]
        before, after = text[: figure.span.start].rstrip(), text[figure.span.end :]
        limits = figure.kind == "frequency" or _LIMIT.search(before)
        if _ATTACHED.match(after) or not limits or _is_no_limit(figure, before):
            continue
        if _CONDITION.match(text) and read_clause(text) is None:
            continue  # a condition whose rule stands elsewhere
        yield from _ask(reading, text, statement.quotes, figure)


def _is_no_limit(figure: Figure, before: str) -> bool:
    if figure.kind == "frequency":
        return not figure.text.endswith("ly") or _ADJECTIVE.search(before) is not None
    return re.match(r"(?:an?|the|zero|next)\b", figure.text) is not None


def _ask(reading: Reading, text: str, quotes: tuple[str, ...], figure: Figure) -> Iterator[Ask]:
    start, end = figure.span
    answer = sentence(text)
    alone = stands_alone(text)
    before = re.sub(r"\ban?$", "", text[:start].rstrip())
    rule = inner(f"{before.rstrip()} {_BLANKS[figure.kind]}{text[end:]}", reading.passage.text)
    yield Ask(f"figure.{figure.kind}", answer, quotes, reading.slots(alone=alone, rule=rule))
    said = inner(text, reading.passage.text)
    yield Ask("figure.true", sentence(f"Yes, {said}"), quotes, reading.slots(alone=alone, true=said))
    other = false_figure(figure.text)
    if other and other not in reading.passage.text:
        false = inner(f"{text[:start]}{other}{text[end:]}", reading.passage.text)
        answer = sentence(f"No, {said}")
        yield Ask("figure.false", answer, quotes, reading.slots(alone=alone, false=false))


def false_figure(text: str) -> str | None:
    """Change a figure into another that looks as likely; None where it has no digits.

    >>> false_figure("S$20,000")
    'S$50,000'
    """
    number = _NUMBER.search(text)
    if number is None:
        return None
    value = float(number.group().replace(",", ""))
    if value < 2 and "." not in number.group():  # a singular noun may follow
        return None
    digits = number.group()
    at = next((i for i, digit in enumerate(digits) if digit in _OTHER_DIGIT), None)
    if at is None:
        return None
    other = f"{digits[:at]}{_OTHER_DIGIT[digits[at]]}{digits[at + 1 :]}"
    return f"{text[: number.start()]}{other}{text[number.end() :]}"
