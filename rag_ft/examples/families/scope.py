"""Families on reach: to whom a text applies, when not, under which power and why it was made, since when."""

import re
from collections.abc import Iterator

from rag_ft.examples.clauses import lowered, stands_alone
from rag_ft.examples.document_names import name_provision
from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, is_short, sentence

TEMPLATES = {
    "scope.applies": (
        "To whom or to what does {what} apply?",
        "What does {what} apply to?",
        "Who or what falls under {what}?",
        "What is the scope of {what}?",
    ),
    "scope.when": (
        "When does {what} apply?",
        "In which case does {what} apply?",
        "In what circumstances does {what} come into play?",
    ),
    "scope.exempt": (
        "To what does {what} not apply?",
        "Is there anything that {what} does not apply to?",
        "What is left outside {what}?",
        "Which exception is made from {what}?",
    ),
    "scope.unless": (
        "When does {what} not apply?",
        "Is there a case in which {what} does not apply?",
        "Which exception is made from {what}?",
    ),
    "scope.power": (
        "Under which power is {what} issued?",
        "Which provision is {what} issued under?",
        "On what legal basis does {what} stand?",
        "What gives the power to issue {what}?",
    ),
    "scope.purpose": (
        "What {is} {purpose}, going by {casual}?",
        "What does {casual} give as {purpose}?",
        "What {is} {purpose}, according to {doc}?",
    ),
    "date.effective": (
        "When does {what} take effect?",
        "From which date does {what} apply?",
        "Since when is {what} in force?",
    ),
    "date.revised": (
        "When was {doc} last revised?",
        "What is the date of the latest revision of {doc}?",
        "How recent is the text of {casual}? When was it last revised?",
    ),
    "status.deemed": (
        "Under {doc}, how is {subject} treated {condition}?",
        "{Condition}, what is {subject} taken to be under {casual}?",
        "Under {provision}, what is deemed of {subject} {condition}?",
    ),
}
_WHAT = (
    r"(?P<what>This (?:Notice|Act|Part|Division|section|regulation)|These (?:Guidelines|Regulations)|"
    r"(?:Subs|S)ection [\w()]+|Paragraph [\w.()]+)"
)
_PREAMBLE = r"(?P<preamble>(?:Subject to|Despite|Without limiting) [^,]{3,80}, )?"
_APPLIES = re.compile(
    rf"^{_PREAMBLE}{_WHAT} (?P<verb>(?:shall )?appl(?:y|ies)|(?:does|do|shall) not apply) "
    r"(?P<to>(?:only )?(?:(?P<thing>to|in relation to|in respect of)|if|where|when|unless)\b.{4,})\.$"
)
_POWER = re.compile(
    r"^(?P<what>This Notice is|These (?:Guidelines|Directions) are) issued "
    r"(?P<under>(?:pursuant to|under) (?:[^.]+? Act \d{4}|[^.]+?))(?: \(“[^”]+”\))?"
    r"(?: and | to provide|, and |\.)"
)
_PURPOSE = re.compile(
    r"^(?P<purpose>[Tt]he (?:principal |main )?(?:purpose|object|objective|function|aim)s? of [^.]{2,60}?) "
    r"(?P<be>is|are) (?!to be )(?:to|as|the) .+\.$"
)
_DATE = r"\d{1,2} [A-Z][a-z]+ (?:19|20)\d\d"
_EFFECT = re.compile(
    rf"^{_WHAT} (?:(?:shall |will )?(?:take effect|come into (?:force|effect|operation))|takes effect|"
    rf"comes into (?:force|effect|operation)|is effective) (?:on|from) (?P<date>{_DATE})\b[^.]*\.$"
)
_REVISED = re.compile(rf"\b[Ll]ast (?:revised|updated|amended) on (?P<date>{_DATE})")
_DEEMED = re.compile(
    r"^(?P<condition>(?:Where|If) .{8,220}?), (?P<subject>(?:the|a|an|any|every) [\w ’-]{3,60}?) "
    r"(?P<is>(?:is|are) (?:deemed|treated|taken|regarded) .{6,})\.$"
)


def scope(reading: Reading) -> Iterator[Ask]:
    """Ask about reach, power, purpose and dates."""
    if reading.document and (revised := _REVISED.search(reading.passage.text)):
        answer = f"It was last revised on {revised['date']}."
        yield Ask("date.revised", answer, (revised.group(),), reading.slots(alone=True))
    for statement in reading.statements:
        # One limb of several is not the whole reach.
        if statement.items or statement.is_limb or not is_short(statement.text):
            continue
        text, quotes = statement.text, statement.quotes
        if (
            (found := _APPLIES.match(text))
            and "as it applies" not in text
            and (what := _named(reading, found["what"]))
        ):
            yield _reach(found, what, quotes)
        elif (found := _POWER.match(text)) and (what := _named(reading, found["what"].rsplit(" ", 1)[0])):
            verb = found["what"].rsplit(" ", 1)[1]
            yield Ask(
                "scope.power",
                f"{what[0].upper()}{what[1:]} {verb} issued {found['under']}.",
                quotes,
                {"what": what},
            )
        elif (found := _PURPOSE.match(text)) and stands_alone(found["purpose"]):
            slots = reading.slots(alone=True, purpose=lowered(found["purpose"]), **{"is": found["be"]})
            yield Ask("scope.purpose", sentence(text), quotes, slots)
        elif (found := _EFFECT.match(text)) and (what := _named(reading, found["what"])):
            yield Ask("date.effective", sentence(text), quotes, {"what": what})
        elif found := _DEEMED.match(text):
            yield _deemed(reading, found, quotes)


def _reach(found: re.Match[str], what: str, quotes: tuple[str, ...]) -> Ask:
    is_out = "not" in found["verb"]
    family = {
        (True, True): "exempt",
        (True, False): "unless",
        (False, True): "applies",
        (False, False): "when",
    }
    verb = "does not apply" if is_out else "applies"
    answer = f"{found['preamble'] or ''}it {verb} {found['to']}"
    return Ask(
        f"scope.{family[is_out, found['thing'] is not None]}", sentence(answer), quotes, {"what": what}
    )


def _deemed(reading: Reading, found: re.Match[str], quotes: tuple[str, ...]) -> Ask:
    condition = lowered(found["condition"])
    slots = reading.slots(
        alone=stands_alone(condition, found["subject"]),
        subject=found["subject"],
        condition=condition,
        Condition=found["condition"],
    )
    return Ask("status.deemed", sentence(found.string), quotes, slots)


def _named(reading: Reading, what: str) -> str | None:
    """Name what a provision calls "this Notice" or "subsection (2)", for a reader outside it."""
    if reading.document is None:
        return None
    kind = what.split(" ")[1].casefold() if what.startswith(("This", "These")) else ""
    if kind in ("notice", "act", "guidelines", "regulations"):
        return reading.document.formal
    number = name_provision(reading.passage)
    if number is None:
        return None
    section = re.match(r"(section|regulation|paragraph) [\w.\-]+", number)
    if section is None or kind in ("part", "division"):
        return None
    if kind in ("section", "regulation"):
        return f"{section.group()} of {reading.document.formal}"
    if kind == "" and reading.passage.document.kind == "guideline":
        return None  # "Paragraph 9" is there the notice's
    label = what.split(" ", 1)[1]
    if what.startswith("Subsection ") and re.fullmatch(r"\([\w]+\)(?:\(\w+\))*", label):
        return f"{section.group()}{label} of {reading.document.formal}"
    if re.match(r"(?:Section|Paragraph) \d", what):
        return f"{what[0].lower()}{what[1:]} of {reading.document.formal}"
    return None
