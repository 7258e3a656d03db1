"""Example rows into a reader folder; runs without an index."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag_ft.training.presets import load_config
    from rag_ft.training.progress import TrainingEvent
    from rag_ft.training.reports import TrainingReport
    from rag_ft.training.run import train_reader
    from rag_ft.training.settings import TrainingConfig

__all__ = ["TrainingConfig", "TrainingEvent", "TrainingReport", "load_config", "train_reader"]

# torch and transformers load with the names that need them, not with the package.
_HOMES = {
    "TrainingConfig": "settings",
    "TrainingEvent": "progress",
    "TrainingReport": "reports",
    "load_config": "presets",
    "train_reader": "run",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
