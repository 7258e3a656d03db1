import os
import sys
from pathlib import Path

import pytest

from rag_ft.parsing import parse_files


def write_notes(folder: Path, count: int) -> list[tuple[Path, str]]:
    files = []
    for number in range(count):
        path = folder / f"note{number}.txt"
        path.write_text(f"1.1 Rule {number} holds.\n1.2 It ends.\n", encoding="utf-8")
        files.append((path, f"notes/note{number}.txt"))
    return files


@pytest.mark.parametrize("workers", [0, 2])
def test_results_come_in_the_order_of_the_files(tmp_path: Path, workers: int) -> None:
    files = write_notes(tmp_path, 7)
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"no pdf")
    files.insert(3, (bad, "notes/bad.pdf"))
    results = list(parse_files(files, workers=workers))
    assert [result.document_id for result in results] == [identity for _, identity in files]
    assert [result.error is None for result in results] == [path != bad for path, _ in files]
    assert results[4].document is not None
    assert results[4].document.text.startswith("1.1 Rule 3 holds.")


def test_processes_give_what_this_process_gives(tmp_path: Path) -> None:
    files = write_notes(tmp_path, 3)
    assert list(parse_files(files, workers=2)) == list(parse_files(files, workers=0))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_file_that_hangs_is_reported_and_the_others_go_on(tmp_path: Path) -> None:
    files = write_notes(tmp_path, 4)
    hanging = tmp_path / "hanging.txt"
    os.mkfifo(hanging)
    files.insert(1, (hanging, "hanging.txt"))
    results = list(parse_files(files, workers=2, seconds=1.5))
    assert [result.error is None for result in results] == [True, False, True, True, True]
    assert "1.5 seconds" in (results[1].error or "")


def test_many_documents_of_one_file_stream(tmp_path: Path) -> None:
    path = tmp_path / "acts.jsonl"
    row = '{"title": "Act %d", "short": "A%d", "provisions": [{"title": "Lids", "text": "1. A lid."}]}\n'
    path.write_text("".join(row % (n, n) for n in range(40)), encoding="utf-8")
    stream = parse_files([(path, "acts.jsonl")], workers=1)
    first = next(stream)
    assert first.document is not None
    assert first.document.info.id == "acts.jsonl#A0"
    assert sum(1 for _ in stream) == 39


def test_a_caller_may_stop_early(tmp_path: Path) -> None:
    stream = parse_files(write_notes(tmp_path, 6), workers=2)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
