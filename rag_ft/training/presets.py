"""Presets by name, files by path, and flags over either."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from rag_ft.config import Settings, read_mapping
from rag_ft.errors import ConfigError
from rag_ft.shipped import configs_folder
from rag_ft.training.retriever_settings import RetrieverConfig
from rag_ft.training.settings import TrainingConfig

DEFAULT_PRESET = "full-small"


def preset_names() -> list[str]:
    """Return the names of the shipped training presets, sorted."""
    return sorted(
        path.stem
        for path in configs_folder().glob("*.yaml")
        if read_mapping(path).get("task") in ("reader", "adapt", "retriever")
    )


def load_config(
    name: str = DEFAULT_PRESET, overrides: Sequence[str] = (), base: str | None = None
) -> TrainingConfig | RetrieverConfig:
    """Read a preset or a file, apply overrides, and check the whole once; its `task` says of what kind it is.

    Args:
        name: The name of a preset ("full-small"), or a path to a YAML file.
        overrides: Settings such as "epochs=3" or "lora.rank=8"; values are YAML.
        base: The weights to start from, in place of the preset's own or fresh ones.

    Raises:
        ConfigError: no such preset or file, or a wrong key or value; all are named.
    """
    values = read_mapping(_find(name))
    if base is not None:
        values["base"] = base
        values.pop("fresh", None)
    for override in overrides:
        _override(values, override)
    kind = RetrieverConfig if values.get("task") == "retriever" else TrainingConfig
    return kind.checked(values, f"{name} with {', '.join(overrides)}" if overrides else name)


def config_yaml(config: Settings) -> str:
    """Return the whole configuration as YAML, defaults included; it reads back as itself."""
    return yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


def _find(name: str) -> Path:
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return path
    shipped = configs_folder() / f"{name}.yaml"
    if not shipped.is_file():
        raise ConfigError(f"{name}: no such preset or file; presets: {', '.join(preset_names())}")
    return shipped


def _override(values: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    if not equals or not key.strip():
        raise ConfigError(f"{override}: expected KEY=VALUE, such as epochs=3")
    *parents, last = key.strip().split(".")
    place = values
    for parent in parents:
        if not isinstance(place.get(parent), dict):
            place[parent] = {}
        place = place[parent]
    try:
        place[last] = yaml.safe_load(text)
    except yaml.YAMLError:
        raise ConfigError(f"{override}: {text!r} is no YAML value") from None
