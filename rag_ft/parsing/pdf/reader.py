"""A PDF file into blocks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag_ft.errors import DocumentError
from rag_ft.parsing.blocks import Block, Source, page_list
from rag_ft.parsing.heartbeat import beat
from rag_ft.parsing.pdf.lines import form_lines
from rag_ft.parsing.pdf.notes import Footnote, take_footnotes
from rag_ft.parsing.pdf.paragraphs import BlockBuilder
from rag_ft.parsing.pdf.printed import PrintedLine, PrintedPage
from rag_ft.parsing.pdf.redlines import mark_revisions
from rag_ft.parsing.pdf.running import drop_running
from rag_ft.parsing.pdf.setting import Setting
from rag_ft.parsing.pdf.tables import Table, take_tables
from rag_ft.parsing.pdf.words import Hyphens, write_lines


def read_pdf(path: Path) -> Source:
    """Read a PDF.

    Raises:
        DocumentError: the file is encrypted, broken or no PDF.
    """
    file = _read_pages(path)
    pages = file.pages
    tracked = mark_revisions(pages)
    drop_running(pages)
    setting = Setting.measure([line for page in pages for line in page.lines])
    tables = {page.number: take_tables(page) for page in pages}
    notes = take_footnotes(pages, setting.body)
    hyphens = Hyphens.learn(line for page in pages for line in page.lines)
    blocks = BlockBuilder(setting, hyphens).build(_flow(pages, tables))
    return Source(
        tuple(_with_notes(blocks, notes, hyphens)),
        page_count=len(pages),
        empty_pages=tuple(file.empty),
        tracked=tracked,
        warnings=file.warnings,
    )


@dataclass(slots=True)
class _File:
    """The pages of a file; which have only a picture, were read by OCR, or cannot be read."""

    pages: list[PrintedPage] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)

    @property
    def warnings(self) -> tuple[str, ...]:
        warnings = []
        if self.recognised:
            numbers = page_list(self.recognised)
            warnings.append(f"read by OCR, check figures against the picture: page {numbers}")
        if self.broken:
            warnings.append(f"broken and left out: page {page_list(self.broken)}")
        return tuple(warnings)


def _read_pages(path: Path) -> _File:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise DocumentError(
                f"{path.name}: the PDF is encrypted: save a copy without its password"
            ) from None
        raise DocumentError(f"{path.name}: the PDF is broken or no PDF ({error}): fetch it again") from None
    except FileNotFoundError:
        raise DocumentError(f"{path.name}: there is no such file: check the path") from None
    file = _File()
    try:
        for number in range(1, len(document) + 1):
            try:
                page = document[number - 1]
            except pypdfium2.PdfiumError:
                file.broken.append(number)
                file.pages.append(PrintedPage(number, 0.0, 0.0))
                continue
            file.pages.append(_read_page(page, number, file))
            page.close()
            beat()
    finally:
        document.close()
    if len(file.broken) == len(file.pages):
        raise DocumentError(f"{path.name}: none of its pages can be read: fetch it again")
    return file


def _read_page(page: Any, number: int, file: _File) -> PrintedPage:  # noqa: ANN401 - pypdfium2 ships no types
    from rag_ft.parsing.pdf.extraction import extract_page
    from rag_ft.parsing.pdf.scans import can_read_scans, read_scan

    printed, segments = extract_page(page, number)
    if not segments and printed.has_image:
        if can_read_scans() and (segments := read_scan(page)):
            file.recognised.append(number)
        else:
            file.empty.append(number)
    printed.lines = form_lines(segments, number)
    return printed


def _flow(
    pages: list[PrintedPage], tables: dict[int, list[tuple[int, Table]]]
) -> Iterator[PrintedLine | Table]:
    """Give lines and tables in reading order."""
    for page in pages:
        waiting = list(tables[page.number])
        for position, line in enumerate(page.lines):
            while waiting and waiting[0][0] <= position:
                yield waiting.pop(0)[1]
            yield line
        for _, table in waiting:
            yield table


def _with_notes(blocks: list[Block], notes: list[Footnote], hyphens: Hyphens) -> Iterator[Block]:
    """Set each footnote behind the block that its mark stands in."""
    waiting: dict[str, list[Footnote]] = {}
    for note in notes:
        waiting.setdefault(note.number, []).append(note)
    for position, block in enumerate(blocks):
        yield block
        for mark in block.marks:
            if queue := waiting.get(mark.number):
                yield _note_block(queue.pop(0), hyphens)
        page = block.pieces[-1].page if block.pieces else 0
        following = blocks[position + 1] if position + 1 < len(blocks) else None
        ends_page = following is None or not following.pieces or following.pieces[0].page > page
        if ends_page:
            for queue in waiting.values():
                while queue and queue[0].page < page:
                    yield _note_block(queue.pop(0), hyphens)
    for queue in waiting.values():
        for note in queue:
            yield _note_block(note, hyphens)


def _note_block(note: Footnote, hyphens: Hyphens) -> Block:
    writer = write_lines(note.lines, hyphens)
    return writer.block("footnote", ref=note.number)
