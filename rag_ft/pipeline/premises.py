"""What a question takes for granted: the institutions, notices, laws and projects that it names.

A name that stands nowhere in the index is a false premise; the proof says what was
searched for, and where.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag_ft.grounding import plain_characters
from rag_ft.institutions import (
    KNOWN_INSTITUTIONS,
    MAS,
    Institution,
    find_institutions,
    find_other_names,
    name_key,
    same_name,
)
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Absence, Alias, Passage

# What a document defines, by its id.
AliasesOf = Callable[[str], Sequence[Alias]]

# "Notice 626", "Circular MAS/PD/2024/10/04": what tells one from another is the number.
_NUMBERED = re.compile(
    r"\b(?:Notices?|Circulars?|Guidelines?)\s+(?:Nos?\.?\s*)?"
    r"(?P<number>(?:[A-Z]{2,6}[-/ ])*(?:[A-Z]{1,6})?\d[\dA-Z/()-]*)"
)
_WORD = re.compile(r"\w+")
_SHORT = 3
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)[‘'][^’']{2,60}[’'](?!\w)")
# Above this share of capitals a question is written as a title, and capitals tell nothing.
_TITLE_CASE = 0.6


@dataclass(frozen=True, slots=True)
class Premise:
    """Something that a question names: as it writes it, and the other names it was searched by."""

    text: str
    kind: Literal["institution", "number", "name"]
    names: tuple[str, ...]

    def is_held_by(
        self, passage: Passage, aliases: Sequence[Alias], extra: Sequence[Institution] = ()
    ) -> bool:
        """Tell whether a passage, or the title of its document, names it."""
        info = passage.document
        text = plain_characters(f"{info.title}. {info.number or ''}. {passage.heading}. {passage.text}")
        if self.kind == "institution":
            return any(
                same_name(each.name, self.names[0]) for each in find_institutions(text, aliases, extra)
            )
        return any(_stands(name, text) for name in self.names)

    def spellings(self, aliases: Sequence[Alias]) -> tuple[tuple[str, ...], ...]:
        """Give the words of each name, the short ones that a document defines among them.

        A passage that `is_held_by` agrees to holds every word of one of them, be it as part of another.
        """
        if self.kind != "institution":
            return tuple(tuple(_WORD.findall(name.casefold())) for name in self.names)
        short = (alias.alias for alias in aliases if same_name(alias.name, self.names[0]))
        return tuple(_words_compared(name) for name in (*self.names, *short))


def _words_compared(name: str) -> tuple[str, ...]:
    """Give what of an institution's name stands in every spelling that `same_name` takes for it.

    Left out are the company's form, the letter between "organisation" and "organization",
    and, where longer words are there, short ones: "and" may be "&", "US" may be "U.S.".
    """
    words = [part for key in name_key(name)[0].split("isation") for part in _WORD.findall(key)]
    return tuple(word for word in words if len(word) > _SHORT) or tuple(words)


def find_premises(question: str, extra: Sequence[Institution] = ()) -> tuple[Premise, ...]:
    """Find what a question names; MAS is left out, for every document here is about it.

    What stands in quotation marks is mentioned and not taken for granted.
    """
    question = _QUOTED.sub(lambda match: " " * len(match.group()), question)
    found = [Premise(match.group(), "number", (match["number"],)) for match in _NUMBERED.finditer(question)]
    found += [
        Premise(mention.text, "institution", _names_of(mention.name, mention.text, extra))
        for mention in find_institutions(question, (), extra)
        if mention.kind not in ("role", "document") and not mention.in_document and mention.name != MAS.name
    ]
    words = _WORD.findall(question)
    if sum(word[0].isupper() for word in words) <= _TITLE_CASE * len(words):
        for mention in find_other_names(question, (), extra):
            numbered = _NUMBERED.search(mention.text)
            if len(mention.text.split()) > 1 and not numbered and "Notice" not in mention.text:
                found.append(Premise(mention.text, "name", (mention.text,)))
    return tuple(dict.fromkeys(found))


def prove_absence(
    premises: Sequence[Premise],
    index: PassageIndex,
    aliases_of: AliasesOf,
    extra: Sequence[Institution] = (),
) -> Absence | None:
    """Look for each premise in every passage; None where each of them stands somewhere.

    The proof gives the names and aliases searched, the number of paragraphs and the index.
    Every passage is looked through for the words of the names, and read where it holds them.
    """
    missing = list(premises)
    for info in index.documents():
        aliases = aliases_of(info.id)
        missing = [
            each
            for each in missing
            if not any(
                each.is_held_by(passage, aliases, extra)
                for passage in index.passages_with(info.id, each.spellings(aliases))
            )
        ]
        if not missing:
            return None
    names = dict.fromkeys(name for each in missing for name in (each.text, *each.names))
    return Absence(tuple(names), len(index), index.generation)


def _names_of(name: str, text: str, extra: Sequence[Institution]) -> tuple[str, ...]:
    known = [each for each in (*extra, *KNOWN_INSTITUTIONS) if same_name(each.name, name)]
    return tuple(dict.fromkeys([name, text, *(alias for each in known for alias in each.aliases)]))


def _stands(name: str, text: str) -> bool:
    pattern = r"[\s,'’-]+".join(re.escape(word) for word in name.replace("’", "'").split())
    return re.search(rf"(?<![\w-]){pattern}(?![\w-])", text, re.IGNORECASE) is not None
