import pytest
from pydantic import ValidationError

from rag_ft.errors import ConfigError
from rag_ft.training.presets import config_yaml, load_config, preset_names
from rag_ft.training.settings import ALL_LINEAR, TrainingConfig


def test_presets_are_all_there():
    wanted = {"full-small", "full-base", "lora-aggressive", "lora-seed", "predecessor", "closed-book", "tiny"}
    assert wanted | {"adapt", "fresh-small", "retriever"} <= set(preset_names())


def test_the_recommended_preset_is_what_the_analysis_says():
    config = load_config()
    assert (config.base, config.method, config.epochs) == ("google/flan-t5-small", "full", 10)
    assert (config.learning_rate, config.batch_size, config.prompt) == (5e-4, 2, "grounded")


def test_lora_presets_name_the_layers_of_flan_t5():
    aggressive, seed = load_config("lora-aggressive").lora, load_config("lora-seed").lora
    assert (aggressive.rank, aggressive.alpha, aggressive.dropout, aggressive.targets) == (
        64,
        128,
        0.1,
        ALL_LINEAR,
    )
    assert (seed.rank, seed.alpha, seed.targets) == (32, 64, ("q", "v"))


def test_the_predecessor_is_closed_book_with_the_seed_adapter():
    config, seed = load_config("predecessor"), load_config("lora-seed")
    assert config.prompt == "closed-book"
    assert config.lora == seed.lora
    assert (config.epochs, config.learning_rate, config.batch_size) == (3, 1e-4, 4)


def test_overrides_reach_into_sections_and_are_checked():
    assert load_config("lora-seed", ["lora.rank=8", "learning_rate=2e-3"]).lora.rank == 8
    assert load_config("lora-seed", ["lora=null"]).method == "full"
    with pytest.raises(ConfigError, match=r"tiny with epochs=0: epochs: .*greater than 0"):
        load_config("tiny", ["epochs=0"])
    with pytest.raises(ConfigError, match="expected KEY=VALUE"):
        load_config("tiny", ["epochs"])


def test_an_unknown_preset_lists_those_there_are():
    with pytest.raises(ConfigError, match=r"full-smal: no such preset or file; presets: adapt, closed-book"):
        load_config("full-smal")


@pytest.mark.parametrize("preset", preset_names())
def test_a_printed_configuration_reads_back_as_itself(preset: str, tmp_path):
    config = load_config(preset)
    file = tmp_path / "printed.yaml"
    file.write_text(config_yaml(config), encoding="utf-8")
    assert type(config).from_yaml(file) == config


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"precision": "fp16"}, "T5 overflows in fp16"),
        ({"batch_size": None}, "batch_size or batch_tokens"),
        ({"batch_tokens": 512}, "holds no example of input_tokens 1024"),
        (
            {"fresh": {"d_model": 8, "d_kv": 4, "d_ff": 8, "layers": 1, "heads": 2}, "base": "x"},
            "one or the other",
        ),
        ({"task": "adapt", "lora": {"rank": 1, "alpha": 1}}, "adapt trains every weight"),
        ({"lora": {"rank": 1, "alpha": 1, "targets": []}}, "at least one linear layer"),
        ({"rate": 1}, "Extra inputs"),
    ],
)
def test_what_cannot_be_meant_is_refused(values: dict, fault: str):
    with pytest.raises(ValidationError, match=fault):
        TrainingConfig.model_validate(values)
