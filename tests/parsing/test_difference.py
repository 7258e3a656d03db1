from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag_ft.cli.app import app
from rag_ft.errors import DocumentError, PathNotFoundError
from rag_ft.parsing.difference import ParagraphChange, Words, compare_files

EARLIER = "1.1 A lid is round.\n1.2 A pot is deep.\n1.3 A pan is flat.\n"
LATER = "1.1 A lid is flat and round.\n1.2 A tin is new.\n1.3 A pot is deep.\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_changed_added_removed_renumbered(tmp_path: Path) -> None:
    changes = compare_files(write(tmp_path, "a.txt", EARLIER), write(tmp_path, "b.txt", LATER))
    assert changes == (
        ParagraphChange(
            "changed",
            "1.1",
            (Words("same", "A lid is"), Words("inserted", "flat and"), Words("same", "round.")),
        ),
        ParagraphChange("added", "1.2", (Words("inserted", "A tin is new."),)),
        ParagraphChange("renumbered", "1.3", (Words("same", "A pot is deep."),), "1.2"),
        ParagraphChange("removed", "1.3", (Words("deleted", "A pan is flat."),)),
    )


def test_a_document_equals_itself(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", EARLIER)
    assert compare_files(path, path) == ()


def test_one_clean_document_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="second file"):
        compare_files(write(tmp_path, "a.txt", EARLIER))
    with pytest.raises(PathNotFoundError, match="gone"):
        compare_files(tmp_path / "gone.txt")


def test_the_command_prints_marks_and_json(tmp_path: Path) -> None:
    paths = [str(write(tmp_path, "a.txt", EARLIER)), str(write(tmp_path, "b.txt", LATER))]
    shown = CliRunner().invoke(app, ["diff", *paths])
    assert shown.exit_code == 0
    assert "A lid is [+flat and+] round." in shown.output
    assert "1.3: renumbered (was 1.2)" in shown.output
    assert "4 paragraphs changed" in shown.output
    assert '"kind": "removed"' in CliRunner().invoke(app, ["diff", "--json", *paths]).output
