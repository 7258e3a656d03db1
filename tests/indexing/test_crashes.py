"""Builds that are killed, starved of disk, refused by permissions, or run twice at once."""

import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from rag_ft.errors import IndexBusyError, IndexCorruptError, RagFtError, StoreError
from rag_ft.indexing import embedding_queue, update_index
from rag_ft.retrieval.encoder import Vectors
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.retrieval.store import IndexFolder
from tests.conftest import FakeEncoder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and signals of POSIX")

# Forked from a server that never computed: a fork of a process whose thread pools run, as those of
# earlier tests do, may wait for ever for a thread that it has not got.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["rag_ft.indexing", "rag_ft.retrieval.passage_index"])
# Seconds; longer than any of these takes on a busy machine, and a test that waits so long has failed.
PATIENCE = 60.0


class SlowEncoder(FakeEncoder):
    """Takes long enough for a kill to land within it."""

    def encode(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        if len(texts) > 1:
            time.sleep(0.02)
        return super().encode(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve notices of twelve paragraphs; `edit` gives one of them a new edition."""
    notices = tmp_path / "notices"
    notices.mkdir()
    for number in range(12):
        edit(notices, number, 0)
    return notices


def edit(notices: Path, number: int, edition: int) -> None:
    # Long enough that no two of them fit into one passage.
    lines = [
        f"{n}. Fruit {number} of edition {edition} has rule {n} about washing. "
        + f"It is rule {n} again. " * 30
        for n in range(1, 13)
    ]
    (notices / f"notice-{number:02}.md").write_text(f"# Notice {number}\n\n" + "\n\n".join(lines) + "\n")


def texts(index_dir: Path) -> frozenset[str]:
    """Open the index, hash all of it, search it, and return all that it says."""
    assert IndexFolder(index_dir).check() == []
    index = PassageIndex.load(index_dir, FakeEncoder())
    try:
        assert index.search("which rule is about washing fruit 3", k=3)
        return frozenset(passage.text for passage in index.passages())
    finally:
        index.close()


def in_child(work: Callable[[], object]) -> str:
    """Run in another process; return the name of the error raised there, with its text, or ""."""
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=tell_error, args=(work, theirs))
    process.start()
    theirs.close()
    try:
        assert ours.poll(PATIENCE), "the process says nothing"
        return str(ours.recv())
    finally:
        process.join(PATIENCE)


def tell_error(work: Callable[[], object], pipe: Connection) -> None:
    try:
        work()
        pipe.send("")
    except RagFtError as error:
        pipe.send(f"{type(error).__name__}: {error}")


@pytest.mark.parametrize("kills", [8, pytest.param(50, marks=pytest.mark.slow)])
def test_a_build_killed_at_any_moment_loses_nothing(
    folder: Path, tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    index_dir = tmp_path / "index"
    chance = random.Random(4)  # noqa: S311
    update_index([folder], index_dir, FakeEncoder())
    old = texts(index_dir)

    build = partial(update_index, [folder], index_dir, SlowEncoder())
    edit(folder, 0, 1)
    started = time.perf_counter()
    assert in_child(build) == ""
    full = time.perf_counter() - started
    old = texts(index_dir)
    landed: Counter[str] = Counter()
    for kill in range(kills):
        edit(folder, kill % 12, kill + 2)
        process = processes.Process(target=build)
        process.start()
        time.sleep(chance.uniform(0.0, full))
        process.kill()
        process.join(PATIENCE)
        left = texts(index_dir)  # answers, with every hash right
        unfinished = len(list((index_dir / "generations").iterdir())) - 1
        if process.exitcode == 0 or left != old:
            landed["after the rename"] += 1
        else:
            landed[
                "within the build" if unfinished or (index_dir / "queue.sqlite").exists() else "before it"
            ] += 1
            assert left == old
        report = update_index([folder], index_dir, FakeEncoder())
        old = texts(index_dir)
        assert any(f"edition {kill + 2} " in text for text in old)
        assert len(old) == report.passages
        assert not any("edition 0 " in text and f"Fruit {kill % 12} " in text for text in old)
        assert [path.name for path in (index_dir / "generations").iterdir()] == [report.generation]
        assert not (index_dir / "queue.sqlite").exists()
    with capsys.disabled():
        print(f"\n{kills} kills ({dict(landed)}), {kills} recoveries, 0 losses")  # noqa: T201
    assert sum(landed.values()) == kills


class CountedEncoder(FakeEncoder):
    """Counts texts, and dies as by a kill at one of its calls."""

    def __init__(self, dies_at: int | None = None) -> None:
        super().__init__()
        self.dies_at = dies_at
        self.calls = 0
        self.count = 0

    def encode(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        self.calls += 1
        if self.calls == self.dies_at:
            os._exit(9)
        self.count += len(texts)
        return super().encode(texts)


def die_at(folder: Path, index_dir: Path, call: int) -> None:
    embedding_queue._WINDOW = 16
    update_index([folder], index_dir, CountedEncoder(dies_at=call))


def test_what_a_killed_build_embedded_is_not_embedded_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag_ft.indexing.embedding_queue._WINDOW", 16)
    process = processes.Process(target=die_at, args=(folder, tmp_path / "index", 4))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == 9
    encoder = CountedEncoder()
    report = update_index([folder], tmp_path / "index", encoder)
    assert encoder.count == report.passages - 3 * 16
    assert report.passages == len(texts(tmp_path / "index"))


def build_often(folder: Path, index_dir: Path) -> None:
    for edition in range(1, 15):
        edit(folder, edition % 12, edition)
        update_index([folder], index_dir, FakeEncoder())


def test_readers_never_see_a_build(folder: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    update_index([folder], index_dir, FakeEncoder())
    process = processes.Process(target=build_often, args=(folder, index_dir))
    process.start()
    seen = set()
    while process.is_alive():
        index = PassageIndex.load(index_dir, FakeEncoder())
        assert index.search("rule about washing", k=5)
        seen.add(index.generation)
        index.close()
    process.join(PATIENCE)
    assert process.exitcode == 0
    assert len(seen) > 1


def test_a_reader_goes_on_while_its_generation_is_replaced(folder: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    update_index([folder], index_dir, FakeEncoder())
    with_old = PassageIndex.load(index_dir, FakeEncoder())
    before = [hit.passage.id for hit in with_old.search("rule about washing fruit 3")]
    edit(folder, 3, 1)
    update_index([folder], index_dir, FakeEncoder())
    assert [hit.passage.id for hit in with_old.search("rule about washing fruit 3")] == before
    with_old.close()


def test_two_builds_at_once(folder: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    update_index([folder], index_dir, FakeEncoder())
    edit(folder, 1, 1)
    with IndexFolder(index_dir).building():
        refused = in_child(partial(update_index, [folder], index_dir, FakeEncoder()))
    assert refused.startswith(f"{IndexBusyError.__name__}: another build is writing")
    others = tmp_path / "others"
    others.mkdir()
    edit(others, 20, 0)
    waiting = [
        processes.Process(
            target=update_index, args=([each], index_dir, SlowEncoder()), kwargs={"wait": PATIENCE}
        )
        for each in (folder, others)
    ]
    for process in waiting:
        process.start()
    for process in waiting:
        process.join(PATIENCE)
    assert [process.exitcode for process in waiting] == [0, 0]
    found = texts(index_dir)
    assert any("Fruit 1 of edition 1" in text for text in found)
    assert any("Fruit 20 of" in text for text in found)


def with_files_of(size: int, work: Callable[[], object]) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    work()


@pytest.mark.parametrize("share", [0.001, 0.05, 0.2, 0.5, 0.8, 0.99])
def test_a_full_disk_is_told_and_the_old_index_answers(folder: Path, tmp_path: Path, share: float) -> None:
    index_dir = tmp_path / "index"
    update_index([folder], index_dir, FakeEncoder())
    old = texts(index_dir)
    largest = max(path.stat().st_size for path in index_dir.rglob("*"))
    build = partial(update_index, [folder], index_dir, FakeEncoder(), rebuild=True)
    told = in_child(partial(with_files_of, int(largest * share), build))
    assert told.startswith(f"{StoreError.__name__}: {index_dir} cannot be written (")
    assert "what was indexed before is untouched" in told
    assert texts(index_dir) == old
    edit(folder, 5, 1)
    assert update_index([folder], index_dir, FakeEncoder()).changed == 1


def as_nobody(index_dir: Path, work: Callable[[], object]) -> None:
    texts(index_dir)  # imports all it needs while Python's own folder can be read
    if os.getuid() == 0:
        os.setuid(65534)
    work()


def test_a_read_only_folder_is_told_and_can_still_be_searched() -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        (base / "notices").mkdir()
        edit(base / "notices", 0, 0)
        index_dir = base / "index"
        update_index([base / "notices"], index_dir, FakeEncoder())
        edit(base / "notices", 0, 1)
        folders = [base, *(path for path in base.rglob("*") if path.is_dir())]
        for path in base.rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        base.chmod(0o555)
        try:
            build = partial(update_index, [base / "notices"], index_dir, FakeEncoder())
            told = in_child(partial(as_nobody, index_dir, build))
            assert told.startswith(
                f"{StoreError.__name__}: {index_dir} cannot be written (Permission denied)"
            )
            assert in_child(partial(as_nobody, index_dir, partial(texts, index_dir))) == ""
        finally:
            for path in folders:
                path.chmod(0o755)


def test_a_flipped_byte_in_any_file_is_told(folder: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    update_index([folder], index_dir, FakeEncoder())
    chance = random.Random(5)  # noqa: S311
    (generation,) = (index_dir / "generations").iterdir()
    files = [path for path in sorted(generation.rglob("*")) if path.is_file()]
    assert {path.name for path in files} >= {"vectors.faiss", "passages.sqlite", "manifest.json"}
    for path in files:
        whole = path.read_bytes()
        position = chance.randrange(len(whole))
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :])
        with pytest.raises(IndexCorruptError, match=r"ragft index --rebuild"):
            PassageIndex.load(index_dir, FakeEncoder())
        assert len(IndexFolder(index_dir).check()) == 1
        with pytest.raises(IndexCorruptError):
            update_index([folder], index_dir, FakeEncoder())
        path.write_bytes(whole)
    assert len(texts(index_dir)) > 100
    files[0].write_bytes(b"")
    report = update_index([folder], index_dir, FakeEncoder(), rebuild=True)
    assert len(texts(index_dir)) == report.passages


def test_a_queue_left_after_the_rename_goes_with_the_next_run(folder: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    update_index([folder], index_dir, FakeEncoder())
    (index_dir / "queue.sqlite").write_bytes(b"left behind")
    assert update_index([folder], index_dir, FakeEncoder()).is_new is False
    assert not (index_dir / "queue.sqlite").exists()
