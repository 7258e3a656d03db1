"""Short names that a text defines itself."""

import re

from rag_ft.institutions.finding import find_institutions
from rag_ft.institutions.known import MAS
from rag_ft.institutions.names import COMPANY_FORMS
from rag_ft.schema import Alias, Document

_BRACKETED = re.compile(
    r"\s*\((?:hereinafter |hereafter |in th(?:is|ese) [a-z]+ referred to as |the |[“\"'‘]){0,4}"
    r"(?P<alias>[A-Z][\w&/-]*(?: [A-Z][\w&/-]*){0,3})[”\"'’]?\)"
)
# Several at once: `Full Name ("FN", "the Body")`.
_LISTED = re.compile(r"\s*\((?P<list>[“\"][^()]{3,80}[”\"])\)")
_QUOTED = re.compile(r"[“\"](?:the )?(?P<alias>[A-Z][\w&/-]*(?: [A-Z][\w&/-]*){0,3})[”\"]")
_MEANS = re.compile(
    r"[“\"](?:the )?(?P<alias>[A-Z][\w -]{1,40})[”\"],?(?: in relation to [\w ]+,)?"
    r" means (?P<name>[^.;]{3,120})"
)


_LONGEST_NAME = 120  # characters


def inline_aliases(text: str) -> tuple[Alias, ...]:
    """Find the short names that a text defines itself: `Full Name ("FN")`, `“FN” means Full Name`."""
    found = []
    for match in (*_BRACKETED.finditer(text), *_LISTED.finditer(text)):
        before = text[max(0, match.start() - _LONGEST_NAME) : match.start()].rstrip('."”')
        named = [m for m in find_institutions(before) if m.span.end == len(before)]
        if not named or " " not in named[-1].name:
            continue
        groups = match.groupdict()
        short = [groups["alias"]] if "alias" in groups else _QUOTED.findall(groups["list"])
        found += [Alias(each, named[-1].name) for each in short if each.casefold() not in COMPANY_FORMS]
    for match in _MEANS.finditer(text):
        named = [m for m in find_institutions(match["name"]) if m.span.start <= len("the ")]
        if named and " " in named[0].name:
            found.append(Alias(match["alias"], named[0].name))
    return tuple(dict.fromkeys(found))


# In these MAS's own documents say "the Authority" and leave its meaning to the Act they are issued under.
_BY_MAS = frozenset(
    {"notice", "direction", "guideline", "code", "circular", "consultation", "statement", "faq"}
)
_SAYS_MAS = re.compile(r"\bMonetary Authority of Singapore\b|\bMAS\b")


def document_aliases(document: Document) -> tuple[Alias, ...]:
    """Give every alias of a document: those parsed, those its text defines, and MAS's usual one.

    "The Authority" is MAS in a notice or guideline that names MAS and defines no other.
    """
    found = [*document.aliases, *inline_aliases(document.text.replace("\u2011", "-"))]
    defined = any(alias.alias.casefold().removeprefix("the ") == "authority" for alias in found)
    if not defined and document.info.kind in _BY_MAS and _SAYS_MAS.search(document.text):
        found.append(Alias("the Authority", MAS.name))
    return tuple(dict.fromkeys(found))
