"""What a finished run says of itself."""

import importlib.metadata
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """A finished run.

    `scores` are those of the best checkpoint on the development part (see
    `rag_ft.training.scoring`; `loss` too), empty without one. `tokens` are real ones,
    padding not counted, trained on since the run was started or resumed, by every
    process; `seconds` are those of training alone, evaluations and checkpoints apart.
    """

    folder: Path
    steps: int
    best_step: int
    stopped_early: bool
    scores: dict[str, float]
    examples: int
    dev_examples: int
    left_out: tuple[str, ...]
    trainable_parameters: int
    parameters: int
    tokens: int
    seconds: float
    seconds_total: float
    device: str
    precision: str

    @property
    def tokens_per_second(self) -> float:
        """Real tokens trained on in a second."""
        return self.tokens / self.seconds if self.seconds else 0.0


def library_versions() -> dict[str, str]:
    """Return the versions that a run depends on; torch's with its build (`2.13.0+cu130`)."""
    import torch

    found = {"python": platform.python_version()}
    for name in ("ragft", "torch", "transformers", "accelerate", "peft", "tokenizers", "safetensors"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    # PyPI's wheels name their CUDA only in the module.
    return {**found, "torch": str(torch.__version__)}
