import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from rag_ft.errors import DocumentError
from rag_ft.parsing import read_document
from tests.parsing.reading_help import labels, words

NUMBERING = f"""<w:numbering {nsdecls("w")}>
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="(%4)"/></w:lvl>
</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def numbered(document: "docx.document.Document", text: str, level: int, style: str | None = None) -> None:
    paragraph = document.add_paragraph(text, style=style)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>')
    )


def new_document() -> "docx.document.Document":
    document = docx.Document()
    part = document.part.numbering_part
    part._element = parse_xml(NUMBERING)
    return document


def test_words_own_numbers_are_counted(tmp_path: Path) -> None:
    document = new_document()
    numbered(document, "WIDGETS", 0, "Heading 1")
    numbered(document, "A maker shall count –", 1)
    numbered(document, "lids; and", 2)
    numbered(document, "widgets –", 2)
    numbered(document, "round; or", 3)
    numbered(document, "square.", 3)
    numbered(document, "It shall stop.", 1)
    document.save(str(tmp_path / "a.docx"))
    read = read_document(tmp_path / "a.docx", "a.docx")
    assert labels(read) == ["1.1", "1.1(a)", "1.1(b)", "1.1(b)(i)", "1.1(b)(ii)", "1.2"]
    assert words(read, "1.1(b)(ii)") == ["square."]
    assert read.paragraphs[0].heading == ("1 WIDGETS",)


def test_tracked_changes_are_accepted_and_kept_as_amendments(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("6.2 A copy goes to the maker ")
    run = OxmlElement("w:r")
    run.append(parse_xml(f"<w:delText {nsdecls('w')}>for information</w:delText>"))
    struck = OxmlElement("w:del")
    struck.append(run)
    put_in = parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>upon request</w:t></w:r></w:ins>")
    paragraph._p.append(struck)
    paragraph._p.append(put_in)
    paragraph.add_run(".")
    document.save(str(tmp_path / "a.docx"))
    read = read_document(tmp_path / "a.docx", "a.docx")
    assert words(read, "6.2") == ["A copy goes to the maker upon request."]
    assert [(a.kind, a.text) for a in read.amendments] == [
        ("deleted", "for information"),
        ("inserted", "upon request"),
    ]
    assert read.info.variant == "tracked"


def test_tables_give_merged_cells_once(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("1.1 Fees are these.")
    table = document.add_table(rows=2, cols=3)
    for at, text in enumerate(("Kind", "Fee", "Year")):
        table.cell(0, at).text = text
    table.cell(1, 0).merge(table.cell(1, 1)).text = "Small S$5"
    table.cell(1, 2).text = "2025"
    document.save(str(tmp_path / "a.docx"))
    assert words(read_document(tmp_path / "a.docx", "a"), "1.1, table") == [
        "Kind\tFee\tYear",
        "Small S$5\t2025",
    ]


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b" " * 210_000_000)
    with pytest.raises(DocumentError, match="unpacks"):
        read_document(path, "bomb.docx")


def test_a_zip_that_is_no_word_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(DocumentError, match="no Word file"):
        read_document(path, "a.docx")
