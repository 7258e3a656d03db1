"""PDF: pages into printed lines, lines into blocks of running text."""

from rag_ft.parsing.pdf.reader import read_pdf

__all__ = ["read_pdf"]
