"""How a question names a document and a provision, in lawyers' and in everyday words."""

import re
from dataclasses import dataclass

from rag_ft.schema import DocumentInfo, Passage

_YEAR = re.compile(r"\s+(?:19|20)\d\d$")
_STATEMENT = re.compile(r"^(?:MAS )?(?P<name>[\w ]+?)\s+[-–]\s+(?P<when>[A-Z][a-z]+ (?:19|20)\d\d)$")
_SECTION = re.compile(r"^s (?P<number>\d+[A-Z]*(?:\(\w+\))*)$")
_REGULATION = re.compile(r"^reg (?P<number>\d+[A-Z]*(?:\(\w+\))*)$")
_PARAGRAPH = re.compile(r"^(?P<number>\d+[A-Z]?(?:[.\-]\d+[A-Z]{0,2})*(?:\(\w+\))*)$")
_ANNEX = re.compile(r"^(?P<annex>(?:Annex|Appendix|Schedule) \w+), (?P<number>\d+(?:\.\d+)*(?:\(\w+\))*)$")
# A definition's label is its paragraph's, then the term; a limb of it comes after.
_TERM = re.compile(r'\s*".*$')
_LONGEST_TITLE = 12  # words


@dataclass(frozen=True, slots=True)
class DocumentName:
    """A document as a lawyer names it and as everybody else does."""

    formal: str
    casual: str


def name_document(info: DocumentInfo) -> DocumentName | None:
    """Name a document in a sentence; None where only a file name is known of it."""
    title = " ".join(info.title.split())
    if info.kind in ("act", "regulations"):
        bare = title.removeprefix("The ")
        return DocumentName(f"the {bare}", f"the {_YEAR.sub('', bare)}") if " " in bare else None
    if info.kind in ("notice", "direction") and info.number:
        number = re.sub(r"^(?:MAS )?Notice ", "", info.number)
        return DocumentName(f"MAS Notice {number}", f"Notice {number}")
    if info.kind == "guideline" and info.number:
        number = re.sub(r"^(?:MAS )?Guidelines (?:to (?:MAS )?(?:Notice )?)?", "", info.number)
        if number[:1].isdigit():
            return DocumentName(
                f"the Guidelines to MAS Notice {number}", f"the Guidelines to Notice {number}"
            )
        return DocumentName(f"the MAS Guidelines {number}", f"Guidelines {number}")
    if info.kind == "circular" and info.number:
        return DocumentName(f"MAS Circular {info.number.removeprefix('MAS/')}", f"Circular {info.number}")
    if info.kind == "statement" and (dated := _STATEMENT.match(title)):
        name = f"MAS {dated['name']} of {dated['when']}"
        return DocumentName(f"the {name}", f"MAS’s {dated['when']} statement")
    if " " in title and len(title.split()) <= _LONGEST_TITLE and not title.isupper():
        return DocumentName(f"“{title}”", f"“{title}”")
    return None


def name_provision(passage: Passage) -> str | None:
    """Name the paragraph alone, "section 6(3)"; None where its label is no number."""
    label = _TERM.sub("", passage.label)
    if annex := _ANNEX.match(label):
        return f"paragraph {annex['number']} of {annex['annex']}"
    for pattern, word in ((_SECTION, "section"), (_REGULATION, "regulation"), (_PARAGRAPH, "paragraph")):
        if found := pattern.match(label):
            return f"{word} {found['number']}"
    return None
