"""Generations on disk: one rename, faults told, nothing removed that a reader holds."""

import json
import multiprocessing
import shutil
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from rag_ft.errors import IndexBusyError, IndexCorruptError, IndexNotFoundError, StoreError
from rag_ft.retrieval.encoder import EncoderIdentity
from rag_ft.retrieval.manifest import FORMAT, Manifest, VectorsInfo
from rag_ft.retrieval.store import IndexFolder


def write_generation(folder: IndexFolder, content: str) -> Manifest:
    target = folder.new_generation()
    (target / "lexical").mkdir()
    (target / "lexical" / "words.json").write_text(content)
    (target / "passages.sqlite").write_text(content)
    manifest = Manifest(
        format=FORMAT,
        generation=target.name,
        created=datetime(2026, 1, 2, tzinfo=UTC),
        encoder=EncoderIdentity("fake", "00" * 32, 64, 256),
        backend="FakeEncoder",
        vectors=VectorsInfo("flat"),
        documents=1,
        pages=1,
        passages=1,
        roots=("/documents",),
        code="0123",
        files=(),
    )
    return folder.publish(target, manifest)


@pytest.fixture
def folder(tmp_path: Path) -> IndexFolder:
    folder = IndexFolder(tmp_path / "index")
    with folder.building():
        write_generation(folder, "first")
    return folder


def names(folder: IndexFolder) -> list[str]:
    return sorted(path.name for path in (folder.path / "generations").iterdir())


def test_what_is_published_is_what_is_opened(folder: IndexFolder) -> None:
    generation = folder.open_current()
    assert (generation.folder / "passages.sqlite").read_text() == "first"
    assert [entry.name for entry in generation.manifest.files] == ["lexical/words.json", "passages.sqlite"]
    assert generation.manifest.created == datetime(2026, 1, 2, tzinfo=UTC)
    assert folder.check() == []


def test_an_old_generation_goes_once_no_reader_holds_it(folder: IndexFolder) -> None:
    (old,) = names(folder)
    reader = folder.open_current()
    with folder.building():
        write_generation(folder, "second")
    assert old in names(folder)
    assert len(names(folder)) == 2
    assert (reader.folder / "passages.sqlite").read_text() == "first"
    reader.hold.release()
    with folder.building():
        pass
    assert old not in names(folder)
    assert len(names(folder)) == 1


def hold_in_another_process(path: Path, opened: Event, release: Event) -> None:
    generation = IndexFolder(path).open_current()
    opened.set()
    release.wait(30)
    generation.hold.release()


def test_a_reader_in_another_process_holds_too(folder: IndexFolder) -> None:
    context = multiprocessing.get_context("spawn")
    opened, release = context.Event(), context.Event()
    process = context.Process(target=hold_in_another_process, args=(folder.path, opened, release))
    process.start()
    assert opened.wait(30)
    with folder.building():
        write_generation(folder, "second")
    assert len(names(folder)) == 2
    release.set()
    process.join(30)
    with folder.building():
        pass
    assert len(names(folder)) == 1


def test_what_a_killed_build_left_is_removed(folder: IndexFolder) -> None:
    folder.new_generation()
    with folder.building():
        assert len(names(folder)) == 1


def test_an_unfinished_generation_is_never_opened(folder: IndexFolder) -> None:
    (finished,) = names(folder)
    unfinished = folder.new_generation()
    (unfinished / "passages.sqlite").write_text("half")
    assert folder.open_current().folder.name == finished


def test_a_second_build_says_that_the_first_is_running(folder: IndexFolder) -> None:
    with (
        folder.building(),
        pytest.raises(IndexBusyError, match=r"another build is writing .* --wait SECONDS"),
        IndexFolder(folder.path).building(wait=0.3),
    ):
        pass


def build_slowly(path: Path, started: Event) -> None:
    folder = IndexFolder(path)
    with folder.building(wait=30):
        started.set()
        write_generation(folder, "slow")


def test_a_second_build_may_wait_for_the_first(folder: IndexFolder) -> None:
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    process = context.Process(target=build_slowly, args=(folder.path, started))
    with folder.building():
        process.start()
        assert not started.wait(1.5)
        write_generation(folder, "quick")
    process.join(30)
    assert (folder.open_current().folder / "passages.sqlite").read_text() == "slow"


def test_no_index_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match=r"ragft index PATH --index .*nowhere"):
        IndexFolder(tmp_path / "nowhere").open_current()


@pytest.mark.parametrize(
    "name", ["manifest.json", "manifest.sha256", "passages.sqlite", "lexical/words.json"]
)
@pytest.mark.parametrize("fault", ["flip", "cut", "remove"])
def test_a_damaged_file_is_told_and_nothing_is_lost(folder: IndexFolder, name: str, fault: str) -> None:
    generation = folder.open_current().folder
    path = generation / name
    whole = path.read_bytes()
    if fault == "flip":
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    elif fault == "cut":
        path.write_bytes(whole[:-3])
    else:
        path.unlink()
    with pytest.raises(IndexCorruptError, match=r"ragft index --rebuild"):
        folder.open_current()
    (found,) = folder.check()
    assert "ragft index --rebuild" in found.remedy
    with folder.building():
        assert generation.exists()  # the build lock removes nothing that may yet be mended
    path.write_bytes(whole)
    assert folder.check() == []
    assert folder.open_current().folder == generation


@pytest.mark.parametrize("content", [None, b"", b"000001-zzzz", b"../elsewhere", b"\xff\xfe"])
def test_a_lost_current_is_put_right_by_the_next_build(folder: IndexFolder, content: bytes | None) -> None:
    generation = folder.open_current().folder
    current = folder.path / "CURRENT"
    if content is None:
        current.unlink()
    else:
        current.write_bytes(content)
        (found,) = folder.check()
        assert "`ragft index` puts it right" in found.remedy
    with pytest.raises(IndexNotFoundError if content is None else IndexCorruptError):
        folder.open_current()
    with folder.building():
        pass
    assert folder.open_current().folder == generation


def test_a_generation_replaced_while_its_name_is_read_is_no_damage(
    folder: IndexFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with folder.building():
        manifest = write_generation(folder, "second")
    now = folder._current_name
    said = iter(["000001-gone"])
    monkeypatch.setattr(folder, "_current_name", lambda: next(said, None) or now())
    assert folder.open_current().folder.name == manifest.generation


def test_another_format_is_refused_by_number(folder: IndexFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag_ft.retrieval.manifest.FORMAT", FORMAT + 1)
    with pytest.raises(IndexCorruptError, match=rf"has format {FORMAT} and this version reads {FORMAT + 1}"):
        folder.open_current()


def test_large_files_are_hashed_only_where_they_were_touched(
    folder: IndexFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag_ft.retrieval.store._HASH_AT_LOAD_BYTES", 0)
    monkeypatch.setattr("rag_ft.retrieval.store.hash_file", lambda _: "not what was written")
    assert folder.open_current().manifest.passages == 1
    path = folder.open_current().folder / "passages.sqlite"
    path.write_bytes(path.read_bytes())
    with pytest.raises(IndexCorruptError, match="SHA-256 differs"):
        folder.open_current()


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(StoreError, match=r"cannot be written .* --index"),
        IndexFolder(tmp_path / "file").building(),
    ):
        pass


def test_a_full_disk_keeps_the_old_generation(folder: IndexFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rag_ft.retrieval.store.os.fsync", full)
    with pytest.raises(OSError, match="No space left"), folder.building():
        write_generation(folder, "second")
    assert (folder.open_current().folder / "passages.sqlite").read_text() == "first"


def test_a_copied_index_opens_elsewhere(folder: IndexFolder, tmp_path: Path) -> None:
    shutil.copytree(folder.path, tmp_path / "elsewhere")
    copy = IndexFolder(tmp_path / "elsewhere").open_current()
    assert copy.folder.is_relative_to(tmp_path / "elsewhere")
    assert json.loads((copy.folder / "manifest.json").read_text())["passages"] == 1
