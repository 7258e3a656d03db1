"""Where the presets, the question sets and the list of sources lie, in a checkout and in a wheel alike."""

from pathlib import Path

from rag_ft.errors import PathNotFoundError

_PACKAGE = Path(__file__).resolve().parent
# In a wheel the folders travel inside the package; in a checkout they stand beside it.
_PLACES = (_PACKAGE / "shipped", _PACKAGE.parent)


def configs_folder() -> Path:
    """Return the folder of the shipped presets (`full-small.yaml`, ...)."""
    return _shipped("configs")


def eval_folder() -> Path:
    """Return the folder of the shipped question sets."""
    return _shipped("data/eval")


def sources_file() -> Path:
    """Return the shipped list of published documents, for `ragft fetch`."""
    return _shipped("data/sources.yaml")


def _shipped(name: str) -> Path:
    for place in _PLACES:
        if (place / name).exists():
            return place / name
    raise PathNotFoundError(
        f"{name}: not part of this installation (looked in {', '.join(map(str, _PLACES))}): "
        "install ragft again"
    )
