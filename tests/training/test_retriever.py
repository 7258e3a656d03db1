"""The retriever learns, resumes to the same weights, and leaves an ordinary folder."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from rag_ft.errors import DataFormatError, TrainingError
from rag_ft.retriever_rows import RetrieverRow, load_retriever_rows, save_retriever_rows
from rag_ft.training.retriever import _Run, train_retriever
from rag_ft.training.retriever_folds import gold_groups, two_parts
from rag_ft.training.retriever_settings import RetrieverConfig

ROWS = [
    RetrieverRow(f"what is thing {n}", f"thing {n} is a fruit", (f"thing {n + 1} is none",))
    for n in range(24)
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("bert")
    words = {w for row in ROWS for text in (row.question, *row.answers, *row.negatives) for w in text.split()}
    (folder / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(words)])
    )
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=200, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    BertModel(config).save_pretrained(folder)
    model = Transformer(str(folder))
    saved = tmp_path_factory.mktemp("base")
    SentenceTransformer(modules=[model, Pooling(32)], device="cpu").save_pretrained(str(saved))
    return saved


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
        ROWS, settings(base, epochs=6), tmp_path / "r", progress=lambda _e, _s, _n, loss: losses.append(loss)
    )
    assert sum(losses[-4:]) < 0.8 * sum(losses[:4])
    assert (report.rows, report.dev_rows, len(report.scores)) == (18, 6, 6)
    assert report.kept_epoch == [report.base_score, *report.scores].index(
        max(report.base_score, *report.scores)
    )
    from rag_ft.retrieval.encoder import load_encoder

    assert load_encoder(str(tmp_path / "r"), offline=True).encode(["thing 1"]).shape == (1, 32)
    assert "MRR@10" in (tmp_path / "r" / "README.md").read_text()


def test_a_resumed_run_ends_where_an_unbroken_one_does(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = settings(base)
    monkeypatch.setattr(_Run, "_score", _rising())
    train_retriever(ROWS, config, tmp_path / "whole")
    monkeypatch.setattr(_Run, "_score", _rising())

    def stop(epoch: int, _step: int, _steps: int, _loss: float) -> None:
        if epoch == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_retriever(ROWS, config, tmp_path / "broken", progress=stop)
    train_retriever(ROWS, config, tmp_path / "broken", resume=True)
    whole, broken = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "broken"))
    assert all(torch.equal(whole[name], broken[name]) for name in whole)


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
