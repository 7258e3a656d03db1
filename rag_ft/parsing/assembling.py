"""Blocks of a file into the Document: numbered, described, dated, linked."""

from bisect import bisect_left, bisect_right
from dataclasses import replace
from pathlib import Path

from rag_ft.errors import DocumentError
from rag_ft.parsing.aliases import find_aliases
from rag_ft.parsing.blocks import Block, Change, Source, page_list
from rag_ft.parsing.effects import date_paragraphs
from rag_ft.parsing.labels import read_label
from rag_ft.parsing.metadata import describe
from rag_ft.parsing.numbering import Numbered, number_blocks
from rag_ft.parsing.references import link
from rag_ft.schema import Amendment, Document, Line, Page, Paragraph, Span


def assemble(source: Source, path: Path, document_id: str) -> Document:
    """Number a file's blocks and describe the document.

    Raises:
        DocumentError: there is nothing in the file to read.
    """
    if not source.blocks and not source.page_count:
        raise DocumentError(f"{path.name}: there is no text in it: replace it or leave it out")
    numbered = number_blocks(source.blocks, source.statute)
    printed = [
        (Span(start + piece.span.start, start + piece.span.end), piece.page, piece.box)
        for start, block in zip(numbered.starts, source.blocks, strict=True)
        for piece in block.pieces
    ]
    info, warnings = describe(source, numbered.text, path, document_id)
    aliases = find_aliases(numbered.text, numbered.paragraphs)
    paragraphs = _paged(numbered.paragraphs, [(span, page) for span, page, _ in printed])
    paragraphs = date_paragraphs(source.blocks, replace(numbered, paragraphs=paragraphs))
    return Document(
        info=info,
        text=numbered.text,
        paragraphs=link(numbered.text, paragraphs, aliases),
        pages=_pages(source, [(span, page) for span, page, _ in printed], len(numbered.text)),
        lines=tuple(Line(span, page, box) for span, page, box in printed if box is not None),
        amendments=_amendments(source, numbered),
        aliases=aliases,
        warnings=(*source.warnings, *_scanned(source), *warnings),
    )


def _scanned(source: Source) -> tuple[str, ...]:
    """Name the pages without a text layer."""
    if not source.empty_pages:
        return ()
    pages = page_list(source.empty_pages)
    return (f"no text layer, only a picture: page {pages}; the extra `ocr` has scans read",)


def _amendments(source: Source, numbered: Numbered) -> tuple[Amendment, ...]:
    """List the words struck and put in, each with the paragraph that they stand in."""
    amendments = []
    for block, owner in zip(source.blocks, numbered.owners, strict=True):
        label = numbered.paragraphs[owner].label if owner is not None else None
        for change in block.changes:
            if any(character.isalnum() for character in change.text):
                where = _struck_label(change, block, label)
                amendments.append(Amendment(change.kind, change.text, change.page, where))
    return tuple(amendments)


def _struck_label(change: Change, block: Block, label: str | None) -> str | None:
    """Cite a paragraph that was struck out as a whole by its own number."""
    if change.kind == "inserted" or change.offset < len(block.text):
        return label
    own = read_label(change.text)
    if own is None or own.form not in ("decimal", "dash", "dot") or own.length >= len(change.text):
        return label
    annex, comma, _ = (label or "").rpartition(", ")
    return f"{annex}{comma}{own.body}"


def _paged(paragraphs: tuple[Paragraph, ...], printed: list[tuple[Span, int]]) -> tuple[Paragraph, ...]:
    """Say on which pages each paragraph's own words stand."""
    if not printed:
        return paragraphs
    starts = [span.start for span, _ in printed]
    paged = []
    for paragraph in paragraphs:
        pages = {
            page
            for span in paragraph.spans
            for _, page in printed[
                max(bisect_right(starts, span.start) - 1, 0) : bisect_left(starts, span.end)
            ]
        }
        paged.append(replace(paragraph, pages=tuple(sorted(pages))))
    return tuple(paged)


def _pages(source: Source, printed: list[tuple[Span, int]], length: int) -> tuple[Page, ...]:
    """Cut the text at the first words of each page; a page without words has an empty slice."""
    first: dict[int, int] = {}
    for span, page in printed:
        first[page] = min(first.get(page, length), span.start)
    pages: list[Page] = []
    end = length
    for number in range(source.page_count, 0, -1):
        start = min(first.get(number, end), end)
        pages.append(Page(number, Span(start, end), number not in source.empty_pages))
        end = start
    return tuple(reversed(pages))
