"""One file into one Document, whatever its format."""

import gzip
import json
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rag_ft.errors import DocumentError
from rag_ft.parsing.aliases import find_aliases
from rag_ft.parsing.blocks import Block, Source, page_list
from rag_ft.parsing.effects import date_paragraphs
from rag_ft.parsing.metadata import describe
from rag_ft.parsing.numbering import Numbered, number_blocks
from rag_ft.parsing.references import link
from rag_ft.parsing.statutes import split_run_in
from rag_ft.schema import Amendment, Document, Line, Page, Paragraph, Span

SUPPORTED_SUFFIXES = frozenset(
    {".pdf", ".html", ".htm", ".md", ".markdown", ".docx", ".txt", ".jsonl", ".gz"}
)


def read_document(path: Path, document_id: str) -> Document:
    """Read one file.

    Raises:
        DocumentError: the file is encrypted, broken, empty, in no readable encoding, or
            not what its name says.
    """
    path = Path(path)
    return assemble(_source(path), path, document_id)


def iter_documents(path: Path, document_id: str) -> Iterator[Document]:
    """Read every document of a file: one, but for a JSON-lines file of Acts.

    An Act's id is the file's id, "#" and its short title. Lines are read one at a time.

    Raises:
        DocumentError: as `read_document`, or a line is no Act.
    """
    path = Path(path)
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        yield from _acts(path, document_id)
    else:
        yield read_document(path, document_id)


def _source(path: Path) -> Source:
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        from rag_ft.parsing.pdf import read_pdf

        return read_pdf(path)
    if suffix == ".docx":
        from rag_ft.parsing.word import read_word

        return read_word(path)
    text = _decoded(path)
    if suffix in (".md", ".markdown"):
        from rag_ft.parsing.markdown import read_markdown

        return read_markdown(text, path.name)
    if suffix in (".html", ".htm"):
        from rag_ft.parsing.html import read_html

        return read_html(text, path.name)
    if suffix == ".txt":
        from rag_ft.parsing.plain import read_text

        return read_text(text)
    known = ", ".join(sorted(SUPPORTED_SUFFIXES))
    raise DocumentError(
        f"{path.name}: no reader for {suffix or 'a file without a suffix'}: use one of {known}"
    )


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path.name}: cannot be opened ({error.strerror}): check the file") from None
    if not raw.strip():
        raise DocumentError(f"{path.name}: the file is empty: replace it or leave it out")
    for signature, kind in (
        (b"%PDF-", "PDF"),
        (b"PK\x03\x04", "Word or zip file"),
        (b"\xd0\xcf\x11\xe0", "old Office file"),
    ):
        if raw.startswith(signature):
            raise DocumentError(
                f"{path.name}: the content is a {kind}, not {path.suffix}: give it its right suffix"
            )
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(c < " " and c not in "\t\n\r\f" for c in text[:4096]) <= len(text[:4096]) // 100:
            return text
    raise DocumentError(f"{path.name}: its encoding cannot be read as text: save it as UTF-8")


def _acts(path: Path, document_id: str) -> Iterator[Document]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _act(line, number, path, document_id)
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise DocumentError(
            f"{path.name}: broken or no gzip of UTF-8 lines ({error}): fetch it again"
        ) from None


def _act(line: str, number: int, path: Path, document_id: str) -> Document:
    try:
        row = json.loads(line)
        title, short, provisions = row["title"], row["short"], row["provisions"]
        parts = [(str(p["title"]), str(p["text"])) for p in provisions]
    except (ValueError, KeyError, TypeError) as error:
        raise DocumentError(
            f"{path.name}, line {number}: no Act with title, short, provisions ({error!r}): mend the line"
        ) from None
    blocks: list[Block] = []
    for heading, text in parts:
        blocks.append(Block(heading, "heading", level=2))
        blocks.extend(Block(piece) for piece in split_run_in(text))
    declared = (("title", title), ("number", short), ("kind", "act"), ("source", row.get("url") or None))
    source = Source(tuple(blocks), title=title, declared=declared, statute=True)
    return assemble(source, path, f"{document_id}#{short}")


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
        paragraphs=link(numbered.text, paragraphs, aliases, source.statute),
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
    return tuple(
        Amendment(
            change.kind,
            change.text,
            change.page,
            numbered.paragraphs[owner].label if owner is not None else None,
        )
        for block, owner in zip(source.blocks, numbered.owners, strict=True)
        for change in block.changes
        if any(character.isalnum() for character in change.text)
    )


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
