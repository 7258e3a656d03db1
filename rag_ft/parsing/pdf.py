"""PDF, by pypdfium2."""

import re
from collections import Counter
from pathlib import Path

from rag_ft.errors import DocumentError
from rag_ft.parsing.blocks import Block, Piece, Source
from rag_ft.parsing.labels import read_label
from rag_ft.parsing.numbering import ANNOTATION, DEFINITION, ZONE
from rag_ft.schema import Span

_REFERS = re.compile(
    r"(?:sections?|paragraphs?|regulations?|Notice|Act|(?<!; )and|(?<!; )or|to|of|(?<!;),|the|than|least|S\$"
    r"|Table|Appendix|Annex|Rg\.)\s*$"
)
_CONTENTS = re.compile(r"[.…]{4,}\s*\d*$")


def read_pdf(path: Path) -> Source:  # noqa: C901
    """Read a PDF.

    Raises:
        DocumentError: the file is encrypted, broken or no PDF.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        reason = str(error)
        if "assword" in reason:
            raise DocumentError(
                f"{path.name}: the PDF is encrypted: save a copy without its password"
            ) from None
        raise DocumentError(f"{path.name}: the PDF is broken or no PDF ({reason}): fetch it again") from None
    pages = []
    for page in document:
        text = page.get_textpage().get_text_range().replace("\ufffe", "-")
        pages.append(
            [" ".join(line.split()) for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
        )
    document.close()
    repeated = _running(pages)
    blocks: list[Block] = []
    gathered: list[tuple[str, int]] = []

    def flush() -> None:
        if gathered:
            blocks.append(_joined(gathered))
            gathered.clear()

    for number, lines in enumerate(pages, 1):
        for position, line in enumerate(lines):
            if re.sub(r"\d+", "#", line) in repeated and (position < 3 or position >= len(lines) - 2):
                continue
            before = gathered[-1][0] if gathered else ""
            if _CONTENTS.search(line):
                continue
            if ANNOTATION.fullmatch(line):
                flush()
                blocks.append(Block(line, "aside", pieces=(Piece(Span(0, len(line)), number),)))
                continue
            label = read_label(line)
            begins = label is not None and not _REFERS.search(before) and label.form != "bullet"
            if ZONE.match(line) and len(line.split()) < 10 and not _REFERS.search(before):
                flush()
                blocks.append(Block(line, "heading", level=1, pieces=(Piece(Span(0, len(line)), number),)))
                continue
            if line.isupper() and len(line) > 3:
                if not gathered or not gathered[-1][0].isupper() or begins:
                    flush()
            elif begins or DEFINITION.match(line) or (gathered and gathered[-1][0].isupper()):
                flush()
            gathered.append((line, number))
    flush()
    empty = tuple(number for number, lines in enumerate(pages, 1) if not lines)
    return Source(tuple(blocks), title=None, page_count=len(pages), empty_pages=empty)


def _running(pages: list[list[str]]) -> set[str]:
    seen: Counter[str] = Counter()
    for lines in pages:
        seen.update({re.sub(r"\d+", "#", line) for line in [*lines[:3], *lines[-2:]]})
    return {line for line, times in seen.items() if times > max(2, len(pages) // 3)}


def _joined(gathered: list[tuple[str, int]]) -> Block:
    text = ""
    pieces = []
    for line, page in gathered:
        if text:
            text += " "
        pieces.append(Piece(Span(len(text), len(text) + len(line)), page))
        text += line
    heading = text.isupper() and len(text) > 3
    return Block(text, "heading" if heading else "body", level=1, pieces=tuple(pieces))
