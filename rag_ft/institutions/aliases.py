"""Short names that a text defines itself."""

import re

from rag_ft.institutions.finding import find_institutions
from rag_ft.schema import Alias

_BRACKETED = re.compile(
    r"\s*\((?:hereinafter |hereafter |in th(?:is|ese) [a-z]+ referred to as |the |[“\"'‘]){0,4}"
    r"(?P<alias>[A-Z][\w&/-]*(?: [A-Z][\w&/-]*){0,3})[”\"'’]?\)"
)
_MEANS = re.compile(
    r"[“\"](?:the )?(?P<alias>[A-Z][\w -]{1,40})[”\"],?(?: in relation to [\w ]+,)?"
    r" means (?P<name>[^.;]{3,120})"
)


def inline_aliases(text: str) -> tuple[Alias, ...]:
    """Find the short names that a text defines itself: `Full Name ("FN")`, `“FN” means Full Name`."""
    found = []
    for match in _BRACKETED.finditer(text):
        named = [m for m in find_institutions(text[: match.start()]) if m.span.end == match.start()]
        if named:
            found.append(Alias(match["alias"], named[-1].name))
    for match in _MEANS.finditer(text):
        named = [m for m in find_institutions(match["name"]) if m.span.start <= len("the ")]
        if named:
            found.append(Alias(match["alias"], named[0].name))
    return tuple(found)
