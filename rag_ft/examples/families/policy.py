"""Families on policy statements: what was decided on a date, and what was forecast."""

import re
from collections.abc import Iterator

from rag_ft.examples.drafts import Ask
from rag_ft.examples.families.reading import Reading, is_short, sentence

TEMPLATES = {
    "policy.decision": (
        "What did MAS decide on {topic} in {when}?",
        "Which decision on {topic} does {doc} announce?",
        "What happened to {topic} under the decision of {when}?",
        "In {when}, what did MAS say it would do with {topic}?",
    ),
    "policy.forecast": (
        "What did MAS expect of {subject} in {doc}?",
        "What was the outlook for {subject} as MAS saw it in {when}?",
        "In {when}, how did MAS forecast {subject}?",
        "What does {casual} project for {subject}?",
    ),
    "policy.figure": (
        "How did {subject} come in, according to {doc}?",
        "What figure does {casual} report for {subject}?",
        "Which reading of {subject} did MAS give in {when}?",
    ),
}
_TOPICS = (
    ("the level at which the policy band is centred", re.compile(r"\b(?:re-?cent|level at which)")),
    ("the slope of the S$NEER policy band", re.compile(r"\b(?:slope|rate of appreciation)\b")),
    ("the S$NEER policy band", re.compile(r"\bpolicy band\b")),
    ("the monetary policy stance", re.compile(r"\b(?:policy stance|monetary policy|exchange rate policy)\b")),
)
_DECISION = re.compile(
    r"^(?:MAS|The Monetary Authority of Singapore|It|Against this backdrop, MAS|Accordingly, MAS|"
    r"Therefore, MAS) (?:will|has decided|is) (?:therefore |also )?(?P<does>.{12,})\.$"
)
_SUBJECTS = (
    r"(?:MAS )?[Cc]ore (?:CPI )?[Ii]nflation|CPI-All Items inflation|CPI inflation|"
    r"[Hh]eadline (?:CPI )?inflation|(?:GDP|Economic|economic) growth|The (?:Singapore |domestic )?economy|"
    r"The underlying inflation measure|Inflation"
)
_FORECAST = re.compile(
    rf"^(?P<front>(?:For|In|Over|By|Taking|Overall|On balance|Looking ahead)[^,]{{0,80}}, )?"
    rf"(?:the )?(?P<subject>{_SUBJECTS}) "
    r"(?:is|are|should|will|could|would)\b.{4,}\d[\d.–-]*\s?%.*\.$"
)
_REPORTED = re.compile(
    rf"^(?P<front>(?:In|Over|For|During)[^,]{{0,60}}, )?(?P<subject>{_SUBJECTS}) "
    r"(?:averaged|rose|fell|came in|eased|edged|picked up|declined|moderated|grew|expanded|contracted|"
    r"increased|slowed)\b.*\d\s?%.*\.$"
)


def policy(reading: Reading) -> Iterator[Ask]:
    """Ask what a policy statement decided, forecast and reported."""
    info = reading.passage.document
    if info.kind != "statement" or info.issued is None or reading.document is None:
        return
    when = f"{info.issued:%B %Y}"
    for statement in reading.statements:
        text = statement.text
        if statement.items or not is_short(text) or re.search(r"\(Chart|\bChart \d", text):
            continue
        if found := _DECISION.match(text):
            topic = next((name for name, pattern in _TOPICS if pattern.search(found["does"])), None)
            if topic and not text.startswith("It "):
                answer = re.sub(r"\bwill therefore\b", "will", sentence(text))
                slots = reading.slots(alone=True, topic=topic, when=when)
                yield Ask("policy.decision", answer, statement.quotes, slots)
            continue
        for family, pattern in (("policy.forecast", _FORECAST), ("policy.figure", _REPORTED)):
            if found := pattern.match(text):
                slots = reading.slots(alone=True, subject=_subject(found), when=when)
                yield Ask(family, sentence(text), statement.quotes, slots)
                break


def _subject(found: re.Match[str]) -> str:
    named = re.sub(r"^The\b", "the", found["subject"])
    named = re.sub(r"^(Core|Headline|Economic|Inflation)\b", lambda word: word.group().lower(), named)
    front = (found["front"] or "").strip(", ")
    timed = re.match(
        r"(?:For|In|Over|By|During) ((?:the whole of |the rest of )?(?:19|20)\d\d|.*\bquarter.*)", front
    )
    return f"{named} {front[0].lower()}{front[1:]}" if timed else named
