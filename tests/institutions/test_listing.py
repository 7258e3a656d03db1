from pathlib import Path

import pytest

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.institutions import load_institutions


def test_text_with_aliases_and_remarks(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("# ours\nQuiet Lagoon Bank | QLB\n\nTall  Tree Finance  # merged\n", encoding="utf-8")
    found = load_institutions(path)
    assert [(each.name, each.aliases) for each in found] == [
        ("Quiet Lagoon Bank", ("QLB",)),
        ("Tall Tree Finance", ()),
    ]


def test_csv_of_a_directory(tmp_path: Path) -> None:
    path = tmp_path / "directory.csv"
    path.write_text(
        'No.,Organisation Name,Alias\n1,"Lagoon, Bank Ltd",QLB\n2,Tall Tree Finance,\n', encoding="utf-8-sig"
    )
    found = load_institutions(path)
    assert [(each.name, each.aliases) for each in found] == [
        ("Lagoon, Bank Ltd", ("QLB",)),
        ("Tall Tree Finance", ()),
    ]


def test_csv_without_heading_has_names_first(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("Lagoon Bank\nTall Tree Finance\n", encoding="utf-8")
    assert [each.name for each in load_institutions(path)] == ["Lagoon Bank", "Tall Tree Finance"]


def test_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PathNotFoundError, match="no such list"):
        load_institutions(tmp_path / "none.txt")
    empty = tmp_path / "empty.txt"
    empty.write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(DataFormatError, match="holds no name"):
        load_institutions(empty)
    (tmp_path / "latin.txt").write_bytes(b"Cr\xe9dit")
    with pytest.raises(DataFormatError, match="UTF-8"):
        load_institutions(tmp_path / "latin.txt")
