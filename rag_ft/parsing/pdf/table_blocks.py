"""Tables into blocks: a caption and a header, then a line a row; one block over page ends."""

from dataclasses import replace

from rag_ft.parsing.anatomy import CAPTION
from rag_ft.parsing.blocks import Block
from rag_ft.parsing.pdf.printed import PrintedLine
from rag_ft.parsing.pdf.tables import Table
from rag_ft.parsing.pdf.words import Hyphens, Writer
from rag_ft.schema import Span

_CAPTION_WORDS = 24
# Columns that stand within so many points of one another are the same ones.
_SAME = 8.0


def add_table(blocks: list[Block], table: Table, hyphens: Hyphens) -> None:
    """Add a table behind the blocks, with its caption, or its rows to the table that goes on."""
    last = blocks[-1] if blocks else None
    if last is not None and _goes_on(last, table):
        blocks[-1] = _continued(last, table, hyphens)
        return
    writer = Writer(hyphens)
    ref = None
    if last is not None and last.kind in ("heading", "body") and len(last.text.split()) <= _CAPTION_WORDS:
        match = CAPTION.match(last.text)
        if match is not None:
            blocks.pop()
            ref = match["name"]
            writer.resume(last)
            writer.separate("\n")
    _write_rows(writer, table.rows)
    if writer.text.strip():
        blocks.append(
            writer.block(
                "table",
                edge=table.edges[0],
                indent=table.edges[-1],
                level=len(table.edges),
                ref=ref,
            )
        )


def _goes_on(block: Block, table: Table) -> bool:
    """Whether a table has the columns of the block before it, on the page before."""
    return (
        block.kind == "table"
        and block.level == len(table.edges)
        and block.edge is not None
        and block.indent is not None
        and bool(block.pieces)
        and block.pieces[-1].page == table.page - 1
        and abs(block.edge - table.edges[0]) < _SAME
        and abs(block.indent - table.edges[-1]) < _SAME
    )


def _continued(block: Block, table: Table, hyphens: Hyphens) -> Block:
    """Add rows to a table; a header that the next page repeats is left out."""
    header = block.text.split("\n")[1 if block.ref else 0].split()
    rows = table.rows
    if rows and [word.text for cell in rows[0] for line in cell for word in line.words] == header:
        rows = rows[1:]
    writer = Writer(hyphens)
    _write_rows(writer, rows)
    if not writer.text.strip():
        return block
    shift = len(block.text) + 1
    return replace(
        block,
        text=f"{block.text}\n{writer.text}",
        pieces=(
            *block.pieces,
            *(p._replace(span=Span(p.span.start + shift, p.span.end + shift)) for p in writer.pieces),
        ),
        marks=(*block.marks, *(m._replace(offset=m.offset + shift) for m in writer.marks)),
        changes=(*block.changes, *(c._replace(offset=c.offset + shift) for c in writer.changes)),
    )


def _write_rows(writer: Writer, rows: list[list[list[PrintedLine]]]) -> None:
    for row in rows:
        if writer.text and not writer.text.endswith("\n"):
            writer.separate("\n")
        for column, cell in enumerate(row):
            if column:
                writer.separate("\t")
            for line in cell:
                writer.line(line)
        writer.text = writer.text.rstrip("\t ")
