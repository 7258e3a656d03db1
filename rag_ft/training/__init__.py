"""Example rows into a reader folder; runs without an index."""

from typing import TYPE_CHECKING

from rag_ft.lazy_names import loader

if TYPE_CHECKING:
    from rag_ft.training.presets import load_config
    from rag_ft.training.progress import TrainingEvent
    from rag_ft.training.reports import TrainingReport
    from rag_ft.training.run import train_reader
    from rag_ft.training.settings import TrainingConfig

__all__ = ["TrainingConfig", "TrainingEvent", "TrainingReport", "load_config", "train_reader"]

# torch and transformers load with the names that need them, not with the package.
_HOMES = {
    "TrainingConfig": "rag_ft.training.settings",
    "TrainingEvent": "rag_ft.training.progress",
    "TrainingReport": "rag_ft.training.reports",
    "load_config": "rag_ft.training.presets",
    "train_reader": "rag_ft.training.run",
}

__getattr__ = loader(__name__, _HOMES)
