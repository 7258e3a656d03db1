"""What people declare of a document: front matter at its head, or a YAML file beside it."""

import re
from pathlib import Path

import yaml

from rag_ft.errors import DocumentError

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*$\r?\n?", re.DOTALL | re.MULTILINE)


def split_front_matter(text: str, name: str) -> tuple[dict[str, object], str]:
    """Part the YAML at the head of a text from the text.

    Raises:
        DocumentError: it is no YAML mapping.
    """
    match = _FRONT.match(text)
    if match is None:
        return {}, text
    return _mapping(match[1], f"{name}: its front matter"), text[match.end() :]


def side_car(path: Path) -> Path | None:
    """Return the YAML file beside a document, "notice.pdf.yaml" or "notice.yaml"; None without one."""
    names = (f"{path.name}.yaml", f"{path.name}.yml", f"{path.stem}.yaml", f"{path.stem}.yml")
    return next((beside for name in names if (beside := path.with_name(name)).is_file()), None)


def read_side_car(path: Path) -> dict[str, object]:
    """Read the YAML file beside a document; {} where there is none.

    Raises:
        DocumentError: it is no YAML mapping.
    """
    beside = side_car(path)
    if beside is None:
        return {}
    try:
        return _mapping(beside.read_text(encoding="utf-8"), f"{beside.name}: it")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{beside.name}: cannot be read ({error}): save it as UTF-8") from None


def _mapping(text: str, what: str) -> dict[str, object]:
    try:
        values = yaml.safe_load(text)
    except RecursionError:
        raise DocumentError(f"{what} is nested too deep: mend it") from None
    except (yaml.YAMLError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise DocumentError(f"{what} is no YAML ({reason}): mend it") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise DocumentError(f"{what} holds no key: value lines: mend it")
    nested = [str(key) for key, value in values.items() if not _is_flat(value)]
    if nested:
        raise DocumentError(f"{what} nests values under {', '.join(nested)}: write one value, or a list")
    return {str(key): value for key, value in values.items()}


def _is_flat(value: object) -> bool:
    """Whether a value is plain, or a list of plain ones: what else there is can unfold without end."""
    if isinstance(value, list):
        return not any(isinstance(item, (list, dict, set)) for item in value)
    return not isinstance(value, (dict, set))
