import json
import shutil

import pytest
import torch
from safetensors import safe_open
from transformers import AutoModelForSeq2SeqLM

from rag_ft.errors import ConfigError, ModelUnavailableError
from rag_ft.training.model import add_adapter, fresh_model, load_base, load_model, load_tokenizer
from rag_ft.training.settings import ALL_LINEAR, FreshModel, LoraSettings, TrainingConfig
from tests.tiny import TINY, build_tiny_t5

INPUT = {"input_ids": torch.tensor([[5, 9, 12, 1]]), "labels": torch.tensor([[7, 3, 1]])}


def logits(model) -> torch.Tensor:
    with torch.no_grad():
        return model.eval()(**INPUT).logits


def test_an_untied_model_stays_untied_through_saving_and_loading(tiny, tmp_path):
    model = load_model(tiny)
    assert model.lm_head.weight is not model.shared.weight
    assert model.config.scale_decoder_outputs is False
    model.save_pretrained(tmp_path)
    saved = json.loads((tmp_path / "config.json").read_text())
    assert (saved["tie_word_embeddings"], saved["scale_decoder_outputs"]) == (False, False)
    with safe_open(tmp_path / "model.safetensors", "pt") as tensors:
        assert {"lm_head.weight", "shared.weight"} <= set(tensors.keys())
    assert torch.equal(logits(AutoModelForSeq2SeqLM.from_pretrained(tmp_path)), logits(model))


def test_a_tied_model_stays_tied(tmp_path):
    folder = build_tiny_t5(tmp_path / "tied", tied=True)
    model = load_model(folder)
    assert model.lm_head.weight is model.shared.weight
    assert model.config.scale_decoder_outputs is True
    assert json.loads((folder / "config.json").read_text())["tie_word_embeddings"] is True


def test_fresh_weights_start_near_a_uniform_guess(tiny):
    tokenizer = load_tokenizer(tiny)
    shape = FreshModel(d_model=128, d_kv=16, d_ff=256, layers=2, heads=4)
    for tied in (False, True):
        model = fresh_model(shape.model_copy(update={"tied": tied}), tokenizer, seed=3)
        with torch.no_grad():
            loss = model.eval()(**INPUT).loss.item()
        assert loss == pytest.approx(torch.tensor(model.config.vocab_size).log().item(), abs=1.5)
    assert model.config.vocab_size % 64 == 0


def test_fresh_weights_depend_on_the_seed_alone(tiny):
    tokenizer = load_tokenizer(tiny)
    one, same, other = (fresh_model(TINY, tokenizer, seed=s) for s in (1, 1, 2))
    assert torch.equal(one.lm_head.weight, same.lm_head.weight)
    assert not torch.equal(one.lm_head.weight, other.lm_head.weight)


def test_an_adapter_trains_its_own_weights_only(tiny):
    model = add_adapter(load_model(tiny), LoraSettings(rank=4, alpha=8), "base")
    trained = [name for name, p in model.named_parameters() if p.requires_grad]
    assert trained
    assert all("lora_" in name for name in trained)
    assert {name.split(".lora_")[0].rpartition(".")[2] for name in trained} == set(ALL_LINEAR)


def test_a_target_that_is_no_layer_is_named(tiny):
    with pytest.raises(
        ConfigError, match=r"lora.targets: wi is no linear layer of base; it has k, lm_head, o, q"
    ):
        add_adapter(load_model(tiny), LoraSettings(rank=4, alpha=8, targets=("q", "wi")), "base")


def test_a_tokenizer_without_its_vocabulary_is_refused(tmp_path):
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "T5Tokenizer", "extra_ids": 100}')
    with pytest.raises(ModelUnavailableError, match=r"no T5 vocabulary|no tokenizer"):
        load_tokenizer(tmp_path)


def test_a_base_that_is_not_at_hand_is_one_line(tmp_path):
    with pytest.raises(
        ModelUnavailableError, match=r"no such folder, and not in the local model cache"
    ) as error:
        load_base(TrainingConfig(base="google/flan-t5-nowhere"), download=False)
    assert "\n" not in str(error.value)
    with pytest.raises(ModelUnavailableError, match=r"no seq2seq model|no tokenizer"):
        load_base(TrainingConfig(base=str(tmp_path)))
    with pytest.raises(ConfigError, match="name a folder or a hub id"):
        load_base(TrainingConfig())
    with pytest.raises(ConfigError, match="needs a vocabulary"):
        load_base(TrainingConfig(fresh=TINY))


def test_an_adapter_is_no_base(tiny, tmp_path):
    shutil.copytree(tiny, tmp_path / "copy")
    (tmp_path / "copy" / "adapter_config.json").write_text("{}")
    with pytest.raises(ModelUnavailableError, match=r"merge it first: ragft export"):
        load_model(tmp_path / "copy")


def test_dropout_can_be_set(tiny):
    assert load_model(tiny, dropout=0.3).config.dropout_rate == 0.3
    assert load_model(tiny).config.dropout_rate == 0.0
