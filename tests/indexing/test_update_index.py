"""Increments: what is unchanged is neither parsed nor embedded, and the rest comes out right."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import rag_ft.indexing.generation as generation
import rag_ft.indexing.reading as reading
from rag_ft.errors import EncoderMismatchError, NothingToIndexError, PathNotFoundError, UsageError
from rag_ft.indexing import BuildReport, build_index, update_index
from rag_ft.parsing import ParsedFile
from rag_ft.retrieval.encoder import Vectors
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Alias, Passage
from tests.conftest import FakeEncoder


class CountingEncoder(FakeEncoder):
    """Counts the texts that go through it."""

    def __init__(self, name: str = "fake") -> None:
        super().__init__(name)
        self.encoded: list[str] = []

    def encode(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        self.encoded.extend(texts)
        return super().encode(texts)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    notices = tmp_path / "notices"
    notices.mkdir()
    for name, subject in (("apples", "An apple"), ("pears", "A pear"), ("plums", "A plum")):
        text = f"# About {name}\n\n1. {subject} is a fruit.\n\n2. {subject} must be washed.\n"
        (notices / f"{name}.md").write_text(text)
    return notices


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed from here on."""
    names: list[str] = []
    original = reading.parse_files

    def recording(files: Iterable[tuple[Path, str]]) -> Iterator[ParsedFile]:
        wanted = list(files)
        names.extend(document_id for _, document_id in wanted)
        return original(wanted)

    monkeypatch.setattr(reading, "parse_files", recording)
    return names


def update(folder: Path | None, encoder: FakeEncoder, tmp_path: Path, **options: bool) -> BuildReport:
    return update_index([folder] if folder else None, tmp_path / "index", encoder, **options)


def own_id(folder: Path, name: str) -> str:
    """The id of a file whose shorter id is taken."""
    return f"{folder.parent.name}/{folder.name}/{name}"


def contents(index: PassageIndex) -> set[tuple[str, str, str]]:
    return {(passage.document.id, passage.label, passage.text) for passage in index.passages()}


def test_first_build_counts_everything(folder: Path, encoder: CountingEncoder, tmp_path: Path) -> None:
    report = update(folder, encoder, tmp_path)
    assert (report.documents, report.added, report.unchanged, report.is_new) == (3, 3, 0, True)
    assert report.passages == len(PassageIndex.load(tmp_path / "index", encoder)) == report.embedded


def test_document_ids_are_paths_below_the_parent_of_the_folder(
    folder: Path, encoder: CountingEncoder, tmp_path: Path
) -> None:
    index = build_index([folder], tmp_path / "index", encoder)
    assert [info.id for info in index.documents()] == [
        "notices/apples.md",
        "notices/pears.md",
        "notices/plums.md",
    ]
    single = build_index([folder / "pears.md"], tmp_path / "single", encoder)
    assert [info.id for info in single.documents()] == ["notices/pears.md"]


def test_unchanged_files_are_neither_parsed_nor_embedded(
    folder: Path, encoder: CountingEncoder, tmp_path: Path, parsed: list[str]
) -> None:
    first = update(folder, encoder, tmp_path)
    parsed.clear()
    encoder.encoded.clear()
    second = update(folder, encoder, tmp_path)
    assert (second.is_new, second.generation, second.unchanged) == (False, first.generation, 3)
    assert (parsed, encoder.encoded) == ([], [])


def test_a_changed_paragraph_is_all_that_is_embedded(
    folder: Path, encoder: CountingEncoder, tmp_path: Path, parsed: list[str]
) -> None:
    update(folder, encoder, tmp_path)
    parsed.clear()
    encoder.encoded.clear()
    text = (folder / "pears.md").read_text()
    (folder / "pears.md").write_text(text.replace("washed", "peeled"))
    report = update(folder, encoder, tmp_path)
    assert (report.changed, report.unchanged, report.embedded) == (1, 2, 1)
    assert parsed == ["notices/pears.md"]
    assert ["peeled" in text for text in encoder.encoded] == [True]
    index = PassageIndex.load(tmp_path / "index", encoder)
    assert contents(index) == contents(build_index([folder], tmp_path / "fresh", FakeEncoder()))
    assert index.search("peeled")[0].passage.document.id == "notices/pears.md"


def test_a_moved_file_is_neither_parsed_nor_embedded(
    folder: Path, encoder: CountingEncoder, tmp_path: Path, parsed: list[str]
) -> None:
    update(folder, encoder, tmp_path)
    parsed.clear()
    encoder.encoded.clear()
    (folder / "old").mkdir()
    (folder / "pears.md").rename(folder / "old" / "pears.md")
    report = update(folder, encoder, tmp_path)
    assert (report.moved, report.added, report.unchanged, report.gone) == (1, 0, 2, ())
    assert (parsed, encoder.encoded) == ([], [])
    index = PassageIndex.load(tmp_path / "index", encoder)
    assert contents(index) == contents(build_index([folder], tmp_path / "fresh", FakeEncoder()))


def test_a_removed_file_stays_until_pruned(folder: Path, encoder: CountingEncoder, tmp_path: Path) -> None:
    update(folder, encoder, tmp_path)
    (folder / "pears.md").unlink()
    kept = update(folder, encoder, tmp_path)
    assert (kept.documents, kept.gone, kept.removed) == (3, ("notices/pears.md",), ())
    pruned = update(None, encoder, tmp_path, prune=True)
    assert (pruned.documents, pruned.gone, pruned.removed) == (2, (), ("notices/pears.md",))


def test_prune_leaves_other_folders_alone(folder: Path, encoder: CountingEncoder, tmp_path: Path) -> None:
    other = tmp_path / "acts"
    shutil.copytree(folder, other)
    for file in other.iterdir():
        file.write_text(file.read_text() + "\n3. This is another folder.\n")
    update(folder, encoder, tmp_path)
    update(other, encoder, tmp_path)
    (folder / "pears.md").unlink()
    (other / "plums.md").unlink()
    report = update(other, encoder, tmp_path, prune=True)
    assert (report.removed, report.gone) == (("acts/plums.md",), ("notices/pears.md",))


def test_duplicates_are_indexed_once_and_survive_the_original(
    folder: Path, encoder: CountingEncoder, tmp_path: Path
) -> None:
    shutil.copy(folder / "pears.md", folder / "zz-copy.md")
    report = update(folder, encoder, tmp_path)
    assert (report.documents, report.duplicates) == (3, (("notices/zz-copy.md", "notices/pears.md"),))
    again = update(folder, encoder, tmp_path)
    assert (again.is_new, again.duplicates) == (False, report.duplicates)
    (folder / "pears.md").unlink()
    after = update(folder, encoder, tmp_path)
    assert (after.documents, after.duplicates, after.moved) == (3, (), 1)


def test_refresh_finds_new_files(folder: Path, encoder: CountingEncoder, tmp_path: Path) -> None:
    update(folder, encoder, tmp_path)
    (folder / "quinces.md").write_text("# Quinces\n\n1. A quince is a fruit.\n")
    assert update(None, encoder, tmp_path).added == 1


def test_one_bad_file_loses_no_other(folder: Path, encoder: CountingEncoder, tmp_path: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing more")
    report = update(folder, encoder, tmp_path)
    assert report.documents == 3
    assert [name for name, _ in report.skipped] == ["notices/broken.pdf"]
    again = update(folder, encoder, tmp_path)
    assert (again.is_new, again.skipped) == (False, report.skipped)


def test_a_file_that_turned_bad_keeps_its_last_good_version(
    folder: Path, encoder: CountingEncoder, tmp_path: Path
) -> None:
    update(folder, encoder, tmp_path)
    (folder / "pears.md").write_bytes(b"\x00\x01\x02" * 100)
    report = update(folder, encoder, tmp_path)
    assert report.documents == 3
    assert [name for name, _ in report.skipped] == ["notices/pears.md"]
    assert "last good version stays" in report.skipped[0][1]
    assert update(folder, encoder, tmp_path).is_new is False


def test_documents_in_memory(folder: Path, encoder: CountingEncoder, tmp_path: Path) -> None:
    source = build_index([folder], tmp_path / "files", encoder)
    documents = [source.document(info.id) for info in source.documents()]
    index = build_index(documents, tmp_path / "memory", encoder)
    assert contents(index) == contents(source)
    report = update_index(documents[:2], tmp_path / "memory", encoder)
    assert (report.is_new, report.unchanged, report.documents) == (False, 2, 3)
    changed = replace(documents[0], info=replace(documents[0].info, title="Of apples"))
    report = update_index([changed], tmp_path / "memory", encoder, prune=True)
    assert (report.changed, report.documents, report.removed) == (
        1,
        1,
        ("notices/pears.md", "notices/plums.md"),
    )


def test_aliases_are_those_that_the_documents_define(
    folder: Path, encoder: CountingEncoder, tmp_path: Path
) -> None:
    index = build_index([folder], tmp_path / "index", encoder)
    aliases = (Alias("MAS", "Monetary Authority of Singapore"), Alias("the bank", "Bank Plc", "2"))
    document = replace(index.document("notices/plums.md"), aliases=aliases)
    given = build_index([document], tmp_path / "memory", encoder)
    assert given.aliases == aliases
    carried_over = build_index([folder], tmp_path / "memory", encoder)
    assert set(carried_over.aliases) >= set(aliases)
    assert [info.id for info in carried_over.documents()][-2:] == [
        "notices/plums.md",
        own_id(folder, "plums.md"),
    ]
    with pytest.raises(UsageError, match=r"two documents have the id notices/pears\.md"):
        update_index([index.document("notices/pears.md")], tmp_path / "memory", encoder)
    with pytest.raises(UsageError, match=r"two documents have the id notices/plums\.md"):
        update_index([document, document], tmp_path / "memory", encoder)


def test_folders_of_one_name_do_not_clash(folder: Path, encoder: CountingEncoder, tmp_path: Path) -> None:
    other = tmp_path / "second" / "notices"
    shutil.copytree(folder, other)
    for file in other.iterdir():
        file.write_text(file.read_text() + "\n3. This is another folder.\n")
    index = build_index([folder, other], tmp_path / "index", encoder)
    assert [info.id for info in index.documents()][-3:] == [
        "second/notices/apples.md",
        "second/notices/pears.md",
        "second/notices/plums.md",
    ]


def test_changed_code_parses_again_but_embeds_nothing(
    folder: Path,
    encoder: CountingEncoder,
    tmp_path: Path,
    parsed: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    update(folder, encoder, tmp_path)
    parsed.clear()
    encoder.encoded.clear()
    for module in ("previous", "generation"):
        monkeypatch.setattr(f"rag_ft.indexing.{module}.code_fingerprint", lambda: "another")
    report = update(folder, encoder, tmp_path)
    assert (len(parsed), encoder.encoded, report.is_new) == (3, [], True)


def test_wrong_calls_say_what_to_do(folder: Path, encoder: CountingEncoder, tmp_path: Path) -> None:
    with pytest.raises(PathNotFoundError, match="there is no file or folder"):
        update(tmp_path / "nowhere", encoder, tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToIndexError, match=r"no file that can be read"):
        update(tmp_path / "empty", encoder, tmp_path)
    with pytest.raises(NothingToIndexError, match="no path and no document"):
        update_index([], tmp_path / "index", encoder)
    with pytest.raises(UsageError, match="ragft index PATH"):
        update(None, encoder, tmp_path)
    update(folder, encoder, tmp_path)
    with pytest.raises(EncoderMismatchError, match="--rebuild"):
        update(folder, CountingEncoder("another"), tmp_path)
    assert update(folder, CountingEncoder("another"), tmp_path, rebuild=True).embedded > 0
    folder.rename(tmp_path / "away")
    with pytest.raises(NothingToIndexError, match="gone from the disk"):
        update(None, CountingEncoder("another"), tmp_path, prune=True)


def test_the_same_words_from_two_paragraphs_are_one_passage(
    folder: Path, encoder: CountingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = generation.make_passages

    def twice(*arguments: object) -> list[Passage]:
        made = original(*arguments)  # type: ignore[arg-type]
        return [*made, replace(made[0], label="Figure 1")]

    plain = contents(build_index([folder], tmp_path / "plain", encoder))
    monkeypatch.setattr(generation, "make_passages", twice)
    assert contents(build_index([folder], tmp_path / "twice", encoder)) == plain


def test_two_documents_of_one_id_in_a_file_lose_no_other(
    folder: Path, encoder: CountingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = reading.parse_files

    def repeating(files: Iterable[tuple[Path, str]]) -> Iterator[ParsedFile]:
        for found in original(files):
            yield found
            if found.document_id == "notices/pears.md":
                yield found
                yield found

    monkeypatch.setattr(reading, "parse_files", repeating)
    report = update(folder, encoder, tmp_path)
    assert report.documents == 2
    assert report.skipped == (
        ("notices/pears.md", "two documents have the id notices/pears.md: give each its own"),
    )


def test_a_file_that_fails_midway_leaves_nothing_of_itself(
    folder: Path, encoder: CountingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = reading.parse_files

    def failing(files: Iterable[tuple[Path, str]]) -> Iterator[ParsedFile]:
        for found in original(files):
            yield found
            if found.document_id == "notices/apples.md":
                yield ParsedFile(found.path, found.document_id, error="line 2 is no Act")
                yield found

    monkeypatch.setattr(reading, "parse_files", failing)
    report = update(folder, encoder, tmp_path)
    assert report.skipped == (("notices/apples.md", "line 2 is no Act"),)
    index = PassageIndex.load(tmp_path / "index", encoder)
    assert [info.id for info in index.documents()] == ["notices/pears.md", "notices/plums.md"]


def test_a_file_without_any_document_is_skipped(
    folder: Path, encoder: CountingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = reading.parse_files

    def silent(files: Iterable[tuple[Path, str]]) -> Iterator[ParsedFile]:
        return (found for found in original(files) if found.document_id != "notices/pears.md")

    monkeypatch.setattr(reading, "parse_files", silent)
    report = update(folder, encoder, tmp_path)
    assert [name for name, _ in report.skipped] == ["notices/pears.md"]
    assert report.documents == 2


def test_a_side_car_that_changes_is_a_change(
    folder: Path, encoder: CountingEncoder, tmp_path: Path, parsed: list[str]
) -> None:
    update(folder, encoder, tmp_path)
    parsed.clear()
    for number in ("600", "601"):
        (folder / "pears.md.yaml").write_text(f"number: '{number}'\n")
        assert update(folder, encoder, tmp_path).changed == 1
        index = PassageIndex.load(tmp_path / "index", encoder)
        assert [info.number for info in index.documents()] == [None, number, None]
    assert update(folder, encoder, tmp_path).is_new is False
    (folder / "pears.md.yaml").unlink()
    assert update(folder, encoder, tmp_path).changed == 1
    assert parsed == ["notices/pears.md"] * 3
