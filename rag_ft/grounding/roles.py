"""What a figure is said to be: a floor or a ceiling, the present value or a former one, and of what."""

import re
from collections.abc import Sequence
from typing import Literal

from rag_ft.grounding.concepts import concepts
from rag_ft.grounding.figures import Figure, find_figures
from rag_ft.grounding.nearness import better_placed, words_around

Bound = Literal["at least", "at most", "more than", "less than", "from", "until"]

_FILLER = (
    r"(?:[\s,(]*(?:a|an|the|any|of|to|by|in|on|be|is|are|total|aggregate|sum|amount|value|period|fine|term|single"
    r"|full|duration|rate|level|each|its|their|paid-up|base|capital|last|preceding|previous|past|or|equal"
    r"|equivalent)\b)*[\s,(]*\Z"
)
_NOT = r"(?:not|no|n't)\s+(?:be\s+|to\s+)*"
# The first that stands just before the figure holds; "not exceeding" must come before "exceeding".
_BEFORE: tuple[tuple[Bound, str], ...] = (
    ("at most", r"at\s+or\s+(?:below|under)"),
    ("at least", r"at\s+or\s+(?:above|over)"),
    ("at most", r"(?:not|no|never|cannot|neither|n't)\s+(?:\w+\s+){0,2}?(?:exceed\w*|in excess of)"),
    ("at most", _NOT + r"(?:more|later|longer|greater|higher|larger|over|above|beyond)\s*(?:than)?"),
    ("at least", _NOT + r"(?:less|fewer|lower|shorter|smaller|earlier|below|under)\s*(?:than)?"),
    (
        "at most",
        r"at\s+(?:the\s+)?(?:most|maximum)|up\s+to|maximum(?:\s+\w+)?|within|as\s+(?:much|many)\s+as"
        r"|(?:highest|largest|maximum)\s+(?:\w+\s+){0,4}?(?:is|of|be|at)"
        r"|(?:cap|capp|limit|ceiling)(?:ed)?(?:\s+(?:of|at|to|is))?",
    ),
    (
        "at least",
        r"at\s+(?:the\s+)?(?:least|minimum)|minimum(?:\s+\w+)?|floor(?:\s+(?:of|at|is))?|as\s+little\s+as"
        r"|(?:lowest|smallest|minimum)\s+(?:\w+\s+){0,4}?(?:is|of|be|at)",
    ),
    (
        "more than",
        r"(?:more|greater|higher|longer|later|larger)\s+than|exceed(?:s|ing|ed)?|above|over|(?:in\s+)?excess\s+of"
        r"|beyond|upwards?\s+of",
    ),
    ("less than", r"(?:less|fewer|lower|shorter|smaller|earlier)\s+than|below|under"),
)
_BEFORE_DATE: tuple[tuple[Bound, str], ...] = (
    (
        "until",
        r"(?:not|no)\s+(?:later\s+than|after)|until|till|before|by|up\s+to|ending|ends?|expir\w+|prior\s+to|through"
        r"|latest",
    ),
    (
        "from",
        r"from|since|after|beginn?ing|begins?|starting|starts?|commenc\w+|with\s+effect(?:\s+from)?|effective"
        r"|on\s+or\s+after|not\s+(?:earlier\s+than|before)",
    ),
)
_AFTER: tuple[tuple[Bound, str], ...] = (
    ("at least", r"\s*(?:or|and)\s+(?:more|above|over|longer|greater|higher|upwards?|later)\b"),
    ("at most", r"\s*(?:or|and)\s+(?:less|below|under|fewer|lower|shorter|smaller|earlier)\b"),
    ("at most", r"\s*(?:at\s+(?:the\s+)?(?:most|latest)|maximum|tops)\b"),
    ("at least", r"\s*(?:at\s+(?:the\s+)?least|minimum)\b"),
)


def _compiled(rows: Sequence[tuple[Bound, str]], around: str) -> tuple[tuple[re.Pattern[str], Bound], ...]:
    return tuple((re.compile(around.replace("WORDS", words), re.IGNORECASE), bound) for bound, words in rows)


_COMPILED = _compiled(_BEFORE, rf"\b(?:WORDS){_FILLER}")
_COMPILED_DATE = _compiled(_BEFORE_DATE, rf"\b(?:WORDS){_FILLER}")
_COMPILED_AFTER = _compiled(_AFTER, "WORDS")

_FORMER = re.compile(
    r"\b(?:previous(?:ly)?|former(?:ly)?|earlier|originally|instead\s+of|rather\s+than|used\s+to\s+be|no\s+longer"
    r"|(?:rais|increas|lower|reduc|chang|revis|cut|lift|mov|ris|rose|went|grew)\w*\s[^.;]{0,40}\bfrom"
    r"|replac\w+|in\s+place\s+of|old|before|was|(?:up|down)\s+from)"
    r"(?:[\s,(:]*(?:a|an|the|at|of|only|limit|cap|set|been|it|value|figure|to|be)\b)*[\s,(:]*\Z",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[.;:](?=\s|$)|\n|\s(?=\([a-z]{1,4}\)\s)")


def bound_of(figure: Figure, text: str) -> Bound | None:
    """Tell how a figure bounds what it measures, where the words beside it say so."""
    before = text[max(0, figure.span.start - 70) : figure.span.start]
    before = _BREAK.split(before)[-1]
    if figure.kind in ("date", "time"):
        patterns = _COMPILED_DATE
    else:
        after = text[figure.span.end : figure.span.end + 30]
        for pattern, bound in _COMPILED_AFTER:
            if pattern.match(after):
                return bound
        patterns = _COMPILED
    return next((bound for pattern, bound in patterns if pattern.search(before)), None)


_OPPOSITE: dict[Bound, Bound] = {"more than": "at most", "less than": "at least"}


def _readings(bound: Bound, figure: Figure, text: str) -> set[Bound]:
    """Read a bound with the "not" before it: "may not hold more than" is at most.

    A "not" right before the bound turns it; one further off in the sentence may.
    """
    before = text[: figure.span.start]
    near = _CLAUSE.split(before)[-1]
    opposite = _OPPOSITE.get(bound)
    if bound == "from" and _DENIAL.search(_SENTENCE.split(text[figure.span.end :])[0]):
        return {"from", "until"}  # "what comes after that day is not taken"
    if opposite is None:
        return {bound}
    if _DENIED.search(near):
        return {opposite}
    return {bound, opposite} if _DENIAL.search(_SENTENCE.split(before)[-1]) else {bound}


_DENIAL = re.compile(
    r"\b(?:not|no|nobody|none|never|cannot|nor|without|forbid\w*|prohibit\w*|bans?|bar(?:s|red)|rules?\s+out)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|never|cannot|nor)\s+(?:[\w-]+\s+){0,2}"
    r"(?:more|less|above|below|over|under|exceed\w*|greater|fewer|longer|later)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?]\s+(?=[A-Z(])")
_CLAUSE = re.compile(r"[.;:,\n]|\b(?:who|which|that|if|when|where|unless|except|but|and)\b", re.IGNORECASE)


def is_former(figure: Figure, text: str) -> bool:
    """Tell whether the words before a figure give it as a value that holds no longer."""
    before = text[max(0, figure.span.start - 90) : figure.span.start]
    found = _FORMER.search(before)
    # "Payable before 31 December" sets a time; only of amounts is "before" a former value.
    timed = (
        figure.kind in ("date", "time")
        and found is not None
        and found.group().casefold().startswith("before")
    )
    return found is not None and not timed


def find_role_fault(
    figure: Figure, sentence: str, question: str, occurrences: Sequence[Figure], passage: str
) -> str | None:
    """Say why a figure that a passage holds plays another part there, or None where it does not.

    Args:
        figure: a figure of the answer, found in `sentence`.
        sentence: the answer's sentence.
        question: the question, whose words tell what the figure is of.
        occurrences: the figures of `passage` that equal it, at least one.
        passage: the passage's text.
    """
    faults = [_fault_at(figure, sentence, question, each, passage) for each in occurrences]
    return None if None in faults else faults[0]


def _fault_at(figure: Figure, sentence: str, question: str, there: Figure, passage: str) -> str | None:
    said, held = bound_of(figure, sentence), bound_of(there, passage)
    if said and held and not _readings(said, figure, sentence) & _readings(held, there, passage):
        return f"the passage says {held} {there.text}, the answer {said}"
    former, said_former = is_former(there, passage), is_former(figure, sentence)
    if former != said_former and _rivals(there, find_figures(passage)):
        return f"{there.text} is the former value in one of them and not in the other"
    if former:
        return None  # both call it the former value: that is its role
    rival = _better_placed(there, passage, figure, sentence, question)
    if rival is not None:
        return f"the words of the answer stand beside {rival.text} there, not beside {there.text}"
    return None


def _rivals(figure: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """Figures of the same sort and another value: what the answer could have been mistaken for."""
    return [
        each
        for each in figures
        if each.kind == figure.kind
        and (each.kind != "reference" or each.unit == figure.unit)
        and (each.kind != "count" or _counts_alike(figure, each))
        and not figure.same(each)
        and not each.same(figure)
    ]


def _counts_alike(one: Figure, other: Figure) -> bool:
    mine, theirs = set(concepts(one.noun)), set(concepts(other.noun))
    return bool(mine & theirs) or not (mine and theirs)


def _better_placed(
    there: Figure, passage: str, figure: Figure, sentence: str, question: str
) -> Figure | None:
    if figure.kind == "frequency" and there.kind == "period":
        return None  # "each month" where the passage has "a month": no length of time to mistake
    figures = [each for each in find_figures(passage) if each.kind == there.kind]
    rivals = _rivals(there, figures)
    bound = bound_of(figure, sentence)
    if bound is not None and bound == bound_of(there, passage):
        rivals = [each for each in rivals if bound_of(each, passage) == bound]
    if not rivals:
        return None
    said = [each for each in find_figures(sentence) if each.kind == figure.kind]
    # An answer's own words alone: shared ones tell of its other figure too.
    around = words_around(figure.span, [each.span for each in said], sentence, shared=False)
    asked = set(concepts(question)) if len(said) == 1 else set()
    spans = [each.span for each in figures]
    placed = {each: words_around(each.span, spans, passage) for each in (there, *rivals)}
    return better_placed(around, asked, placed[there], {rival: placed[rival] for rival in rivals})
