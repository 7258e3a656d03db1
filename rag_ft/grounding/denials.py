"""A claim that denies or narrows needs a passage that does so too.

"Tipping-off is not an offence" may share every word with a passage that has no denial of any
kind in it. What denies is written in many ways ("forbids", "free of", "lacks"), so the claim's
own "not" or "only" is matched with any of them.
"""

import re

from rag_ft.grounding.concepts import concepts
from rag_ft.grounding.cues import SENTENCE_END, without_bounds

_DENIES = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|cannot|(?:is|are|was|were|do|does|did|ca|wo|must|need|should|has|have)n['’]t)\b",
    re.IGNORECASE,
)
_NARROWS = re.compile(r"\b(?:only|solely|exclusively)\b", re.IGNORECASE)
# Words in which a passage denies, ends or withholds, and those in which it narrows.
_NARROW = (
    r"not|no|never|none|nobody|nothing|neither|nor|cannot|without|unless|except\w*|save|only|solely|alone|just|merely"
    r"|instead|rather|until|before|other\s+than|apart|aside|outside|\w+n['’]t|(?:fail|lack|forbid|prohibit|prevent"
    r"|preclud|exempt|exclu|refus|reject|declin|refrain|ceas|suspend|restrict|reserv|confin|waiv"
    r"|relief|disappl|disregard|ignor|omit|depriv|remov|revok|separat|ruled?s?\s+out|laps|expir"
    r"|invalid|voluntar|optional|inadequat|insufficient|incomplet|unable)\w*"
    r"|(?:ban|bar|cap|end|stop|limit|lift|lose|los|void|free)(?:s|es|ed|ned|red|ped|ing|ning|ring|ping)?|lost|loss"
    r"|non-?[a-z]{4,}|un(?!der|til|it|ion|iq)[a-z]{4,}|[a-z]{3,}less"
)
_WIDE = (
    r"|despite|whatever|regardless|irrespective|any\s+(?:value|amount|size)|even\s+(?:if|when|where|though)"
)
_NEGATIVE = re.compile(rf"\b(?:{_NARROW}{_WIDE})\b", re.IGNORECASE)
_NARROWED = re.compile(rf"\b(?:{_NARROW})\b", re.IGNORECASE)
_CONTRAST = re.compile(
    r"\b(?:and|but)\s+not\b|\brather\s+than\b|\binstead\s+of\b|\bnot\s+only\b", re.IGNORECASE
)
_SEGMENT = re.compile(r"[;:]\s|,\s|\b(?:and|but|while|whereas)\b")
_SENTENCE = re.compile(SENTENCE_END + r"|\n+|;\s")
# A sentence of the passage that holds this share of the best one's words says the same thing.
_AS_GOOD = 0.8
# What so few of the words stand in is said elsewhere, or in other words.
_LEAST_HELD = 0.5
_LEAST_WORDS = 2
_MOST = 0.8


def find_unheld_denial(claim: str, passage: str) -> str | None:
    """Say what a claim denies or narrows where the passage's like sentences do neither, or None."""
    plain = without_bounds(_CONTRAST.sub(" ", claim))
    sentences = [(part, frozenset(concepts(part))) for part in _SENTENCE.split(passage)]
    for segment in _SEGMENT.split(plain):
        denies, narrows = _DENIES.search(segment), _NARROWS.search(segment)
        denial = denies or narrows
        if denial is None:
            continue
        words = frozenset(concepts(segment))
        if len(words) < _LEAST_WORDS:
            words = frozenset(concepts(plain))  # "but is not required to do so"
        there = _NEGATIVE if denies else _NARROWED
        alike = _alike(words, sentences)
        if alike and not any(there.search(part) for part in alike):
            return f"the answer says “{denial.group()}” of what the passage says plainly"
    return None


def _alike(words: frozenset[str], sentences: list[tuple[str, frozenset[str]]]) -> list[str]:
    """Give the sentences that hold most of some words; none where no sentence holds half of them."""
    held = [(len(words & there), part) for part, there in sentences]
    best = max((count for count, _ in held), default=0)
    if not words or best < _LEAST_HELD * len(words):
        return []
    return [part for count, part in held if count >= _AS_GOOD * best]


_STATE_DENIED = re.compile(
    r"\b(?:is|are|was|were|been|be)\s+(?:not|never|no\s+longer)\s+(?:yet\s+)?(?P<state>[\w-]+)", re.IGNORECASE
)


# "No criminal proceedings follow"; but "no bank may" denies what comes after the modal verb.
_NONE_OF = re.compile(
    r"\bno\s+(?!(?:[\w'’-]+\s+){0,7}?(?:may|must|shall|can|should|is|are)\b)(?P<state>[\w-]+(?:\s+[\w-]+)?)",
    re.IGNORECASE,
)
_SET_AGAINST = re.compile(
    r"\b(?:(?:and|but)\s+not|rather\s+than|instead\s+of)\s+(?P<state>[^,.;:]{4,60})", re.IGNORECASE
)


def find_denied_state(claim: str, passage: str) -> str | None:
    """Say which state a claim ascribes to what the passage says is not in it, or None."""
    if _NEGATIVE.search(without_bounds(claim)):
        return None
    said = set(concepts(claim))
    for sentence in _SENTENCE.split(passage):
        for pattern in (_STATE_DENIED, _NONE_OF, _SET_AGAINST):
            for denied in pattern.finditer(without_bounds(sentence)):
                state = set(concepts(denied["state"]))
                elsewhere = set(concepts(pattern.sub(" ", passage)))
                shared = said & set(concepts(sentence)) - state
                if state and state <= said and not state <= elsewhere and len(shared) >= _LEAST_WORDS:
                    return f"the passage says “{denied.group()}”"
    return None


_ONLY = re.compile(
    r"^\W*(?:only|none\s+but|nobody\s+but|no\s+one\s+but)\s+(?P<who>[^,;:]{2,80}?)\s+(?:can|may|shall|must|is|are)\s"
    r"(?P<what>.+)",
    re.IGNORECASE,
)
_WHO = re.compile(r"^\W*(?P<who>[^,;:]{2,80}?)\s+(?:can|may|shall|must|is|are)\s(?P<what>.+)", re.IGNORECASE)


def find_outsider(claim: str, passage: str) -> str | None:
    """Say of whom alone a passage says what a claim says of another, or None."""
    said = _WHO.search(claim)
    if said is None or _DENIES.search(claim) or _NARROWS.search(claim) or _NEGATIVE.search(said["who"]):
        return None
    who, what = set(concepts(said["who"])), set(concepts(said["what"]))
    for sentence in _SENTENCE.split(passage):
        only = _ONLY.search(sentence)
        if only is None or len(what & set(concepts(only["what"]))) < max(2, _MOST * len(what)):
            continue
        if not who & set(concepts(only["who"])):
            return f"the passage says it only of {only['who']}"
    return None
