"""Settings, validated once at the YAML boundary; unknown keys are refused."""

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from rag_ft.errors import ConfigError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_Settings = TypeVar("_Settings", bound="Settings")


class Settings(BaseModel):
    """The base of every configuration: frozen, complete, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    @classmethod
    def from_yaml(cls, path: str | Path) -> Self:
        """Read and check a YAML file.

        Raises:
            ConfigError: the file is missing, is no YAML mapping, or has wrong keys or
                values; every fault is named with its key.
        """
        return cls.checked(read_mapping(Path(path)), str(path))

    @classmethod
    def checked(cls, values: dict[str, Any], where: str) -> Self:
        """Validate values; `where` names their origin in the error."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or '(file)'}: {cls._said(fault)}"
                for fault in error.errors()
            )
            raise ConfigError(f"{where}: {faults}") from None

    @classmethod
    def _said(cls, fault: "ErrorDetails") -> str:
        """Say a fault in words for people; of an unknown key also which one may be meant."""
        if fault["type"] != "extra_forbidden":
            return fault["msg"]
        keys = cls.model_fields if len(fault["loc"]) == 1 else ()
        near = get_close_matches(str(fault["loc"][-1]), keys, 1)
        return f"unknown key{f', perhaps {near[0]}' if near else ''}"


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML mapping.

    Raises:
        ConfigError: there is no such file, or it holds no mapping.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such configuration file") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: not readable as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: expected key: value lines, found {type(values).__name__}")
    return values
