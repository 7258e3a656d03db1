"""The retriever learns, resumes to the same weights, and leaves an ordinary folder."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from rag_ft.errors import DataFormatError, TrainingError
from rag_ft.retriever_rows import RetrieverRow, load_retriever_rows, save_retriever_rows
from rag_ft.training.progress import TrainingEvent
from rag_ft.training.retriever import _Run, train_retriever
from rag_ft.training.retriever_folds import gold_groups, two_parts
from rag_ft.training.retriever_settings import RetrieverConfig
from tests.tiny import build_tiny_encoder

ROWS = [
    RetrieverRow(f"what is thing {n}", f"thing {n} is a fruit", (f"thing {n + 1} is none",))
    for n in range(24)
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [text for row in ROWS for text in (row.question, *row.answers, *row.negatives)]
    return build_tiny_encoder(tmp_path_factory.mktemp("encoder"), texts)


def settings(base: Path, **values: object) -> RetrieverConfig:
    given = {
        "base": str(base),
        "batch_size": 4,
        "epochs": 2,
        "frozen_layers": 0,
        "learning_rate": 3e-3,
        "dev_share": 0.25,
        **values,
    }
    return RetrieverConfig.checked(given, "test")


def test_it_learns_and_leaves_a_folder_that_loads(base: Path, tmp_path: Path) -> None:
    losses: list[float] = []
    report = train_retriever(
        ROWS,
        settings(base, epochs=6),
        tmp_path / "r",
        progress=lambda event: losses.append(event.loss) if event.loss is not None else None,
    )
    assert sum(losses[-4:]) < 0.8 * sum(losses[:4])
    assert (report.rows, report.dev_rows, len(report.scores)) == (18, 6, 6)
    assert report.kept_epoch == [report.base_score, *report.scores].index(
        max(report.base_score, *report.scores)
    )
    from rag_ft.retrieval.encoder import load_encoder

    assert load_encoder(str(tmp_path / "r"), offline=True).encode(["thing 1"]).shape == (1, 32)
    assert "MRR@10" in (tmp_path / "r" / "README.md").read_text()


@pytest.mark.parametrize("stopped_at", [3, 5, 7])
def test_a_resumed_run_ends_where_an_unbroken_one_does(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped_at: int
) -> None:
    """Stopped within the first epoch, as the second begins, and within the second: 4 steps each."""
    config = settings(base, save_every=2)
    monkeypatch.setattr(_Run, "_score", _rising())
    train_retriever(ROWS, config, tmp_path / "whole")
    monkeypatch.setattr(_Run, "_score", _rising())

    def stop(event: TrainingEvent) -> None:
        if event.step == stopped_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_retriever(ROWS, config, tmp_path / "broken", progress=stop)
    train_retriever(ROWS, config, tmp_path / "broken", resume=True)
    whole, broken = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "broken"))
    assert all(torch.equal(whole[name], broken[name]) for name in whole)


def test_another_run_is_not_taken_up(base: Path, tmp_path: Path) -> None:
    def stop(event: TrainingEvent) -> None:
        if event.step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_retriever(ROWS, settings(base, save_every=2), tmp_path / "r", progress=stop)
    with pytest.raises(TrainingError, match="begun with other rows"):
        train_retriever(ROWS[1:], settings(base, save_every=2), tmp_path / "r", resume=True)
    with pytest.raises(TrainingError, match="begun with another configuration"):
        train_retriever(ROWS, settings(base, save_every=2, seed=5), tmp_path / "r", resume=True)


def _rising():
    scores = iter(n / 10 for n in range(10))
    return lambda _self: next(scores)


def test_what_cannot_be_run_is_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="a batch needs 32"):
        train_retriever(ROWS, settings(base, batch_size=32), tmp_path / "r")
    with pytest.raises(TrainingError, match="no run to resume"):
        train_retriever(ROWS, settings(base), tmp_path / "r", resume=True)
    with pytest.raises(TrainingError, match="leave at least one"):
        train_retriever(ROWS, settings(base, frozen_layers=2), tmp_path / "r")


def test_rows_that_share_a_gold_text_stay_together() -> None:
    rows = [
        RetrieverRow("q1", "a"),
        RetrieverRow("q2", "b", gold=("a",)),
        RetrieverRow("q3", "c"),
        RetrieverRow("q4", "d"),
        RetrieverRow("q4", "b"),
    ]
    assert sorted(gold_groups(rows)) == [[0, 1, 3, 4], [2]]
    dev, rest = two_parts(rows, 0.25, seed=1)
    assert ([r.question for r in dev], len(rest)) == (["q3"], 4)


def test_rows_are_kept_as_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    save_retriever_rows(ROWS, file)
    assert load_retriever_rows(file) == ROWS
    file.write_text('{"question": "q", "positive": "p"}\n{"question": "q"}\n')
    with pytest.raises(DataFormatError, match="line 2: no retriever row"):
        load_retriever_rows(file)
