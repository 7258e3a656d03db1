"""Small PDFs with known words at known places, made by pdfium itself."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

BLACK, RED = (0, 0, 0), (255, 0, 0)


@dataclass(frozen=True)
class Put:
    """Words at a place, in points from the lower left."""

    x: float
    y: float
    text: str
    size: float = 11.0
    bold: bool = False
    colour: tuple[int, int, int] = BLACK


@dataclass(frozen=True)
class Bar:
    """A filled bar: a rule, a strike, the side of a table."""

    x: float
    y: float
    width: float
    height: float
    colour: tuple[int, int, int] = BLACK


def make_pdf(path: Path, pages: Sequence[Sequence[Put | Bar]], clip: Sequence[float] | None = None) -> Path:
    """Write a PDF of A4 pages; `clip` (left, bottom, right, top) hides what is outside it on every page."""
    document = pypdfium2.PdfDocument.new()
    fonts = {
        bold: pdfium.FPDFText_LoadStandardFont(document.raw, b"Helvetica-Bold" if bold else b"Helvetica")
        for bold in (False, True)
    }
    for marks in pages:
        page = document.new_page(595, 842)
        for mark in marks:
            if isinstance(mark, Put):
                item = pdfium.FPDFPageObj_CreateTextObj(document.raw, fonts[mark.bold], mark.size)
                encoded = mark.text.encode("utf-16-le") + b"\0\0"
                buffer = ctypes.create_string_buffer(encoded)
                pdfium.FPDFText_SetText(item, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
                pdfium.FPDFPageObj_Transform(item, 1, 0, 0, 1, mark.x, mark.y)
            else:
                item = pdfium.FPDFPageObj_CreateNewRect(mark.x, mark.y, mark.width, mark.height)
                pdfium.FPDFPath_SetDrawMode(item, pdfium.FPDF_FILLMODE_ALTERNATE, False)
            pdfium.FPDFPageObj_SetFillColor(item, *mark.colour, 255)
            pdfium.FPDFPage_InsertObject(page.raw, item)
        pdfium.FPDFPage_GenerateContent(page.raw)
        if clip is not None:
            pdfium.FPDFPage_InsertClipPath(page.raw, pdfium.FPDF_CreateClipPath(*clip))
    document.save(str(path))
    return path


def width_of(text: str, tmp: Path, size: float = 11.0, bold: bool = False) -> float:
    """Measure words as pdfium sets them."""
    path = make_pdf(tmp / "width.pdf", [[Put(50, 400, text, size, bold)]])
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    box = next(iter(page.get_objects())).get_bounds()
    document.close()
    return float(box[2] - box[0])
