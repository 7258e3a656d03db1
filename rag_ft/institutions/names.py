"""Names as written, made comparable: words with their spans, and a key under which two spellings meet."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Initials with stops ("U.S."), else a word with inner apostrophes, hyphens, slashes, ampersands.
_WORD = re.compile(r"(?:[A-Z]\.){2,}|\w+(?:[’'\-/&.]\w+)*")
_POSSESSIVE = re.compile(r"[’']s?$")

# The forms a company can have; two names that differ only in having none are one name.
_FORMS = {
    "pte ltd": "pte ltd",
    "pte limited": "pte ltd",
    "private limited": "pte ltd",
    "pvt ltd": "pte ltd",
    "sdn bhd": "sdn bhd",
    "co ltd": "ltd",
    "ltd": "ltd",
    "limited": "ltd",
    "berhad": "bhd",
    "bhd": "bhd",
    "inc": "inc",
    "incorporated": "inc",
    "corp": "inc",
    "llc": "llc",
    "llp": "llp",
    "lp": "lp",
    "plc": "plc",
    "ag": "ag",
    "sa": "sa",
    "nv": "nv",
    "gmbh": "gmbh",
    "na": "na",
}
COMPANY_FORMS = frozenset(word for form in _FORMS for word in form.split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its spelling without a possessive, and its characters there."""

    text: str
    start: int
    end: int
    possessive: bool = False

    @property
    def key(self) -> str:
        """The spelling under which words are compared."""
        folded = self.text.casefold().replace("’", "'").replace(".", "")
        return folded.replace("ization", "isation")

    @property
    def is_capital(self) -> bool:
        """Whether it starts with a capital letter."""
        return self.text[0].isupper()


def words_of(text: str) -> list[Word]:
    """Cut a text into words; punctuation stays between them."""
    words = []
    for match in _WORD.finditer(text):
        spelling = match.group()
        possessive = _POSSESSIVE.search(spelling)
        if possessive and possessive.start() > 0:
            words.append(Word(spelling[: possessive.start()], match.start(), match.end(), possessive=True))
        else:
            # "banks’" keeps its apostrophe outside the word; it is a possessive all the same.
            after = text[match.end() : match.end() + 2]
            owns = len(after) == 2 and after[0] in "’'" and after[1] == " " and spelling[-1] in "sS"
            words.append(Word(spelling, match.start(), match.end(), possessive=owns))
    return words


@lru_cache(maxsize=65536)
def name_key(name: str) -> tuple[str, str]:
    """Give the key of a name: its words without case, article and punctuation, and its company form.

    >>> name_key("The DBS Bank, Ltd.")
    ('dbs bank', 'ltd')
    """
    folded = unicodedata.normalize("NFKC", name).replace("&", " and ")
    words = [word.key for word in words_of(folded)]
    if words and words[0] == "the":
        words = words[1:]
    for length in (2, 1):
        form = " ".join(words[-length:])
        if form in _FORMS and len(words) > length:
            return " ".join(words[:-length]), _FORMS[form]
    return " ".join(words), ""


def same_name(one: str, other: str) -> bool:
    """Tell whether two spellings name one institution: equal words, company forms not in conflict."""
    (words, form), (other_words, other_form) = name_key(one), name_key(other)
    return words == other_words and (form == other_form or not form or not other_form)
