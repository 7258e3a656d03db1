"""The words that oblige, permit, forbid, exempt, advise, state and deny."""

import re
from typing import Literal

Force = Literal["states", "obliges", "advises", "permits", "denies", "forbids", "exempts"]

# Where a sentence ends, as every check of wording cuts; what else cuts is each check's own.
SENTENCE_END = r"(?<=[.!?])\s+(?=[\"“(]?[A-Z0-9])"

NEGATIVE: frozenset[Force] = frozenset({"denies", "forbids", "exempts"})
# What a force becomes under a "no": "no bank may" forbids, "there shall be no fee" denies.
FLIP: dict[Force, Force] = {
    "obliges": "forbids",
    "permits": "forbids",
    "advises": "forbids",
    "states": "denies",
}

_ADVERB = (
    r"(?:\s+(?:also|only|then|still|always|now|therefore|however|nevertheless|thereafter|generally"
    r"|in\s+any\s+case|\w+ly))?"
)
_BE = r"(?:is|are|was|were|be|been|being)"
_HAVE = r"(?:has|have|had)"
_DO = r"(?:do|does|did|will|would)"
_MODAL = r"(?:must|shall|may|can|should|could|ought)"
_CUES: dict[Force, tuple[str, ...]] = {
    "exempts": (
        rf"need{_ADVERB}\s+not",
        r"needn['’]t",
        r"(?:don|doesn|didn|needn)['’]t\s+(?:need|have)\s+to",
        r"needs?\s+no",
        r"no\s+need",
        r"(?:(?:is|are)\s+(?:under\s+)?|(?:has|have)\s+)?no\s+(?:duty|obligation|requirement)(?:\s+(?:to|for))?",
        rf"(?:{_DO}|shall){_ADVERB}\s+not\s+(?:need|have|require)(?:\s+to(?:\s+be)?)?",
        rf"(?:{_BE}\s+|shall\s+|will\s+)?not\s+(?:be\s+)?(?:required|obliged|bound|necessary|mandatory|compulsory)"
        r"(?:\s+to(?:\s+be)?)?",
        rf"{_BE}\s+exempt(?:ed)?(?:\s+from)?",
        rf"{_BE}\s+(?:voluntary|optional)",
        rf"{_BE}\s+(?:relieved|excused|released)(?:\s+(?:of|from))?",
        rf"{_BE}\s+not\s+subject\s+to",
        r"exempts(?:\s+from)?",
    ),
    "forbids": (
        rf"{_MODAL}{_ADVERB}\s+(?:not|never|neither|no\s+longer)(?:\s+to)?(?:\s+be)?",
        r"cannot(?:\s+be)?",
        r"(?:can|mustn|shan|shouldn)['’]t",
        rf"(?:{_BE}\s+)?not\s+(?:be\s+)?(?:allowed|permitted|entitled|free|lawful)(?:\s+to)?",
        rf"(?:{_BE}\s+)?(?:prohibited|forbidden|banned|barred|unlawful|disallowed|prevented)(?:\s+from)?",
        r"(?:prohibit|forbid|ban|prevent|preclude|bar)s",
        r"rul(?:e|es|ed|ing)\s+out",
    ),
    "denies": (
        rf"(?:{_BE}|{_HAVE}|{_DO}){_ADVERB}\s+(?:not(?!\s+(?:voluntary|optional|exempt))|never|no\s+longer)(?:\s+be(?:en)?)?",
        r"(?:stops|ceases|ends)(?=\s*\Z|\s+(?:once|when|if|as\s+soon))",
        r"(?:is|are|was|were|has|have|do|does|did|will|would|wo)n['’]t",
        r"never|no\s+longer|nor|neither|not",
        rf"(?:{_BE}\s+)?(?:left\s+out|excluded|omitted|disregarded|ignored)(?:\s+(?:of|from))?",
        rf"(?:fall|falls|fell|{_BE})\s+outside",
        r"(?:fails?|failed)\s+to",
        rf"{_BE}\s+unable\s+to",
        r"(?:refrains?|abstains?)\s+from",
        r"(?:cease|ceases|ceased|stop|stops|fail)\s+to(?=\s)|(?:cease|ceases|stop|stops)(?=\s+\w+ing\b)",
        r"rather\s+than|instead\s+of",
    ),
    "advises": (
        r"should(?:\s+be)?",
        r"ought\s+to",
        rf"{_BE}\s+(?:expected|encouraged|advised|recommended)(?:\s+to)?",
        r"recommend(?:s|ed)?",
    ),
    "obliges": (
        rf"(?:must|shall){_ADVERB}(?:\s+be)?(?=\W)",
        rf"{_HAVE}\s+to(?:\s+be)?",
        rf"{_BE}\s+(?:required|obliged|bound|to\s+be)(?:\s+to)?",
        rf"{_BE}\s+(?:needed|necessary|mandatory|compulsory|not\s+(?:voluntary|optional|exempt(?:ed)?(?:\s+from)?))",
        r"(?:is|are)\s+to(?=\s)",
        rf"(?:{_BE}\s+under\s+a\s+)?duty\s+to|obligation\s+to",
        r"needs?\s+to|needs?|requires?|required(?!\s*[.,;]?\s*\Z)|obliged|obliges|compels?|demands?",
        r"asks?(?=\s+(?:an?|the|every|each)\s+\w+\s+to\b)",
        r"bears?\s+the\s+burden\s+of",
    ),
    "permits": (
        rf"(?:may|can|could|might)(?!\s+be\s+(?:required|obliged)){_ADVERB}(?:\s+be)?(?=\W)",
        rf"{_BE}\s+(?:also\s+)?(?:allowed|permitted|entitled|free|able|lawful)(?:\s+to)?",
        rf"(?:{_HAVE}|with)\s+(?:the\s+)?(?:power|right)\s+to",
        r"allow(?:s|ed)|permit(?:s|ted)|entitle[sd]?|permissible|lets",
        r"reserves?(?=\s+\w)|reserved(?:\s+(?:for|to))?",
    ),
    "states": (
        # What may be required is neither left free nor required of everyone.
        r"(?:may|can|could|might)\s+be\s+(?:required|obliged)(?:\s+to)?",
        r"commits?(?=\s+an\s+offence)",
        rf"is|are|was|were|{_HAVE}|{_DO}",
    ),
}
# Verbs that end or withhold what follows them, and what a force becomes before one.
ENDING = re.compile(r"(?:refrain|abstain|cease|stop|fail)", re.IGNORECASE)
UNDER_ENDING: dict[Force, Force] = {
    "obliges": "forbids",
    "advises": "forbids",
    "permits": "exempts",
    "states": "denies",
    "forbids": "obliges",
    "denies": "states",
    "exempts": "permits",
}
# In this order: what obliges and what exempts are told apart by the longer cue, tried first.
CUE = re.compile(
    r"\b(?:" + "|".join(f"(?P<{force}>{'|'.join(rows)})" for force, rows in _CUES.items()) + r")(?=\W|\Z)",
    re.IGNORECASE,
)

# "No bank shall", "nothing in this Act may": the negation stands before the verb.
NO = re.compile(r"\b(?:no(?!\s*[.:])|none|nobody|nothing|no\s+one)\b", re.IGNORECASE)
NO_AFTER = re.compile(r"\s*(?:(?:be|have|of)\s+)?(?:no|none)\b(?!\s+later|\s+more)", re.IGNORECASE)
# "No approval is needed" frees, where "no bank must" forbids.
NEEDED = re.compile(r"\b(?:need|requir|necessary|mandatory|compulsory)", re.IGNORECASE)
# "Allowed only to those who hold a licence" obliges the others to hold one.
ONLY = re.compile(r"\b(?:only|solely|exclusively|reserve[sd]?)\b", re.IGNORECASE)
VERBS_OF_DENIAL = re.compile(r"\b(?:prevent|prohibit|forbid|preclude|bar|ban|exempt)", re.IGNORECASE)

_THAN = (
    r"(?:more|less|later|earlier|fewer|longer|shorter|greater|higher|lower|larger|smaller)\s+(?:\w+\s+)?than"
)
# Bounds of figures, and set phrases, hold a "not" that denies nothing.
_BOUNDS = re.compile(
    r"\b(?:(?:must|shall|may|can|should|do|does|did|will)\s+not\s+(?:be\s+)?exceed\w*|cannot\s+exceed"
    rf"|not\s+(?:be\s+)?(?:to\s+)?exceed\w*|not?\s+(?:be\s+)?{_THAN}|not\s+only|(?:whether\s+)?or\s+not|no\s+doubt"
    r"|(?:(?:must|shall|may|can|should|do|does|did|will)\s+not|cannot)\s+(?:be|go|rise|run)\s+(?:above|over|beyond|below|under)"
    rf"|(?:(?:must|shall|may|can|should)\s+not|cannot)\s+(?:be|go|rise|run|last)\s+{_THAN}"
    r"|without\s+(?:undue\s+|any\s+|further\s+)?delay"
    r"|if\s+not|no\s+(?:matter|other)|not\s+yet|as\s+may\s+be|may\s+be,)(?=\W|\Z)",
    re.IGNORECASE,
)


def without_bounds(text: str) -> str:
    """Blank the bounds of figures ("not exceeding"), whose "not" denies nothing; the length stays."""
    return _BOUNDS.sub(lambda match: " " * len(match.group()), text)
