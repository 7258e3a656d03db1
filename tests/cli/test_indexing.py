"""`ragft index`, `ragft status` and `ragft fetch`, as they are called and as they print."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rag_ft.cli.app import app
from rag_ft.errors import IndexNotFoundError, UsageError
from tests.conftest import FakeEncoder


@pytest.fixture(autouse=True)
def _cheap_encoder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("rag_ft.indexing.build.load_encoder", lambda *_, **__: FakeEncoder())
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    folder = tmp_path / "notices"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n\n1. A bank shall keep records.\n")
    (folder / "b.md").write_text("# B\n\n1. A bank shall know its customer.\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing more")
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_summary_says_what_was_done_and_what_was_skipped(notices: Path) -> None:
    done = run("index", notices)
    assert done.exit_code == 0, done.output
    assert "index/default, generation 000001" in done.output
    rows = [line.split("│")[1:3] for line in done.output.splitlines() if line.startswith("│")]
    said = {name.strip(): value.strip() for name, value in rows}
    assert said["documents"] == said["passages"] == "2"
    assert said["files added, changed, moved"] == "2, 0, 0"
    assert said["embedded, reused"] == "2, 0"
    assert "Skipped: 1" in done.output
    assert "notices/broken.pdf: " in done.output
    again = run("index")
    assert again.exit_code == 0, again.output
    assert "(nothing had changed)" in " ".join(again.output.split())


def test_the_report_as_json(notices: Path) -> None:
    report = json.loads(run("index", notices, "--index", "index/other", "--json").stdout)
    assert (report["documents"], report["added"], report["embedded"]) == (2, 2, 2)
    assert [name for name, _ in report["skipped"]] == ["notices/broken.pdf"]


def test_prune_and_rebuild(notices: Path) -> None:
    run("index", notices)
    (notices / "b.md").unlink()
    assert "--prune drops them" in run("index").output
    report = json.loads(run("index", "--prune", "--json").stdout)
    assert report["removed"] == ["notices/b.md"]
    report = json.loads(run("index", "--rebuild", "--json").stdout)
    assert (report["documents"], report["embedded"], report["reused"]) == (1, 1, 0)


def test_status_lists_documents_and_their_state(notices: Path) -> None:
    run("index", notices)
    shown = run("status").output
    assert "2 (2 in force)" in shown
    assert "fake" in shown
    status = json.loads(run("status", "--json", "--check").stdout)
    assert [document["info"]["id"] for document in status["documents"]] == ["notices/a.md", "notices/b.md"]
    assert status["manifest"]["passages"] == 2
    assert [record["state"] for record in status["not_indexed"]] == ["skipped"]
    assert (status["checked"], status["faults"]) == (True, [])


def test_a_damaged_index_is_exit_code_1_with_the_way_out(notices: Path) -> None:
    run("index", notices)
    (path,) = Path("index/default").rglob("vectors.faiss")
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    done = run("status", "--check")
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert "SHA-256 differs" in said
    assert "`ragft index --rebuild --index index/default PATH...`" in said


def test_no_index_is_a_usage_error() -> None:
    assert isinstance(run("status").exception, IndexNotFoundError)
    assert isinstance(run("index").exception, UsageError)


def test_fetch_reports_what_failed(tmp_path: Path) -> None:
    sources = tmp_path / "sources.yaml"
    sources.write_text(
        "hosts: [127.0.0.1]\n"
        "sources: [{file: a.pdf, url: 'http://127.0.0.1:9/a.pdf', title: A, kind: notice}]\n"
    )
    done = run("fetch", "--sources", sources, "--to", tmp_path / "files")
    assert done.exit_code == 1
    assert "1 failed" in done.output
    report = json.loads(run("fetch", "--sources", sources, "--to", tmp_path / "files", "--json").stdout)
    assert report["files"][0]["outcome"] == "failed"
    assert "is not https" in report["files"][0]["why"]
