"""Public names that load on first use (PEP 562), so that a package costs nothing to import."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def loader(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Make the `__getattr__` of a package; `homes` gives the module of each public name."""

    def load(name: str) -> Any:  # noqa: ANN401  a module's attributes have no one type
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(home), name)

    return load
