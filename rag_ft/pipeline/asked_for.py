"""What a question asks for and takes as given, and whether an answer and its passages have it."""

import re
from collections.abc import Sequence

from rag_ft.acronyms import is_spelt_out
from rag_ft.grounding import find_figures, find_unstated
from rag_ft.retrieval.handles import letters_asked_for
from rag_ft.schema import Passage, Verdict

_ASKS_FIGURE = re.compile(
    r"\b(?:how\s+(?:many|much|long|often|old|large|big|high|soon|quickly|fast|far|late|early|recent)|when"
    r"|what\s+(?:date|year|percentage|amount|sum|rate|period|number|age|minimum|maximum|limit|cap|threshold"
    r"|fine|penalty|fee|deadline)|which\s+(?:date|year|section|paragraph)|by\s+when|from\s+what\s+date"
    r"|what\s+is\s+the\s+(?:\w+\s+){0,3}?(?:limit|cap|threshold|fine|penalty|fee|deadline|minimum|maximum"
    r"|ratio|amount|capital))\b",
    re.IGNORECASE,
)
_ASKS_REASON = re.compile(
    r"\bwhy\b|\b(?:for\s+what|what\s+(?:is|was|were)\s+the)\s+reasons?\b", re.IGNORECASE
)
_GIVES_REASON = re.compile(
    r"\b(?:because|since|so\s+that|so\s+as\s+to|in\s+order\s+to|in\s+view\s+of|given\s+that|due\s+to|owing\s+to"
    r"|as\s+a\s+result|therefore|for\s+the\s+reason|to\s+(?:allow|ensure|avoid|prevent|protect|reduce))\b",
    re.IGNORECASE,
)
# A count in a question ("two directors") is too loose a thing to look for.
_TAKEN_AS_GIVEN = frozenset({"amount", "percent", "period", "date", "ratio", "reference"})


def gives_figure(question: str, answer: str) -> float:
    """Whether a figure that is asked for is given: 1 or -1, 0 where none is asked for."""
    if _ASKS_FIGURE.search(question) is None:
        return 0.0
    return 1.0 if find_figures(answer) else -1.0


def check_asked(question: str, answer: str, cited: Sequence[Passage]) -> list[Verdict]:
    """Refuse an answer that lacks the reason or long form asked for, or passes over a wrong premise.

    An amount, share, period, date or section that the question takes as given must stand in
    a cited passage or in its header: "Why do banks keep records for seven years?" is not
    answered by a passage that says five.
    """
    given = [figure for figure in find_figures(question) if figure.kind in _TAKEN_AS_GIVEN]
    said = "the question takes it as given; no cited passage has it"
    verdicts = [
        Verdict("figure", figure.text, ok=False, evidence=said) for figure in find_unstated(given, cited)
    ]
    if _ASKS_REASON.search(question) and not _GIVES_REASON.search(answer):
        asked = "the question asks for a reason and the answer gives none"
        verdicts.append(Verdict("citation", answer, ok=False, evidence=asked))
    verdicts += [
        Verdict("citation", letters, ok=False, evidence="the answer does not say what they stand for")
        for letters in letters_asked_for(question)
        if not is_spelt_out(letters, answer)
    ]
    return verdicts
