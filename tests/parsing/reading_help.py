"""What the tests of this room ask of a Document."""

from rag_ft.schema import Document


def words(document: Document, label: str) -> list[str]:
    """The slices of the one paragraph with this label."""
    (paragraph,) = [p for p in document.paragraphs if p.label == label]
    return [document.text[span.start : span.end] for span in paragraph.spans]


def labels(document: Document) -> list[str]:
    return [paragraph.label for paragraph in document.paragraphs]
