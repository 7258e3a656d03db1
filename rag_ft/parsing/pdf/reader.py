"""A PDF file into blocks."""

from collections.abc import Iterator
from pathlib import Path

from rag_ft.errors import DocumentError
from rag_ft.parsing.blocks import Block, Source
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
    pages = _printed(path)
    empty = tuple(page.number for page in pages if not page.lines)
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
        empty_pages=empty,
        tracked=tracked,
    )


def _printed(path: Path) -> list[PrintedPage]:
    import pypdfium2

    from rag_ft.parsing.pdf.extraction import extract_page

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise DocumentError(
                f"{path.name}: the PDF is encrypted: save a copy without its password"
            ) from None
        raise DocumentError(f"{path.name}: the PDF is broken or no PDF ({error}): fetch it again") from None
    pages = []
    try:
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            printed, segments = extract_page(page, number)
            printed.lines = form_lines(segments, number)
            pages.append(printed)
            page.close()
    finally:
        document.close()
    return pages


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
