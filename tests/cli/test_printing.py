"""What a person sees: whole words in a terminal of 80 columns."""

from pathlib import Path

import pytest

from rag_ft.cli.index_printing import print_build
from rag_ft.cli.overview import GROUPS, overview
from rag_ft.cli.printing import print_hits
from rag_ft.indexing.report import BuildReport
from rag_ft.schema import DocumentInfo, Hit, Passage, Span, StageScores

TITLE = "Notice on the keeping of records by banks and merchant banks"


def hit(text: str) -> Hit:
    document = DocumentInfo(id="records.md", title=TITLE, kind="notice", source="records.md")
    passage = Passage("p", document, "6.3(b)", "Records", (Span(0, len(text)),), text, ())
    return Hit(passage, 1.0, 1, StageScores(dense=0.5, lexical=10.25))


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_hits_can_be_read_in_80_columns(capsys: pytest.CaptureFixture) -> None:
    text = "A bank keeps the correspondence of its customers for at least five years."
    print_hits([hit(text)])
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    for word in [*TITLE.split(), *text.split(), "6.3(b)"]:
        assert word in shown
    assert "score 1.000: dense 0.500, lexical 10.250" in shown


def test_no_hit_is_said_in_words(capsys: pytest.CaptureFixture) -> None:
    print_hits([])
    assert capsys.readouterr().out == "0 paragraphs: nothing in the index passes these filters\n"


def test_the_overview_breaks_no_word() -> None:
    page = overview()
    assert max(map(len, page.splitlines())) <= 80
    folded = " ".join(page.split())
    for _, commands in GROUPS:
        for name, text in commands:
            assert f"{name} {text}" in folded


def test_a_path_is_no_markup(capsys: pytest.CaptureFixture) -> None:
    report = BuildReport("1", documents=1, pages=1, passages=1, seconds=0.1)
    print_build(report, Path("my[/bold]index"), as_json=False)
    assert "my[/bold]index" in capsys.readouterr().out
