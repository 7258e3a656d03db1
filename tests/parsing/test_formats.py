from pathlib import Path

import pytest

from rag_ft.errors import DocumentError
from rag_ft.parsing import iter_documents, read_document
from tests.parsing.reading_help import labels, words

STATEMENT = """Published Date: 14 April 2016
MAS Monetary Policy Statement - April 2016
14 April 2016
INTRODUCTION
1.   In October, the band was kept on a path that was modest and gradual, as before. [1]
Chart 1
A Rate Nobody Reads
2.   Since then, it has moved up and down within the upper half of the band.
[1] The band is a range.
"""

STATUTE_PAGE = """<!-- saved from url=(0034)https://sso.agc.gov.sg/Act/LA1999 -->
<html><title>Lids Act 1999 - Singapore Statutes Online</title><body><div>Menu</div>
<div class='legis'><table><tr><td class='actHd'>Lids Act 1999</td></tr></table>
<table><tr><td class='prov1Hdr'>Lids</td></tr></table>
<table><tr><td class='prov1Txt'><strong>3.</strong><span>—(1)&nbsp;&nbsp;A lid is&nbsp;—</span>
<table class='p1_1'><tr><td class='p1No'>(<em>a</em>)</td><td class='pTxt'>flat; or</td></tr>
<tr><td class='p1No'>(<em>b</em>)</td><td>round,</td></tr></table>
<div>and is not square.</div></td></tr></table>
<div class='amendNote'>[27/2019]</div></div></body></html>
"""


def test_a_policy_statement(tmp_path: Path) -> None:
    path = tmp_path / "mps.txt"
    path.write_text(STATEMENT, encoding="utf-8")
    document = read_document(path, "text/mps.txt")
    assert labels(document) == ["title page", "1", "1, footnote 1", "1, Chart 1", "2"]
    assert words(document, "1") == [
        "In October, the band was kept on a path that was modest and gradual, as before."
    ]
    assert document.info.kind == "statement"
    assert str(document.info.issued) == "2016-04-14"


def test_an_act_as_text(tmp_path: Path) -> None:
    path = tmp_path / "act.txt"
    path.write_text(
        "Lids Act 1999\n(LA1999)\n\nAn Act to regulate lids and the makers of lids, and matters beside.\n\n"
        "PART 1 - LIDS AND THEIR\nMAKERS\n\nLicence\n4. —(1) A maker must have —\n    (a) a lid; and\n"
        "    (b) a press, unless section 5(1)(a),\n    (c) or (d) applies. [Act 1 of 2021 wef 04/04/2024]\n"
        "(2) Nobody else may. [13/2007; 9/2013]\n",
        encoding="utf-8",
    )
    document = read_document(path, "acts/act.txt")
    assert labels(document) == [
        "title page",
        "long title",
        "s 4",
        "s 4(1)",
        "s 4(1)(a)",
        "s 4(1)(b)",
        "s 4(2)",
    ]
    assert words(document, "s 4(1)(b)") == ["a press, unless section 5(1)(a), (c) or (d) applies."]
    assert words(document, "s 4(2)") == ["Nobody else may."]
    assert document.paragraphs[3].heading == ("PART 1 - LIDS AND THEIR MAKERS", "Licence")
    assert (document.info.kind, document.info.number) == ("act", "LA1999")
    assert str(document.info.revised) == "2024-04-04"


def test_acts_as_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "acts.jsonl"
    path.write_text(
        '{"title": "Lids Act 1999", "short": "LA1999", "url": "https://example.org/LA1999", "provisions": '
        '[{"title": "Lids", "text": "1. —(1) A lid is — ( a ) flat; or ( b ) round."}]}\n',
        encoding="utf-8",
    )
    (document,) = iter_documents(path, "acts.jsonl")
    assert document.info.id == "acts.jsonl#LA1999"
    assert document.info.source == "https://example.org/LA1999"
    assert words(document, "s 1(1)(b)") == ["round."]


def test_an_act_without_provisions_stops_no_other(tmp_path: Path) -> None:
    path = tmp_path / "acts.jsonl"
    path.write_text(
        '{"title": "Empty Act 1965", "short": "EA1965", "provisions": []}\n'
        '{"title": "Lids Act 1999", "short": "LA1999", "provisions": '
        '[{"title": "Lids", "text": "1. A lid is flat."}]}\n',
        encoding="utf-8",
    )
    empty, full = iter_documents(path, "acts.jsonl")
    assert empty.warnings == ("its provisions are not in the file",)
    assert (empty.text, empty.paragraphs) == ("Empty Act 1965", ())
    assert words(full, "s 1") == ["A lid is flat."]


def test_a_statute_page(tmp_path: Path) -> None:
    path = tmp_path / "act.html"
    path.write_text(STATUTE_PAGE, encoding="utf-8")
    document = read_document(path, "html/act.html")
    assert "Menu" not in document.text
    assert words(document, "s 3(1)") == ["A lid is —", "and is not square."]
    assert words(document, "s 3(1)(b)") == ["round,"]
    assert (document.info.title, document.info.kind, document.info.number) == (
        "Lids Act 1999",
        "act",
        "LA1999",
    )


def test_a_page_of_links_yields_next_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "listing.html"
    links = "".join(f"<li><a href='/{n}'>Notice {n} on widgets</a></li>" for n in range(200))
    path.write_text(
        f"<html><body><nav>Home</nav><main><h1>Regulations</h1><ul>{links}</ul></main></body></html>",
        encoding="utf-8",
    )
    document = read_document(path, "listing.html")
    assert document.text == "Regulations"
    assert "listing" in document.warnings[0]


def test_tables_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<html><body><h1>Fees</h1><p>1. The fees are these.</p><table><tr><th>Kind</th><th>Fee</th></tr>"
        "<tr><td>Small</td><td>S$5</td></tr></table></body></html>",
        encoding="utf-8",
    )
    document = read_document(path, "page.html")
    assert words(document, "1, table") == ["Kind\tFee", "Small\tS$5"]


def test_markdown_lists_keep_their_numbers_and_front_matter_wins(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(
        "---\ntitle: Lids\nnumber: '626'\nkind: information\ndate: 2025-07-01\ncolour: red\n---\n"
        "# MAS Notice 99\n\n1. First rule.\n2. Second rule.\n",
        encoding="utf-8",
    )
    document = read_document(path, "note.md")
    assert [(label, words(document, label)) for label in labels(document)] == [
        ("1", ["First rule."]),
        ("2", ["Second rule."]),
    ]
    assert (document.info.title, document.info.number, document.info.kind) == ("Lids", "626", "information")
    assert document.warnings == ("unknown key 'colour' in front matter or side-car",)


def test_a_side_car_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text("---\ntitle: Lids\nkind: notice\n---\n1.1 A lid closes.\n", encoding="utf-8")
    (tmp_path / "note.md.yaml").write_text(
        "kind: circular\nrevised: 2 March 2024\napplies_to: [makers]\n", encoding="utf-8"
    )
    info = read_document(path, "note.md").info
    assert (info.title, info.kind, str(info.revised), info.applies_to) == (
        "Lids",
        "circular",
        "2024-03-02",
        ("makers",),
    )


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.txt", b"<!DOCTYPE html><html></html>", "HTML page"),
        ("a.pdf", b"PK\x03\x04rest", "Word file"),
        ("a.html", b"\x89PNG\r\n", "picture"),
        ("a.docx", b"\xd0\xcf\x11\xe0rest", "encrypted"),
        ("a.txt", b"   \n ", "empty"),
        ("a.xlsx", b"x", "no reader"),
        ("a.md", b"---\ntitle: [\n---\nwords", "YAML"),
        ("a.md", b"---\n- one\n---\nwords", "key: value"),
    ],
)
def test_a_file_that_is_not_what_it_says(tmp_path: Path, name: str, content: bytes, fault: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=fault):
        read_document(path, name)


def test_encodings(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes("1.1 The bank’s lid is flat – and round.".encode(encoding))
        assert words(read_document(path, "a"), "1.1") == ["The bank’s lid is flat – and round."], encoding
