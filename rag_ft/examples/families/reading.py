"""What a family is given: a passage, read once, with how to name where it stands."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from rag_ft.examples.clauses import Clause, lowered, read_clause
from rag_ft.examples.document_names import DocumentName, name_document, name_provision
from rag_ft.examples.statements import Links, Statement, read_statements
from rag_ft.schema import Passage

# An answer is a short sentence; what is longer teaches a reader to copy paragraphs.
LONGEST_ANSWER = 60  # words
LONGEST_QUESTION = 45  # words

# "Shall" where it commands nothing.
_SHALL = (
    (re.compile(r"\bshall (not )?be (guilty|liable|deemed|treated|taken|regarded)\b"), r"is \1\2"),
    (re.compile(r"\bshall not apply\b"), "does not apply"),
    (re.compile(r"\bshall apply(?= (?:to|in|if|where|when|only|with|as|from|for)\b)"), "applies"),
    (re.compile(r"\bshall take effect\b"), "takes effect"),
    (re.compile(r"\bshall come into\b"), "comes into"),
)
# "(section 6(3) of the Banking Act 1970)" at the end of a sentence that retells it.
_SOURCE = re.compile(
    r" \((?:[Ss]ections?|[Pp]aragraphs?|[Rr]egulations?|Table|Appendix|Annex|Overview|Corda|Testing|see)\b"
    r"[^()]*(?:\([^()]*\)[^()]*)*\)(?=\.$)"
)
_OWN_NAMES = re.compile(r"\b[Tt]h(?:is (?:Act|Notice)|ese (?:Guidelines|Regulations))\b")


@dataclass(frozen=True)
class Reading:
    """A passage with its sentences and rules.

    `terms` counts how often the document defines each term: one that is defined twice
    must be asked about with its provision.
    """

    passage: Passage
    links: Links
    terms: dict[str, int]

    @cached_property
    def document(self) -> DocumentName | None:
        """How a question names the document."""
        return name_document(self.passage.document)

    @cached_property
    def provision(self) -> str | None:
        """The provision with its document: "section 6(3) of the Banking Act 1970"."""
        number = name_provision(self.passage)
        return f"{number} of {self.document.formal}" if number and self.document else None

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The whole sentences of the passage, without a note of their source at the end."""
        read = read_statements(self.passage, self.links)
        if self.passage.document.kind in ("act", "regulations"):
            return read
        return tuple(replace(statement, text=_SOURCE.sub("", statement.text)) for statement in read)

    @cached_property
    def sourced(self) -> tuple[Statement, ...]:
        """The whole sentences with the notes in brackets that say where they were taken from."""
        return read_statements(self.passage, self.links)

    @cached_property
    def rules(self) -> tuple[tuple[Statement, Clause], ...]:
        """The sentences that are one rule, taken apart; lists are left out."""
        read = (
            (statement, read_clause(plainly(statement.text), self.passage.text))
            for statement in self.statements
            if not statement.items
        )
        return tuple((statement, clause) for statement, clause in read if clause is not None)

    def outside(self, words: str) -> str:
        """Name the document where its text says "this Act": a question is asked from outside it.

        Answers keep "this Act": the name may not stand in the passage that they cite.
        """
        return _OWN_NAMES.sub(self.document.formal, words) if self.document else words

    def slots(self, *, alone: bool, **words: str | None) -> dict[str, str | None]:
        """Fill the slots that every family has: doc, casual, provision.

        `alone` says that the question can be understood without a section number; else
        only templates that name the provision are left.
        """
        named = self.document if alone else None
        filled = {name: plainly(self.outside(word)) if word else None for name, word in words.items()}
        return {
            "doc": named.formal if named else None,
            "casual": named.casual if named else None,
            "provision": self.provision,
            **filled,
        }


def plainly(text: str) -> str:
    """Take "shall" out where it commands nothing: "shall be deemed" is "is deemed"."""
    for pattern, plain in _SHALL:
        text = pattern.sub(plain, text)
    return text


def sentence(words: str) -> str:
    """Make a plain sentence: a capital at its start, one full stop at its end."""
    said = plainly(words).strip().rstrip(".;,")
    return f"{said[:1].upper()}{said[1:]}."


def inner(text: str, context: str = "") -> str:
    """Turn a sentence into words that can stand inside another."""
    return lowered(text.rstrip("."), context)


def is_short(*texts: str | None, most: int = LONGEST_ANSWER) -> bool:
    """Tell whether texts together are at most so many words."""
    return sum(len(text.split()) for text in texts if text) <= most
