"""The database of a generation gives back what was written, across generations too."""

import sqlite3
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag_ft.errors import DocumentError, IndexCorruptError
from rag_ft.retrieval.passage_db import FileRecord, PassageReader, PassageWriter
from rag_ft.schema import Alias, Document, DocumentInfo, Page, Paragraph, Passage, Reference, Span

INFO = DocumentInfo(
    "pdf/626.pdf",
    "Notice 626",
    "notice",
    "626",
    issued=date(2024, 3, 28),
    applies_to=("banks",),
    path="/docs/626.pdf",
)
TEXT = "A bank shall\nkeep records “for” 5 years."
DOCUMENT = Document(
    INFO,
    TEXT,
    (Paragraph("1", (Span(0, 12),), role="definition", term="bank", references=(Reference("section 16"),)),),
    pages=(Page(1, Span(0, 12)), Page(2, Span(13, 40), has_text=False)),
    aliases=(Alias("MAS", "Monetary Authority of Singapore", "1"),),
)


def passages(info: DocumentInfo = INFO, count: int = 3) -> list[Passage]:
    return [
        Passage(
            id=f"{info.id}-{number}",
            document=info,
            label=f"1.{number}",
            heading="A > B",
            spans=(Span(0, 12), Span(13, 17)),
            text="A bank shall\nkeep",
            pages=(1, 2),
            part=number,
            role="definition" if number else "paragraph",
            term="bank" if number else None,
            effective=date(2025, 7, 1) if number else None,
            references=(Reference("paragraph 6.3", None, "6.3"), Reference("section 16", "FSMA2022", None)),
        )
        for number in range(count)
    ]


def write(path: Path, *documents: Document) -> PassageReader:
    writer = PassageWriter(path)
    for document in documents:
        made = passages(document.info)
        writer.add_document(
            document, made, [bytes([n]) * 16 for n in range(3)], file="/docs/626.pdf", content="ab"
        )
    writer.add_file(FileRecord("/docs/626.pdf", "pdf/626.pdf", "ab", "indexed"))
    writer.add_file(FileRecord("/docs/bad.pdf", "pdf/bad.pdf", "cd", "skipped", "broken"))
    writer.close()
    return PassageReader(path)


OTHER = DocumentInfo("pdf/824.pdf", "Notice 824")
SECOND = Document(OTHER, TEXT, ())


def test_everything_comes_back(tmp_path: Path) -> None:
    reader = write(tmp_path / "p.sqlite", DOCUMENT, SECOND)
    assert list(reader.iterate()) == [*passages(), *passages(OTHER)]
    assert list(reader.iterate(2, 2)) == [passages()[2], passages(OTHER)[0]]
    assert reader.passages([4, 1]) == {1: passages()[1], 4: passages(OTHER)[1]}
    assert reader.labels_of([4, 1]) == {1: "1.1", 4: "1.1"}
    assert reader.row_of("pdf/824.pdf-2") == 5
    assert reader.row_of("none") is None
    assert reader.document(0) == DOCUMENT
    assert reader.aliases() == DOCUMENT.aliases
    assert [(d.info, d.first_row, d.n_rows, d.n_pages) for d in reader.documents] == [
        (INFO, 0, 3, 2),
        (OTHER, 3, 3, 1),
    ]
    assert reader.input_hashes() == [bytes([n]) * 16 for n in (0, 1, 2, 0, 1, 2)]
    assert [record.path for record in reader.files()] == ["/docs/626.pdf", "/docs/bad.pdf"]


def test_copies_into_another_generation_at_other_rows(tmp_path: Path) -> None:
    reader = write(tmp_path / "old.sqlite", DOCUMENT, SECOND)
    writer = PassageWriter(tmp_path / "new.sqlite")
    writer.copy_document(reader, 1)
    writer.copy_document(reader, 0)
    writer.close()
    copied = PassageReader(tmp_path / "new.sqlite")
    assert list(copied.iterate()) == [*passages(OTHER), *passages()]
    assert copied.document(1) == DOCUMENT
    assert copied.aliases() == DOCUMENT.aliases
    assert [d.first_row for d in copied.documents] == [0, 3]


def test_a_file_goes_in_whole_or_not_at_all(tmp_path: Path) -> None:
    writer = PassageWriter(tmp_path / "p.sqlite")
    hashes = [b"x" * 16] * 3
    writer.add_document(DOCUMENT, passages(), hashes, file=None, content="")

    def add_a_file_that_repeats_an_id() -> None:
        with writer.whole_file():
            writer.add_document(SECOND, passages(OTHER), hashes, file=None, content="")
            writer.add_document(DOCUMENT, passages(), hashes, file=None, content="")

    with pytest.raises(DocumentError, match="two documents have the id"):
        add_a_file_that_repeats_an_id()
    assert (writer.n_documents, writer.n_passages, writer.n_pages) == (1, 3, 2)
    writer.add_document(SECOND, passages(OTHER), hashes, file=None, content="")
    writer.close()
    reader = PassageReader(tmp_path / "p.sqlite")
    assert list(reader.iterate()) == [*passages(), *passages(OTHER)]


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    write(tmp_path / "p.sqlite", DOCUMENT).close()
    content = (tmp_path / "p.sqlite").read_bytes()
    (tmp_path / "p.sqlite").write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(IndexCorruptError, match=r"ragft status --check"):
        list(PassageReader(tmp_path / "p.sqlite").iterate())


def test_reading_leaves_nothing_behind(tmp_path: Path) -> None:
    reader = write(tmp_path / "p.sqlite", DOCUMENT)
    list(reader.iterate())
    assert [path.name for path in tmp_path.iterdir()] == ["p.sqlite"]
    with pytest.raises(IndexCorruptError, match="readonly"):
        reader.raw("DELETE FROM passages")
    assert sqlite3.threadsafety >= 1


def test_no_field_of_a_passage_is_forgotten() -> None:
    stored = "id document label heading spans text pages part role term effective references"
    assert [field.name for field in fields(Passage)] == stored.split()


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_spans = st.builds(Span, st.integers(0, 10**9), st.integers(0, 10**9))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    passage=st.builds(
        Passage,
        id=_texts,
        document=st.just(INFO),
        label=_texts,
        heading=_texts,
        spans=st.lists(_spans, max_size=3).map(tuple),
        text=_texts,
        pages=st.lists(st.integers(1, 999), max_size=3).map(tuple),
        part=st.integers(0, 9),
        role=st.sampled_from(["paragraph", "definition", "table", "footnote", "text"]),
        term=st.none() | _texts,
        effective=st.none() | st.dates(),
        references=st.lists(
            st.builds(Reference, _texts, st.none() | _texts, st.none() | _texts), max_size=2
        ).map(tuple),
    )
)
def test_any_passage_makes_the_round_trip(tmp_path: Path, passage: Passage) -> None:
    path = tmp_path / "p.sqlite"
    path.unlink(missing_ok=True)
    writer = PassageWriter(path)
    writer.add_document(DOCUMENT, [passage], [b"x" * 16], file=None, content="")
    writer.close()
    reader = PassageReader(path)
    assert list(reader.iterate()) == [passage]
    reader.close()
