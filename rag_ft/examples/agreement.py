"""Verbs that agree with the names put into a question: "do the Guidelines say", "are the fees"."""

import re

_SINGULAR = {"does": "do", "has": "have", "is": "are", "was": "were"}
_HEAD_ENDS = re.compile(r"\s(?:of|who|which|that|in|to|for|from|under|with|by|on|or)\s")
_NO_PLURAL = re.compile(r"(?:ss|us|is|business|basis|MAS|FIs?)$")


def agree(question: str, *subjects: str | None) -> str:
    """Make the verbs beside plural subjects plural.

    >>> agree("What does the Guidelines say?", "the Guidelines")
    'What do the Guidelines say?'
    """
    for subject in subjects:
        if subject and is_plural(subject):
            name = re.escape(subject)
            question = re.sub(
                rf"\b({'|'.join(_SINGULAR)}) ({name})\b",
                lambda found: f"{_SINGULAR[found[1].lower()]} {found[2]}",
                question,
            )
            question = re.sub(
                rf"(?<!of )(?<!in )(?<!under )(?<!by )(?<!to )(?<!do )\b({name}) (\w+s)\b",
                lambda found: f"{found[1]} {_plural(found[2])}",
                question,
                flags=re.IGNORECASE,
            )
    return question


def is_plural(subject: str) -> bool:
    """Tell whether a subject is more than one thing, by its head noun."""
    if re.match(r"(?:an?|every|each|any [\w-]+ (?:who|which|that)|one)\b", subject, re.IGNORECASE):
        return False
    head = _HEAD_ENDS.split(subject, maxsplit=1)[0]
    if re.search(r" and [a-z]", head):
        return True
    last = head.split()[-1].rstrip("”’'")
    if re.fullmatch(r"[A-Z]{2,}s", last):
        return True
    return last.endswith("s") and not _NO_PLURAL.search(last) and not re.search(r"\d$", head)


def _plural(verb: str) -> str:
    return _SINGULAR.get(verb) or (f"{verb[:-3]}y" if verb.endswith("ies") else verb[:-1])
