from pathlib import Path

import pytest

from rag_ft.errors import DocumentError
from rag_ft.parsing import iter_documents, read_document
from rag_ft.schema import Document


def words(document: Document, label: str) -> list[str]:
    (paragraph,) = [p for p in document.paragraphs if p.label == label]
    return [document.text[span.start : span.end] for span in paragraph.spans]


def test_markdown_paragraphs_are_labelled_and_sliced(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(
        "---\ntitle: A note\nnumber: N1\nkind: information\ndate: 2025-07-01\n---\n"
        "# A note\n## Opening\n1.1 A widget needs:\n\n(a) a lid; and\n\n(b) a base.\n\n1.2 It may be red.\n",
        encoding="utf-8",
    )
    document = read_document(path, "notes/note.md")
    assert [p.label for p in document.paragraphs] == ["1.1", "1.1(a)", "1.1(b)", "1.2"]
    assert words(document, "1.1(a)") == ["a lid; and"]
    assert document.paragraphs[1].parent == 0
    assert document.paragraphs[3].heading == ("A note", "Opening")
    assert (document.info.number, document.info.kind) == ("N1", "information")
    assert document.info.version is not None
    assert document.info.version.isoformat() == "2025-07-01"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("empty.md", b"", "empty"),
        ("a.txt", b"%PDF-1.7 ...", "PDF"),
        ("a.pdf", b"no pdf at all", "broken"),
        ("a.docx", b"no zip", "Word"),
        ("a.txt", bytes(range(256)) * 20, "encoding"),
        ("a.jsonl.gz", b"no gzip", "gzip"),
        ("a.jsonl", b'{"title": 1}\n', "line 1"),
    ],
)
def test_a_bad_file_is_one_line(tmp_path: Path, name: str, content: bytes, fault: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=fault) as raised:
        list(iter_documents(path, name))
    assert "\n" not in str(raised.value)
    assert name in str(raised.value)
