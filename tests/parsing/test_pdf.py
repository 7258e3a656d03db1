from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from rag_ft.parsing import read_document
from tests.parsing.pdf_making import RED, Bar, Put, make_pdf, width_of
from tests.parsing.reading_help import labels, words


def test_hanging_paragraphs_limbs_and_flush_words(tmp_path: Path) -> None:
    page = [
        Put(72, 700, "5.3"),
        Put(108, 700, "A maker shall, in complying with this paragraph, pay special attention to any"),
        Put(108, 686, "widget or lid that is -"),
        Put(108, 658, "(a)"),
        Put(144, 658, "new; or"),
        Put(108, 630, "(b)"),
        Put(144, 630, "blue,"),
        Put(108, 602, "and that is for sale."),
        Put(72, 574, "5.4"),
        Put(108, 574, "It shall write this down."),
    ]
    document = read_document(make_pdf(tmp_path / "a.pdf", [page]), "a.pdf")
    assert labels(document) == ["5.3", "5.3(a)", "5.3(b)", "5.4"]
    assert words(document, "5.3") == [
        "A maker shall, in complying with this paragraph, pay special attention to any "
        "widget or lid that is -",
        "and that is for sale.",
    ]
    assert words(document, "5.3(b)") == ["blue,"]


def test_lines_keep_their_boxes(tmp_path: Path) -> None:
    page = [Put(72, 700, "1.1"), Put(108, 700, "A widget is"), Put(108, 686, "round.")]
    document = read_document(make_pdf(tmp_path / "a.pdf", [page]), "a.pdf")
    first, second = document.lines
    assert document.text[second.span.start : second.span.end] == "round."
    assert (round(second.box[0]), second.page) == (108, 1)
    assert first.box[1] > second.box[3] - 3
    assert document.paragraphs[0].pages == (1,)


def test_running_headers_and_page_numbers_are_taken_out(tmp_path: Path) -> None:
    pages = [
        [
            Put(72, 800, "GUIDELINES ON WIDGETS"),
            Put(72, 700, f"1.{number}"),
            Put(108, 700, f"Rule {number} holds."),
            Put(300, 40, str(number)),
        ]
        for number in range(1, 6)
    ]
    document = read_document(make_pdf(tmp_path / "a.pdf", pages), "a.pdf")
    assert document.text.split("\n") == [f"1.{number} Rule {number} holds." for number in range(1, 6)]
    assert [p.pages for p in document.paragraphs] == [(n,) for n in range(1, 6)]


def test_a_paragraph_runs_on_over_the_page_with_its_footnote_behind(tmp_path: Path) -> None:
    mark = width_of("A widget is kept in laundering", tmp_path)
    first = [
        Put(72, 120, "1.1"),
        Put(108, 120, "A widget is kept in laundering"),
        Put(108 + mark + 0.3, 124, "1", size=6),
        Put(108 + mark + 6, 120, "rooms only where"),
        Bar(72, 90, 144, 0.5),
        Put(72, 80, "1", size=6),
        Put(78, 78, "Laundering is washing.", size=8),
    ]
    second = [Put(108, 760, "nobody lives."), Put(72, 730, "1.2"), Put(108, 730, "It is dry.")]
    document = read_document(make_pdf(tmp_path / "a.pdf", [first, second]), "a.pdf")
    assert words(document, "1.1") == ["A widget is kept in laundering rooms only where nobody lives."]
    assert words(document, "1.1, footnote 1") == ["Laundering is washing."]
    (note,) = [p for p in document.paragraphs if p.role == "footnote"]
    assert document.paragraphs[note.parent or 0].label == "1.1"
    assert document.paragraphs[0].pages == (1, 2)


def test_a_ruled_table_is_rows_with_its_caption(tmp_path: Path) -> None:
    rows = [("Kind", "Capital"), ("Small", "S$100,000"), ("Large", "S$250,000")]
    marks: list[Put | Bar] = [
        Put(72, 760, "3.1"),
        Put(108, 760, "Capital is in Table 3."),
        Put(150, 730, "Table 3 - Capital", bold=True),
    ]
    for at, (kind, capital) in enumerate(rows):
        marks += [Put(105, 705 - 20 * at, kind), Put(255, 705 - 20 * at, capital)]
    marks += [Bar(100, 720 - 20 * line, 300, 0.5) for line in range(4)]
    marks += [Bar(x, 660, 0.5, 60) for x in (100, 250, 400)]
    document = read_document(make_pdf(tmp_path / "a.pdf", [marks]), "a.pdf")
    assert words(document, "3.1, Table 3") == [
        "Table 3 - Capital\nKind\tCapital",
        "Small\tS$100,000",
        "Large\tS$250,000",
    ]


def test_struck_words_leave_the_text_and_become_amendments(tmp_path: Path) -> None:
    lead = width_of("A copy goes to the maker ", tmp_path)
    struck = width_of("for information", tmp_path)
    put_in = width_of("upon request", tmp_path)
    at = 108 + lead
    line = [
        Put(72, 700, "6.2"),
        Put(108, 700, "A copy goes to the maker"),
        Put(at, 700, "for information", colour=RED),
        Bar(at, 703.5, struck, 0.6, RED),
        Put(at + struck + 4, 700, "upon request", colour=RED),
        Bar(at + struck + 4, 698.6, put_in, 0.8, RED),
        Put(at + struck + put_in + 5, 700, "."),
    ]
    document = read_document(make_pdf(tmp_path / "a.pdf", [line]), "a.pdf")
    assert words(document, "6.2") == ["A copy goes to the maker upon request."]
    assert [(a.kind, a.text, a.paragraph) for a in document.amendments] == [
        ("deleted", "for information", "6.2"),
        ("inserted", "upon request", "6.2"),
    ]
    assert document.info.variant == "tracked"


def test_coloured_words_without_a_strike_are_no_amendments(tmp_path: Path) -> None:
    width = width_of("A link", tmp_path)
    page = [Put(72, 700, "A link", colour=RED), Bar(72, 698.6, width, 0.8, RED)]
    document = read_document(make_pdf(tmp_path / "a.pdf", [page]), "a.pdf")
    assert document.amendments == ()
    assert document.info.variant == "clean"


def test_words_outside_the_window_of_the_page_are_dropped(tmp_path: Path) -> None:
    page = [Put(100, 700, "What is shown is short."), Put(100, 300, "What is hidden is an older draft.")]
    document = read_document(make_pdf(tmp_path / "a.pdf", [page], clip=(50, 500, 550, 842)), "a.pdf")
    assert document.text == "What is shown is short."


def test_a_header_stored_behind_the_text_is_read_first(tmp_path: Path) -> None:
    page = [Put(72, 700, "1."), Put(108, 700, "First rule."), Put(400, 760, "Appendix 1", bold=True)]
    document = read_document(make_pdf(tmp_path / "a.pdf", [page]), "a.pdf")
    assert labels(document) == ["Appendix 1, 1"]


def test_hyphens_at_line_ends_are_kept_or_mended_by_the_documents_own_words(tmp_path: Path) -> None:
    page = [
        Put(72, 700, "The cross-border transfer and the regulation apply. A cross-"),
        Put(72, 686, "border transfer under the regu-"),
        Put(72, 672, "lation is safe."),
    ]
    document = read_document(make_pdf(tmp_path / "a.pdf", [page]), "a.pdf")
    assert "A cross-border transfer under the regulation is safe." in document.text


def test_contents_pages_make_no_paragraphs(tmp_path: Path) -> None:
    contents = [
        Put(72, 760, "TABLE OF CONTENTS", bold=True),
        *(
            Put(72, 730 - 20 * n, f"{n} Rules about widgets ............................ {n}")
            for n in (1, 2, 3)
        ),
    ]
    body = [Put(72, 700, "1 Rules", bold=True), Put(72, 670, "1.1"), Put(108, 670, "A widget is round.")]
    document = read_document(make_pdf(tmp_path / "a.pdf", [contents, body]), "a.pdf")
    assert labels(document) == ["1.1"]


def test_a_page_with_a_picture_only_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag_ft.parsing.pdf.scans.can_read_scans", lambda: False)
    path = make_pdf(tmp_path / "a.pdf", [[Put(72, 700, "1.1 A widget is round.")], []])
    document = pypdfium2.PdfDocument(path)
    picture = pypdfium2.PdfImage.new(document)
    picture.set_bitmap(pypdfium2.PdfBitmap.from_pil(Image.new("RGB", (50, 70), "white")))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(500, 700))
    page = document[1]
    page.insert_obj(picture)
    page.gen_content()
    document.save(str(tmp_path / "b.pdf"))
    document.close()
    read = read_document(tmp_path / "b.pdf", "b.pdf")
    assert [page.has_text for page in read.pages] == [True, False]
    assert any("page 2" in warning for warning in read.warnings)
