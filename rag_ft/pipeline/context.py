"""What a lawyer would read beside a cited paragraph: what it is subject to, and the rest of its list."""

import re
from collections.abc import Sequence

from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Beside, Document, DocumentInfo, Passage, Reference, Relation

# The words just before a reference that say what it is to the cited paragraph.
_RELATION_WORDS: tuple[tuple[Relation, str], ...] = (
    ("subject to", r"subject\s+to|without\s+prejudice\s+to|unless"),
    (
        "except",
        r"except(?:ing)?(?:\s+(?:as|for|in|where|to|under|by|with|that))*|save(?:\s+(?:as|for|in|where))*",
    ),
    ("other than", r"other\s+than|excluding|apart\s+from"),
    ("despite", r"despite|notwithstanding|in\s+spite\s+of"),
)
_RELATIONS = tuple(
    (relation, re.compile(rf"(?:{words})\W+(?:\w+\W+){{0,6}}\Z", re.IGNORECASE))
    for relation, words in _RELATION_WORDS
)
# How many paragraphs are shown beside one citation, and how many characters of each.
MOST_REFERENCES = 6
MOST_SIBLINGS = 12
MOST_CHARACTERS = 400


def read_beside(mark: int, passage: Passage, index: PassageIndex) -> tuple[Beside, ...]:
    """Find what stands beside a cited paragraph.

    The paragraphs that it is subject to, excepts or refers to come first, in the same
    document or another of the index, then its siblings where it is a limb of a list.
    """
    document = index.document(passage.document.id)
    found = [
        beside
        for relation, reference in _references(passage, document)
        for beside in _resolve(mark, relation, reference, document, index)
    ]
    # What binds it first, what it only mentions after.
    found.sort(key=lambda beside: beside.relation == "refers to")
    return (*dict.fromkeys(found[:MOST_REFERENCES]), *_siblings(mark, passage, document))


def _references(passage: Passage, document: Document) -> list[tuple[Relation, Reference]]:
    """Give what a passage refers to, its lead-in's references too: "Subject to paragraph 12.5, ...: (b)"."""
    text = " ".join(passage.text.split())
    related: list[tuple[Relation, Reference]] = []
    at = _position(document, passage.label)
    above = [document.paragraphs[p].references for p in _ancestors(document, at)] if at is not None else []
    for reference in dict.fromkeys([*passage.references, *(each for row in above for each in row)]):
        start = text.find(" ".join(reference.text.split()))
        if start < 0:
            continue  # the lead-in that this passage carries leaves it out
        before = text[max(0, start - 90) : start]
        before = re.split(r"[.;]\s", before)[-1]
        relation: Relation = next(
            (name for name, pattern in _RELATIONS if pattern.search(before)), "refers to"
        )
        related.append((relation, reference))
    return related


def _resolve(
    mark: int, relation: Relation, reference: Reference, document: Document, index: PassageIndex
) -> list[Beside]:
    target = document if reference.document is None else _find_document(reference.document, index)
    if target is None or reference.paragraph is None:
        return []
    at = _position(target, reference.paragraph)
    return [] if at is None else [_beside(mark, relation, target, at)]


def _find_document(name: str, index: PassageIndex) -> Document | None:
    """Find another document by its number or title, the latest version of it."""
    wanted = _plain(name)
    named = [info for info in index.documents() if info.variant == "clean" and _is_called(info, wanted)]
    if not named:
        return None
    return index.document(max(named, key=lambda info: (str(info.version or ""), info.id)).id)


def _is_called(info: DocumentInfo, wanted: str) -> bool:
    number = _plain(info.number or "")
    return _plain(info.title) == wanted or (
        number != "" and (wanted == number or wanted.endswith(f" {number}"))
    )


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[\w-]+", name.casefold()))


def _position(document: Document, label: str) -> int | None:
    labels = [paragraph.label for paragraph in document.paragraphs]
    return labels.index(label) if label in labels else None


def _ancestors(document: Document, position: int) -> list[int]:
    found: list[int] = []
    parent = document.paragraphs[position].parent
    while parent is not None:
        found.append(parent)
        parent = document.paragraphs[parent].parent
    return found


def _siblings(mark: int, passage: Passage, document: Document) -> list[Beside]:
    at = _position(document, passage.label)
    if at is None or document.paragraphs[at].parent is None or not passage.label.endswith(")"):
        return []
    parent = document.paragraphs[at].parent
    rows = [p for p, each in enumerate(document.paragraphs) if each.parent == parent and p != at]
    near = sorted(rows, key=lambda p: abs(p - at))[:MOST_SIBLINGS]
    return [
        _beside(mark, "same list", document, p)
        for p in sorted(near)
        if document.paragraphs[p].role == document.paragraphs[at].role
    ]


def _beside(mark: int, relation: Relation, document: Document, position: int) -> Beside:
    paragraph = document.paragraphs[position]
    text = _words(document, position)
    for child, each in enumerate(document.paragraphs[position + 1 :], start=position + 1):
        if len(text) > MOST_CHARACTERS:
            break
        if each.parent == position:
            text = f"{text} {_words(document, child)}"
    shown = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1].rstrip() + "…"
    return Beside(mark, relation, document.info.id, paragraph.label, shown, paragraph.pages)


def _words(document: Document, position: int) -> str:
    spans: Sequence[tuple[int, int]] = document.paragraphs[position].spans
    return " ".join(" ".join(document.text[start:end] for start, end in spans).split())
