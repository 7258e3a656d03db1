"""What people read off the real documents, against what the parser makes of them.

The rows of tests/golden were written from the files, before the parser was seen to read
them; they hold no sentence, only the first and last words of a paragraph and its length.
"""

import json
from functools import cache
from pathlib import Path

import pytest

from rag_ft.parsing import read_document
from rag_ft.schema import Document

GOLDEN = Path(__file__).resolve().parent.parent / "golden"


def rows(name: str) -> list[dict[str, object]]:
    path = GOLDEN / name
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@cache
def read(path: Path) -> Document:
    return read_document(path, path.name)


def plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').split())


@pytest.mark.parametrize("row", rows("paragraphs.jsonl"), ids=lambda row: f"{row['document']} {row['label']}")
def test_a_paragraph_is_as_a_person_read_it(shared: Path, row: dict[str, object]) -> None:
    document = read(shared / "corpus" / str(row["document"]))
    readings = []
    for paragraph in document.paragraphs:
        if paragraph.label == row["label"]:
            words = " ".join(document.text[span.start : span.end] for span in paragraph.spans).split()
            page = paragraph.pages[0] if paragraph.pages else None
            readings.append((" ".join(words[:4]), " ".join(words[-4:]), len(words), page))
    assert (row["first"], row["last"], row["words"], row["page"]) in readings


def page_text(document: Document, page: int) -> str:
    lines = [line.span for line in document.lines if line.page == page]
    return plain(" ".join(document.text[span.start : span.end] for span in lines))


@pytest.mark.parametrize(
    "row", rows("redlines.jsonl"), ids=lambda row: f"{row['kind']} p{row['page']} {str(row['word'])[:20]}"
)
def test_struck_words_are_gone_and_words_put_in_are_there(shared: Path, row: dict[str, object]) -> None:
    document = read(shared / "corpus" / str(row["document"]))
    word, before, after = (plain(str(row[key])) for key in ("word", "before", "after"))
    marked = [plain(a.text) for a in document.amendments if a.kind == row["kind"] and a.page == row["page"]]
    assert any(word in text for text in marked)
    text = page_text(document, int(str(row["page"])))
    if row["kind"] == "inserted":
        assert word in text
    else:
        assert f"{before} {word}" not in text
        assert f"{before} {word} {after}" not in text


def test_the_marked_up_notice_gives_the_clean_one(shared: Path) -> None:
    """They may differ where the copies themselves do: a front page, one dash, numbers Word counted."""
    from rag_ft.parsing.difference import compare

    folder = shared / "corpus" / "pdf"
    clean = read(folder / "mas-notice-626-2025-06-30.pdf")
    tracked = read(folder / "mas-notice-626-2025-06-30-tracked.pdf")
    changes = [c for c in compare(clean, tracked) if not c.label.startswith(("Introduction", "title page"))]
    assert {c.label for c in changes if c.kind != "renumbered"} == {"9.1"}
    assert {c.label for c in changes if c.kind == "renumbered"} == {f"Appendix 2, {n}" for n in range(7, 13)}
