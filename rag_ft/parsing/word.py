"""DOCX: paragraphs with Word's own numbers, headings, tables, footnotes and tracked changes."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag_ft.errors import DocumentError
from rag_ft.parsing.blocks import Block, Change, Mark, Source
from rag_ft.parsing.word_numbers import WordNumbers

# python-docx ships no types: an element, or an object of its own.
Element = Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# A file that unpacks to more than this is taken for an attack, in bytes.
_LARGEST = 200_000_000
_HEADING = "heading "


def read_word(path: Path) -> Source:
    """Read a Word file as it reads when all tracked changes are accepted.

    Raises:
        DocumentError: it is no Word file, it is broken, encrypted, or unpacks to too much.
    """
    _check(path)
    import docx

    try:
        document = docx.Document(str(path))
        reader = _Reader(document)
        blocks = tuple(reader.blocks())
        title = document.core_properties.title
    except Exception as error:  # python-docx passes on what any of its libraries raise on a broken file
        reason = type(error).__name__
        raise DocumentError(f"{path.name}: cannot be read as a Word file ({reason}): save it again") from None
    first = next((block.text for block in blocks if block.kind == "heading"), None)
    return Source(blocks, title=title or first, tracked=reader.tracked)


def _check(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        reason = " ".join(str(error).split())
        raise DocumentError(f"{path.name}: broken or no Word file ({reason}): save it again") from None
    if size > _LARGEST:
        raise DocumentError(
            f"{path.name}: it unpacks to {size:,} bytes, more than {_LARGEST:,}: leave it out"
        )
    if "word/document.xml" not in names:
        raise DocumentError(f"{path.name}: a zip file, but no Word file: give it its right suffix")


class _Reader:
    def __init__(self, document: Element) -> None:
        self.document = document
        self.tracked = False
        parts = {str(part.partname): part for part in document.part.package.iter_parts()}
        numbering = parts.get("/word/numbering.xml")
        self.numbers = WordNumbers(_root(numbering))
        self.notes = dict(_notes(_root(parts.get("/word/footnotes.xml"))))

    def blocks(self) -> Iterator[Block]:
        from docx.table import Table

        for item in self.document.iter_inner_content():
            if isinstance(item, Table):
                yield from self._table(item)
            else:
                yield from self._paragraph(item)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        style = paragraph.style
        label, indent = self.numbers.label(paragraph._p, style)
        runs = _Runs()
        runs.read(paragraph._p)
        self.tracked = self.tracked or bool(runs.changes)
        text = runs.text.strip()
        if not text and not label:
            return
        lead = f"{label} " if label else ""
        shift = len(lead) - (len(runs.text) - len(runs.text.lstrip()))
        name = (style.name or "").lower() if style is not None else ""
        level = (
            int(name[len(_HEADING) :]) if name.startswith(_HEADING) and name[len(_HEADING) :].isdigit() else 0
        )
        heading = bool(level) or name in ("title", "subtitle")
        yield Block(
            f"{lead}{text}".strip(),
            "heading" if heading else "body",
            level=level or (1 if heading else 0),
            edge=indent,
            indent=indent,
            marks=tuple(Mark(max(mark.offset + shift, 0), mark.number) for mark in runs.marks),
            changes=tuple(change._replace(offset=max(change.offset + shift, 0)) for change in runs.changes),
        )
        for mark in runs.marks:
            if note := self.notes.pop(mark.number, ""):
                yield Block(note, "footnote", ref=mark.number)

    def _table(self, table: Element) -> Iterator[Block]:
        rows = []
        for row in table.rows:
            cells: list[str] = []
            seen: set[int] = set()
            for cell in row.cells:
                # A merged cell is given once for each column it spans.
                if id(cell._tc) in seen:
                    continue
                seen.add(id(cell._tc))
                runs = _Runs()
                for paragraph in cell._tc.iter(f"{_W}p"):
                    runs.read(paragraph)
                    runs.text += " "
                self.tracked = self.tracked or bool(runs.changes)
                cells.append(" ".join(runs.text.split()))
            rows.append("\t".join(cells).rstrip("\t"))
        text = "\n".join(row for row in rows if row.strip())
        if text:
            yield Block(text, "table")


class _Runs:
    """The words of a paragraph: those put in count, those struck out are set aside."""

    def __init__(self) -> None:
        self.text = ""
        self.marks: list[Mark] = []
        self.changes: list[Change] = []

    def read(self, paragraph: Element) -> None:
        """Add the words of a paragraph's runs, in order."""
        for item in paragraph.iter():
            tag = item.tag
            if tag == f"{_W}t":
                state = _tracked(item, paragraph)
                if state == "ins":
                    self._change("inserted", item.text or "")
                if state != "del":
                    self.text += item.text or ""
            elif tag == f"{_W}delText":
                self._change("deleted", item.text or "")
            elif tag in (f"{_W}tab", f"{_W}br", f"{_W}cr") and item.getparent().tag == f"{_W}r":
                self.text += " "
            elif tag == f"{_W}noBreakHyphen":
                self.text += "-"
            elif tag == f"{_W}footnoteReference":
                self.marks.append(Mark(len(self.text), str(item.get(f"{_W}id"))))
        self.text = self.text.replace("\u00ad", "").replace("\u00a0", " ")

    def _change(self, kind: str, text: str) -> None:
        if not text:
            return
        last = self.changes[-1] if self.changes else None
        if last is not None and last.kind == kind:
            reached = last.offset + (len(last.text) if kind == "inserted" else 0)
            if reached == len(self.text):
                self.changes[-1] = last._replace(text=last.text + text)
                return
        self.changes.append(Change(kind, len(self.text), text, 1))  # type: ignore[arg-type]


def _tracked(item: Element, paragraph: Element) -> str:
    parent = item.getparent()
    while parent is not None and parent is not paragraph:
        if parent.tag in (f"{_W}ins", f"{_W}moveTo"):
            return "ins"
        if parent.tag in (f"{_W}del", f"{_W}moveFrom"):
            return "del"
        parent = parent.getparent()
    return ""


def _root(part: Element | None) -> Element | None:
    if part is None:
        return None
    if hasattr(part, "element"):
        return part.element
    from docx.oxml import parse_xml

    return parse_xml(part.blob)


def _notes(root: Element | None) -> Iterator[tuple[str, str]]:
    for note in root.iter(f"{_W}footnote") if root is not None else ():
        words = " ".join("".join(text.text or "" for text in note.iter(f"{_W}t")).split())
        if words:
            yield str(note.get(f"{_W}id")), words
