"""The T5 reader with models built on the spot: asked as it was trained, suppressed, merged, refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rag_ft.errors import ModelUnavailableError, QuestionError
from rag_ft.indexing import build_index
from rag_ft.pipeline import Pipeline
from rag_ft.prompts import INSTRUCTION, passage_line
from rag_ft.reader import load_reader
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.schema import DocumentInfo, Example, ExamplePassage, Passage, Span
from rag_ft.training import TrainingConfig, train_reader
from rag_ft.training.settings import FreshModel
from tests.tiny import WORDS, build_tiny_t5

TEXTS = ("A bank must keep records for 5 years.", "A broker must report within 7 days.")


def passage(text: str, label: str = "1.1") -> Passage:
    info = DocumentInfo("rules.md", "Rules", number="626")
    return Passage(f"id-{label}", info, label, "", (Span(0, len(text)),), text)


PASSAGES = (passage(TEXTS[0]), passage(TEXTS[1], "1.2"))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_t5(tmp_path_factory.mktemp("reader") / "tiny", [*WORDS, *TEXTS])


def with_manifest(tiny: Path, folder: Path, **values: object) -> Path:
    folder.mkdir()
    for file in tiny.iterdir():
        (folder / file.name).symlink_to(file)
    manifest = ReaderManifest("test", "tiny", max_new_tokens=8)
    replace(manifest, **values).save(folder)
    return folder


def test_the_n_best_come_in_order(tiny: Path, tmp_path: Path):
    reader = load_reader(with_manifest(tiny, tmp_path / "reader"))
    candidates = reader.propose("What must a bank keep?", PASSAGES, 3)
    scores = [candidate.score for candidate in candidates]
    assert scores == sorted(scores, reverse=True)
    assert 1 <= len(candidates) <= 3
    assert all(score <= 0 for score in scores)
    assert {candidate.origin for candidate in candidates} == {"reader"}


def test_a_name_that_is_suppressed_is_not_said(tiny: Path, tmp_path: Path):
    reader = load_reader(with_manifest(tiny, tmp_path / "reader"))
    first = reader.propose("What must a bank keep?", PASSAGES, 1)[0].text
    again = reader.propose("What must a bank keep?", PASSAGES, 2, suppress=[first])
    assert first not in [candidate.text for candidate in again]


def test_what_does_not_fit_is_left_out_whole(tiny: Path, tmp_path: Path):
    free = load_reader(tiny)
    head = free._prompt("Who?", []).text
    one = free._count_tokens(f"{head} [1] {passage_line(PASSAGES[0])}")
    reader = load_reader(with_manifest(tiny, tmp_path / "reader", input_tokens=one + 4))
    fit = reader.fit("Who?", PASSAGES)
    assert (fit.included, fit.left_out) == (PASSAGES[:1], PASSAGES[1:])
    with pytest.raises(QuestionError, match="ask a shorter question"):
        reader.fit("why " * 400, PASSAGES)


def test_a_closed_book_reader_is_asked_as_it_was_trained(tiny: Path, tmp_path: Path):
    reader = load_reader(with_manifest(tiny, tmp_path / "reader", prompt="closed-book"))
    assert reader.fit("Who?", PASSAGES).included == ()
    assert reader._prompt("Who?", PASSAGES).text == "Who?"


def test_a_model_without_a_manifest_is_asked_with_the_prompt_of_a_new_reader(tiny: Path):
    assert load_reader(tiny)._prompt("Who?", PASSAGES).text == (
        f"{INSTRUCTION} Question: Who? Passages: [1] 626, 1.1: {TEXTS[0]} [2] 626, 1.2: {TEXTS[1]}"
    )


def test_what_is_no_reader_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnavailableError, match="not a seq2seq reader folder"):
        load_reader(tmp_path / "empty")
    with pytest.raises(ModelUnavailableError, match="hf download google/no-such-t5"):
        load_reader("google/no-such-t5")
    with pytest.raises(ModelUnavailableError, match="not a hub id"):
        load_reader("no/such/folder")


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"learning_rate": 1e-2, "steps": 120},
        {"learning_rate": 5e-3, "steps": 200, "lora": {"rank": 64, "alpha": 128, "dropout": 0.0}},
    ],
    ids=["full", "lora"],
)
def test_a_trained_reader_answers_cited(changes: dict[str, object], tmp_path: Path, fake_encoder: object):
    """The whole way: the search that makes the rows is the one that asks."""
    (tmp_path / "docs").mkdir()
    lines = [f"1.{n} A {who} must keep {n * 7} records.\n" for n, who in enumerate(("bank", "broker"), 1)]
    (tmp_path / "docs" / "rules.md").write_text("\n".join(lines), encoding="utf-8")
    index = build_index([tmp_path / "docs"], tmp_path / "index", fake_encoder)
    rows = [make_row(index.search, who, n * 7) for n, who in enumerate(("bank", "broker"), 1)]
    texts = [text for row in rows for text in (row.question, row.target, *(p.text for p in row.passages))]
    shape = FreshModel(d_model=64, d_kv=16, d_ff=128, layers=2, heads=4)
    base = build_tiny_t5(tmp_path / "base", [*WORDS, *texts], shape=shape)
    terms = {"precision": "fp32", "input_tokens": 256, "output_tokens": 32, "batch_size": 8, "epochs": 1}
    settings = TrainingConfig.model_validate(
        {"base": str(base), "evaluate_every": 1000, "patience": None, **terms, **changes}
    )
    examples = [replace(row, id=f"{row.id}-{copy}") for row in rows for copy in range(4)]
    report = train_reader(examples, settings, tmp_path / "reader", dev=rows)
    reader = load_reader(report.folder)
    answer = Pipeline(index, reader).ask("What must a broker keep?", k=2)
    assert (answer.text, answer.reader) == ("A broker must keep 14 records [1].", reader.name)
    assert [citation.paragraph for citation in answer.citations] == ["1.2"]
    assert answer.is_grounded


def make_row(search: Callable[..., list], who: str, count: int) -> Example:
    question = f"What must a {who} keep?"
    hits = [hit.passage for hit in search(question, k=2)]
    gold = [f" {who} " in hit.text for hit in hits]
    passages = tuple(
        ExamplePassage(hit.id, passage_line(hit), right) for hit, right in zip(hits, gold, strict=True)
    )
    target = f"A {who} must keep {count} records [{gold.index(True) + 1}]."
    return Example(who, question, passages, target, False, "test", "amount", "t1")
