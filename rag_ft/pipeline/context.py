"""What a lawyer would read beside a cited paragraph: what it is subject to, and the rest of its list."""

from collections.abc import Sequence

from rag_ft.retrieval.cross_references import related
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Beside, Document, Passage, Reference, Relation

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
        for relation, reference in related(passage)
        for beside in _resolve(mark, relation, reference, document, index)
    ]
    # What binds it first, what it only mentions after.
    found.sort(key=lambda beside: beside.relation == "refers to")
    return (*dict.fromkeys(found[:MOST_REFERENCES]), *_siblings(mark, passage, document))


def _resolve(
    mark: int, relation: Relation, reference: Reference, document: Document, index: PassageIndex
) -> list[Beside]:
    target: Document | None = document
    if reference.document is not None:
        named = index.named(reference.document)
        target = index.document(named[0].id) if named else None
    if target is None or reference.paragraph is None:
        return []
    at = _position(target, reference.paragraph)
    return [] if at is None else [_beside(mark, relation, target, at)]


def _position(document: Document, label: str) -> int | None:
    labels = [paragraph.label for paragraph in document.paragraphs]
    return labels.index(label) if label in labels else None


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
