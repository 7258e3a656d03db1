"""DOCX: paragraphs, headings and tables in document order."""

from pathlib import Path

from rag_ft.errors import DocumentError
from rag_ft.parsing.blocks import Block, Source


def read_word(path: Path) -> Source:
    """Read a Word file.

    Raises:
        DocumentError: it is no Word file, or it is broken.
    """
    import docx
    from docx.table import Table

    try:
        document = docx.Document(str(path))
        blocks: list[Block] = []
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                rows = [" | ".join(" ".join(cell.text.split()) for cell in row.cells) for row in item.rows]
                blocks.append(Block("\n".join(row for row in rows if row.strip(" |")), "table"))
                continue
            text = " ".join(item.text.split())
            if not text:
                continue
            style = item.style.name if item.style else ""
            level = int(style[-1]) if style.startswith("Heading") and style[-1].isdigit() else 0
            blocks.append(Block(text, "heading" if level or style == "Title" else "body", level=level or 1))
    except Exception as error:  # python-docx raises many kinds on a broken file
        raise DocumentError(
            f"{path.name}: cannot be read as a Word file ({type(error).__name__}): save it again"
        ) from None
    title = document.core_properties.title or next((b.text for b in blocks), None)
    return Source(tuple(blocks), title=title)
