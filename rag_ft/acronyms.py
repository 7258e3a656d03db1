"""Letters that stand for a name, and texts that say for which."""

import re
from collections.abc import Iterator

SMALL = frozenset("of and the for on to in by with a an or".split())
_GIVES_MEANING = re.compile(r"\b(?:means|stands? for|short for|is|are)(?: an?| the)? [“\"]?$")
# Longer long forms are not looked for, in words; nor words of meaning further before one, in characters.
_MOST_WORDS, _BEFORE = 14, 160


def spelt_out(name: str, acronym: str) -> str | None:
    """Return the words that an acronym abbreviates, at the head of a text."""
    letters = [c for c in acronym if c.isupper()]
    if len(letters) < 2 or len(letters) < len(acronym.replace("-", "").replace("/", "")) - 1:
        return None
    words = name.split()
    words = words[1:] if words and words[0] in ("the", "a", "an") else words
    taken = 0
    for at, word in enumerate(words):
        if taken < len(letters) and word[:1].upper() == letters[taken]:
            taken += 1
        elif word.lower() not in SMALL:
            return None
        if taken == len(letters):
            return " ".join(words[: at + 1]).strip(" ,;.")
    return None


def is_spelt_out(acronym: str, text: str) -> bool:
    """Tell whether a text has the words that an acronym's letters begin, as a name or as its meaning.

    Small words that begin so are too many ("MAS may also sell") to count by themselves.
    """
    return any(
        means or all(word[0].isupper() for word in long_form.split() if word not in SMALL)
        for long_form, means in _long_forms(acronym, text)
    )


def is_defined(acronym: str, text: str) -> bool:
    """Tell whether a text says what an acronym means: "means ...", "stands for ...", "... (MAS)"."""
    return any(means for _, means in _long_forms(acronym, text))


def _long_forms(acronym: str, text: str) -> Iterator[tuple[str, bool]]:
    """Give every run of words with an acronym's initials, and whether the text calls it the meaning."""
    behind = re.compile(rf"\s*(?:\((?:the )?[“\"]?|,? is (?:an? )?[“\"]?){re.escape(acronym)}\b")
    words = list(re.finditer(r"[\w’'&]+", text))
    for at, word in enumerate(words):
        if word[0] == acronym or word[0][0].upper() != acronym[0]:
            continue
        long_form = spelt_out(" ".join(each[0] for each in words[at : at + _MOST_WORDS]), acronym)
        if long_form is not None:
            end = words[at + len(long_form.split()) - 1].end()
            before = text[max(0, word.start() - _BEFORE) : word.start()]
            yield long_form, bool(_GIVES_MEANING.search(before) or behind.match(text, end))
