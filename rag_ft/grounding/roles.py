"""What a figure is said to be: a floor or a ceiling, the present value or a former one, and of what."""

import re
from collections.abc import Sequence
from typing import Literal

from rag_ft.grounding.figures import Figure, find_figures
from rag_ft.grounding.stems import concepts

Bound = Literal["at least", "at most", "more than", "less than", "from", "until"]

_FILLER = (
    r"(?:[\s,(]*(?:a|an|the|any|of|to|by|in|be|is|are|total|aggregate|sum|amount|value|period|fine|term|single|full"
    r"|duration|rate|level|each|its|their|paid-up|base|capital|last|preceding|previous|past|or|equal|equivalent)\b)*"
    r"[\s,(]*\Z"
)
# The first that matches just before the figure holds; "not exceeding" must come before "exceeding".
_BEFORE: tuple[tuple[str, Bound], ...] = (
    (r"(?:not|no|never|cannot|neither|n't)\s+(?:\w+\s+){0,2}?(?:exceed\w*|in excess of)", "at most"),
    (r"(?:not|no|n't)\s+(?:be\s+|to\s+)*(?:more|later|longer|greater|higher|larger|over|above|beyond)\s*(?:than)?", "at most"),
    (r"(?:not|no|n't)\s+(?:be\s+|to\s+)*(?:less|fewer|lower|shorter|smaller|earlier|below|under)\s*(?:than)?", "at least"),
    (r"at\s+(?:the\s+)?(?:most|maximum)|up\s+to|maximum(?:\s+\w+)?|within|as\s+much\s+as|(?:cap|capp|limit|ceiling)(?:ed)?(?:\s+(?:of|at|to|is))?|as\s+many\s+as", "at most"),
    (r"at\s+(?:the\s+)?(?:least|minimum)|minimum(?:\s+\w+)?|no\s+fewer|floor(?:\s+(?:of|at|is))?|as\s+little\s+as", "at least"),
    (r"more\s+than|exceed(?:s|ing|ed)?|above|over|greater\s+than|higher\s+than|(?:in\s+)?excess\s+of|longer\s+than|beyond|upwards?\s+of", "more than"),
    (r"less\s+than|below|under|fewer\s+than|lower\s+than|shorter\s+than|smaller\s+than", "less than"),
)  # fmt: skip
_BEFORE_DATE: tuple[tuple[str, Bound], ...] = (
    (r"(?:not|no)\s+(?:later\s+than|after)|until|till|before|by|up\s+to|ending|ends?|expir\w+|prior\s+to|through|latest", "until"),
    (r"from|since|after|beginning|starting|commenc\w+|with\s+effect(?:\s+from)?|effective|on\s+or\s+after|not\s+(?:earlier\s+than|before)", "from"),
)  # fmt: skip
_AFTER: tuple[tuple[str, Bound], ...] = (
    (r"\s*(?:or|and)\s+(?:more|above|over|longer|greater|higher|upwards?|later)\b", "at least"),
    (r"\s*(?:or|and)\s+(?:less|below|under|fewer|lower|shorter|smaller|earlier)\b", "at most"),
    (r"\s*(?:at\s+(?:the\s+)?(?:most|latest)|maximum|tops)\b", "at most"),
    (r"\s*(?:at\s+(?:the\s+)?least|minimum)\b", "at least"),
)
_COMPILED = tuple((re.compile(rf"\b(?:{words}){_FILLER}", re.IGNORECASE), bound) for words, bound in _BEFORE)
_COMPILED_DATE = tuple(
    (re.compile(rf"\b(?:{words}){_FILLER}", re.IGNORECASE), bound) for words, bound in _BEFORE_DATE
)
_COMPILED_AFTER = tuple((re.compile(words, re.IGNORECASE), bound) for words, bound in _AFTER)

_FORMER = re.compile(
    r"\b(?:previous(?:ly)?|former(?:ly)?|earlier|originally|instead\s+of|rather\s+than|used\s+to\s+be|no\s+longer"
    r"|(?:rais|increas|lower|reduc|chang|revis|cut|lift|mov|ris|rose|went|grew)\w*\s[^.;]{0,40}\bfrom"
    r"|replac\w+|in\s+place\s+of|old|before|was)"
    r"(?:[\s,(]*(?:a|an|the|at|of|only|limit|cap|set|been|it|value|figure|to|be)\b)*[\s,(]*\Z",
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


def is_former(figure: Figure, text: str) -> bool:
    """Tell whether the words before a figure give it as a value that holds no longer."""
    before = text[max(0, figure.span.start - 90) : figure.span.start]
    return _FORMER.search(before) is not None


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
    if said and held and said != held:
        return f"the passage says {held} {there.text}, the answer {said}"
    if is_former(there, passage) != is_former(figure, sentence) and _has_rival(there, passage):
        return f"{there.text} is the former value in one of them and not in the other"
    rival = _better_placed(there, passage, set(concepts(f"{question} {sentence}")))
    if rival is not None:
        return f"the words of the answer stand beside {rival.text} there, not beside {there.text}"
    return None


def _has_rival(figure: Figure, passage: str) -> bool:
    return bool(_rivals(figure, find_figures(passage)))


def _rivals(figure: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """Figures of the same sort and another value: what the answer could have been mistaken for."""
    return [
        each
        for each in figures
        if each.kind == figure.kind
        and (each.kind != "reference" or each.unit == figure.unit)
        and not figure.same(each)
        and not each.same(figure)
    ]


def _better_placed(there: Figure, passage: str, asked: set[str]) -> Figure | None:
    """Find a rival whose own words are asked for, where none of this figure's own are."""
    figures = [each for each in find_figures(passage) if each.kind == there.kind]
    contexts = _contexts(figures, passage)
    mine = contexts[there.span.start]
    for rival in _rivals(there, figures):
        theirs = contexts[rival.span.start]
        if (theirs - mine) & asked and not (mine - theirs) & asked:
            return rival
    return None


def _contexts(figures: Sequence[Figure], passage: str) -> dict[int, set[str]]:
    """Give the content words between each figure and its neighbours, within its clause."""
    breaks = [0, *(match.end() for match in _BREAK.finditer(passage)), len(passage)]
    contexts: dict[int, set[str]] = {}
    for position, figure in enumerate(figures):
        start = max(at for at in breaks if at <= figure.span.start)
        end = min((at for at in breaks if at > figure.span.end), default=len(passage))
        if position:
            start = max(start, figures[position - 1].span.end)
        if position + 1 < len(figures):
            end = max(figure.span.end, min(end, figures[position + 1].span.start))
        words = passage[start : figure.span.start] + " " + passage[figure.span.end : end]
        contexts.setdefault(figure.span.start, set()).update(concepts(words))
    return contexts
