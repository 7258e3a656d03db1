"""What a question asks for and takes as given, and whether an answer and its passages have it.

Each function gives 1 where they have it, -1 where they do not, 0 where nothing of the kind
is asked.
"""

import re
from collections.abc import Sequence

from rag_ft.grounding import find_figures, states_figure
from rag_ft.schema import Passage

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
    """Whether a figure that is asked for is given."""
    return _signed(_ASKS_FIGURE, question, given=bool(find_figures(answer)))


def gives_reason(question: str, answer: str) -> float:
    """Whether a reason that is asked for is given."""
    return _signed(_ASKS_REASON, question, given=_GIVES_REASON.search(answer) is not None)


def holds_premises(question: str, cited: Sequence[Passage]) -> float:
    """Whether the figures that a question takes as given stand in a cited passage or its header."""
    named = [figure for figure in find_figures(question) if figure.kind in _TAKEN_AS_GIVEN]
    if not named:
        return 0.0
    return 1.0 if all(any(states_figure(each, passage) for passage in cited) for each in named) else -1.0


def _signed(asks: re.Pattern[str], question: str, *, given: bool) -> float:
    if asks.search(question) is None:
        return 0.0
    return 1.0 if given else -1.0
