"""Entailment models as judges: tiny ones, made here, whose answer is set by their weights."""

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

from rag_ft.errors import ModelUnavailableError
from rag_ft.evaluation.citations import make_judge
from rag_ft.evaluation.nli import load_nli_judge
from rag_ft.schema import Question

WORDS = [
    "[PAD]",
    "[UNK]",
    "</s>",
    "1",
    "0",
    "bank",
    "keeps",
    "records",
    ":",
    "premise",
    "hypothesis",
    "Title",
]


def tokenizer(folder: Path) -> None:
    words = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))  # noqa: S106
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=words,
        pad_token="[PAD]",  # noqa: S106
        unk_token="[UNK]",  # noqa: S106
        eos_token="</s>",  # noqa: S106
        model_max_length=64,
    ).save_pretrained(folder)


def classifier(
    folder: Path, favoured: str, labels: tuple[str, ...] = ("contradiction", "entailment")
) -> Path:
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        id2label=dict(enumerate(labels)),
        label2id={label: n for n, label in enumerate(labels)},
    )
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor([float(label == favoured) for label in labels]))
    model.save_pretrained(folder)
    tokenizer(folder)
    return folder


@pytest.mark.parametrize(("said", "expected"), [("1", True), ("0", False), ("bank 1", False)])
def test_a_model_trained_as_true_supports_where_it_says_one(
    tmp_path, make_passage, monkeypatch, said: str, expected: bool
) -> None:
    config = T5Config(
        vocab_size=len(WORDS),
        d_model=8,
        d_kv=4,
        d_ff=8,
        num_layers=1,
        num_heads=1,
        decoder_start_token_id=0,
        eos_token_id=2,
        pad_token_id=0,
    )
    T5ForConditionalGeneration(config).save_pretrained(tmp_path / "m")
    tokenizer(tmp_path / "m")
    supports = load_nli_judge(str(tmp_path / "m"))
    asked = []

    def generate(self, input_ids, **_):
        asked.append(input_ids.shape[1])
        return torch.tensor([[0, *(WORDS.index(word) for word in said.split()), 2]])

    monkeypatch.setattr(T5ForConditionalGeneration, "generate", generate)
    assert supports("bank keeps records", [make_passage("bank keeps records")]) is expected
    # A premise that is too long is cut, the claim never.
    supports("bank keeps records", [make_passage("bank " * 5000)])
    assert max(asked) <= 2048


@pytest.mark.parametrize(("favoured", "expected"), [("entailment", True), ("contradiction", False)])
def test_a_classifier_supports_what_it_calls_entailed(
    tmp_path, make_passage, favoured: str, expected: bool
) -> None:
    supports = load_nli_judge(str(classifier(tmp_path / "m", favoured)))
    assert supports("bank keeps records", [make_passage("bank keeps records " * 60)]) is expected


def test_a_judge_by_name_serves_every_question(tmp_path, make_passage) -> None:
    judge = make_judge(str(classifier(tmp_path / "m", "entailment")))
    assert judge(Question("q?"))("bank", [make_passage()])


def test_a_model_without_entailment_is_refused(tmp_path) -> None:
    with pytest.raises(ModelUnavailableError, match="its labels are good, bad"):
        load_nli_judge(str(classifier(tmp_path / "m", "good", ("good", "bad"))))


def test_a_model_that_is_not_here_is_named() -> None:
    with pytest.raises(ModelUnavailableError, match="nobody/nothing"):
        load_nli_judge("nobody/nothing")
