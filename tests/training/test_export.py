import json
from importlib.util import find_spec

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM

from rag_ft.errors import ConfigError, ModelUnavailableError, TrainingError, UsageError
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.training import train_reader
from rag_ft.training.engine import add_engine
from rag_ft.training.export import export_reader, load_trained
from tests.training.test_model import logits
from tests.training.test_run import config


@pytest.fixture(scope="module")
def adapter(tiny, examples, tmp_path_factory):
    """An adapter that has moved far enough from its base to be told from it."""
    settings = config(tiny, steps=4, warmup=0.0, learning_rate=5e-2, lora={"rank": 4, "alpha": 8})
    return train_reader(examples, settings, tmp_path_factory.mktemp("lora") / "reader").folder


@pytest.fixture(scope="module")
def reader(tiny, examples, tmp_path_factory):
    settings = config(tiny, steps=40, batch_size=12, learning_rate=1e-2, evaluate_every=100)
    return train_reader(examples, settings, tmp_path_factory.mktemp("full") / "reader").folder


def test_adapter_merged_and_reloaded_give_equal_answers(adapter, tiny, tmp_path):
    from peft import PeftModel

    base = AutoModelForSeq2SeqLM.from_pretrained(tiny)
    before = logits(base)
    adapted = logits(PeftModel.from_pretrained(AutoModelForSeq2SeqLM.from_pretrained(tiny), adapter))
    merged = export_reader(adapter, tmp_path / "merged")
    reloaded = AutoModelForSeq2SeqLM.from_pretrained(merged)
    assert not torch.allclose(adapted, before, atol=1e-2)
    assert torch.allclose(logits(reloaded), adapted, atol=1e-4)
    # Hugging Face loads the adapter folder itself, its base found by its path.
    assert torch.equal(logits(AutoModelForSeq2SeqLM.from_pretrained(adapter)), adapted)


def test_a_merged_reader_is_plain_untied_and_says_where_it_came_from(adapter, tmp_path):
    merged = export_reader(adapter, tmp_path / "merged")
    saved = json.loads((merged / "config.json").read_text())
    assert (saved["tie_word_embeddings"], saved["scale_decoder_outputs"]) == (False, False)
    assert not (merged / "adapter_config.json").exists()
    manifest = ReaderManifest.load(merged)
    assert (manifest.method, manifest.training["trained_as"]) == ("full", "lora")
    assert manifest.data == ReaderManifest.load(adapter).data


def test_bfloat16_in_shards_keeps_the_weights(reader, tmp_path):
    small = export_reader(reader, tmp_path / "small", dtype="bfloat16", shard="40KB")
    shards = list(small.glob("model-*.safetensors"))
    assert len(shards) > 1
    assert sum(s.stat().st_size for s in shards) < 0.6 * (reader / "model.safetensors").stat().st_size
    left, right = load_trained(reader)[0], load_trained(small)[0]
    assert torch.equal(left.lm_head.weight.bfloat16().float(), right.lm_head.weight)


def test_exports_that_cannot_be(reader, tmp_path):
    with pytest.raises(ConfigError, match="choose float32 or bfloat16"):
        export_reader(reader, tmp_path / "half", dtype="float16")
    with pytest.raises(UsageError, match="not empty"):
        export_reader(reader, reader)
    with pytest.raises(ModelUnavailableError, match=r"no ragft.json, so it is no finished reader"):
        export_reader(tmp_path, tmp_path / "none")


needs_engine = pytest.mark.skipif(find_spec("ctranslate2") is None, reason="ctranslate2 is not installed")


@needs_engine
def test_the_engine_scores_an_untied_model_as_torch_does(reader, examples, tmp_path):
    """Its converter would scale the logits of an untied T5 under transformers 5."""
    from rag_ft.reader.engine import Engine
    from rag_ft.training.engine import convert

    convert(reader, tmp_path / "engine")
    model, tokenizer = load_trained(reader)
    engine = Engine(tmp_path / "engine", tokenizer, new_tokens=20)
    encoded = tokenizer(examples[0].question, return_tensors="pt")
    with torch.inference_mode():
        output = model.generate(
            **encoded, max_new_tokens=20, num_beams=4, return_dict_in_generate=True, output_scores=True
        )
    # In 8 bits two answers of nearly one score may change places: the scores tell.
    [best] = engine.generate([examples[0].question], 1, beams=4)[0]
    assert best.score == pytest.approx(output.sequences_scores[0].item(), abs=0.15)


@needs_engine
def test_an_engine_that_answers_otherwise_is_not_kept(reader, examples, monkeypatch):
    from rag_ft.reader.engine import Engine
    from rag_ft.schema import Candidate

    monkeypatch.setattr(Engine, "generate", lambda *_, **__: [[Candidate("otherwise", 0.0, "reader")]])
    with pytest.raises(TrainingError, match="to 0 of 16 questions only, below 99%; it is not kept"):
        add_engine(reader, examples)
    assert not (reader / "engine").exists()
    assert ReaderManifest.load(reader).engine == {}


@needs_engine
def test_an_engine_that_agrees_is_kept_and_recorded(reader, examples, monkeypatch):
    monkeypatch.setattr("rag_ft.training.engine.AGREEMENT", 0.0)
    report = add_engine(reader)
    recorded = ReaderManifest.load(reader).engine
    assert (reader / "engine" / "model.bin").is_file()
    assert recorded["agreement"] == report.agreement
    assert (recorded["kind"], recorded["quantization"], recorded["checked"]) == ("ctranslate2", "int8", 4)


@needs_engine
def test_an_adapter_must_be_merged_first(adapter):
    with pytest.raises(ModelUnavailableError, match="merge it first"):
        add_engine(adapter)
