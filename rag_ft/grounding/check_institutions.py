"""Every institution that an answer names is named in a passage that its sentence cites."""

import re
from collections.abc import Sequence

from rag_ft.grounding.claims import Claim
from rag_ft.grounding.evidence import Evidence
from rag_ft.grounding.nearness import Surroundings, nearness, words_around_name
from rag_ft.institutions import Institution, Mention, find_institutions, same_name
from rag_ft.schema import Verdict


def check_institutions(
    claim: Claim, cited: Sequence[Evidence], extra: Sequence[Institution] = ()
) -> list[Verdict]:
    """Give a verdict on each institution of a claim.

    A name counts only as a whole: "MAS" does not hold "MAS Bank". The name of a document
    ("MAS Notice 626") names its issuer for other documents' names, not as one who acts.
    """
    aliases = tuple(dict.fromkeys(alias for evidence in cited for alias in evidence.aliases))
    found = find_institutions(claim.text, aliases, extra)
    acting = [mention for mention in found if mention.kind != "document" and not mention.in_document]
    return [
        _check(mention, [each for each in acting if each is not mention], claim, cited)
        for mention in found
        if mention.kind != "document"
    ]


def _check(
    mention: Mention,
    others: Sequence[Mention],
    claim: Claim,
    cited: Sequence[Evidence],
) -> Verdict:
    faults = []
    for evidence in cited:
        if _names(evidence, mention):
            rival = _mistaken_for(mention, others, claim, evidence)
            if rival is None:
                return Verdict("institution", mention.text, ok=True, evidence=f"{evidence.name} names it")
            faults.append(f"{evidence.name} says this of {rival}, not of {mention.text}")
    return Verdict("institution", mention.text, ok=False, evidence="; ".join(faults) or _missing(cited))


def _mistaken_for(
    mention: Mention, others: Sequence[Mention], claim: Claim, evidence: Evidence
) -> str | None:
    """Find the institution of which the passage says what the answer says of another one there.

    Where the answer names that one too, the two must have changed places.
    """
    if mention.in_document:
        return None
    said = _surroundings([mention, *others], claim.text)
    there = _surroundings(
        [each for each in evidence.mentions if each.kind != "document" and not each.in_document],
        evidence.text,
    )
    own = _nearest(said[mention], there, mention)
    for rival in there:
        if _same_body(rival.name, mention.name) or _is_denied(rival, evidence.text):
            continue
        straight, swapped, lead = own, _nearest(said[mention], there, rival), LEAST_LEAD
        for other in others:
            if same_name(other.name, rival.name):
                straight += _nearest(said[other], there, rival)
                swapped += _nearest(said[other], there, mention)
                lead = LEAST_LEAD_OF_TWO
        if swapped - straight >= lead:
            return rival.name
    return None


# By how much more words the passage must say it of the other; fitted on the half of
# tests/bench/grounding that was built against. A name's sides change with active and passive.
LEAST_LEAD = 1.5
LEAST_LEAD_OF_TWO = 1.0
_ACROSS = 0.75


def _surroundings(mentions: Sequence[Mention], text: str) -> dict[Mention, Surroundings]:
    return {
        each: words_around_name(each.span, [other.span for other in mentions if other is not each], text)
        for each in mentions
    }


def _nearest(said: Surroundings, there: dict[Mention, Surroundings], name: Mention) -> float:
    """Score the place of a name in the passage that is most like the answer's."""
    places = (place for each, place in there.items() if _same_body(each.name, name.name))
    return max((nearness(said, place, across=_ACROSS) for place in places), default=0.0)


def _names(evidence: Evidence, mention: Mention) -> bool:
    if any(_same(mention, other) for other in evidence.mentions):
        return True
    if mention.in_document and any(same_name(mention.name, m.name) for m in evidence.header_mentions):
        return True
    return _stands_in(mention, evidence) or _names_both(evidence, mention)


def _names_both(evidence: Evidence, mention: Mention) -> bool:
    """Tell whether a mention is two names that the passage has apart: "the President and Parliament"."""
    parts = mention.text.split(" and ")
    if len(parts) != _TWO or mention.in_document:
        return False
    return all(
        any(_same_body(part, other.name.removeprefix("the ")) for other in evidence.mentions)
        or (part == part.title() and _stands_alone(part, evidence))
        for part in parts
    )


def _stands_alone(name: str, evidence: Evidence) -> bool:
    """Tell whether a name stands in the passage as written, outside every longer name there."""
    return any(
        not any(m.span.start <= at.start() and at.end() <= m.span.end for m in evidence.mentions)
        for at in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", evidence.text)
    )


_TWO = 2


def _same(mention: Mention, other: Mention) -> bool:
    if other.kind == "document" or (other.in_document and not mention.in_document):
        return False
    return _same_body(mention.name, other.name)


def _same_body(one: str, other: str) -> bool:
    """Tell whether two names are one, or one and its plural: "District Courts"."""
    return same_name(one, other) or same_name(one.removesuffix("s"), other.removesuffix("s"))


def _is_denied(mention: Mention, text: str) -> bool:
    """Tell whether a name stands behind a "not": "reports do not go to A. They go to B"."""
    return _NOT_BEFORE.search(text, max(0, mention.span.start - 40), mention.span.start) is not None


_NOT_BEFORE = re.compile(
    r"\b(?:not|never)\s+(?:\w+\s+){1,2}?(?:to|by|from|with)\s+(?:the\s+)?\Z", re.IGNORECASE
)


def _stands_in(mention: Mention, evidence: Evidence) -> bool:
    """Tell whether the name stands in the passage letter for letter, but for its case, on its own.

    It catches names that a passage writes in small letters ("the board of directors"). A
    place inside a longer name of the passage does not count.
    """
    if mention.in_document or len(mention.text) < 4:
        return False
    pattern = rf"(?<!\w){re.escape(mention.text)}(?!\w)"
    for match in re.finditer(pattern, evidence.text, re.IGNORECASE):
        inside = any(m.span.start <= match.start() and match.end() <= m.span.end for m in evidence.mentions)
        written_small = match.group()[0].islower() or mention.kind == "role"
        if not inside and written_small:
            return True
    return False


def _missing(cited: Sequence[Evidence]) -> str:
    named = dict.fromkeys(m.name for e in cited for m in e.mentions if m.kind != "document")
    if not cited:
        return "its sentence cites no passage"
    return f"no cited passage names it; named there: {', '.join(named) or 'no institution'}"
