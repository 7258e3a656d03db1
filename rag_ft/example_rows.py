"""Example rows as JSON lines: read and written one at a time, every fault with its line number."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.schema import Example, ExamplePassage

_KEYS = frozenset({"id", "question", "passages", "target", "abstain", "source", "family", "template"})


def load_examples(path: str | Path) -> Iterator[Example]:
    """Read examples from a JSON lines file, one at a time.

    A row with `question` and `answer` and no `passages` is a closed-book row: it becomes
    an example without passages, which only a closed-book reader can be trained on.

    Raises:
        PathNotFoundError: there is no such file.
        DataFormatError: a row cannot be read; the message names file, line and fault.
    """
    path = Path(path)
    if not path.is_file():
        raise PathNotFoundError(f"{path}: no such file of examples: make one with `ragft examples`")
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _parse(line, f"{path}:{number}")
    except UnicodeDecodeError as error:
        raise DataFormatError(f"{path}: not readable as UTF-8 text: {error}") from None


def write_examples(path: str | Path, examples: Iterable[Example]) -> int:
    """Write examples as JSON lines and return how many; the file appears whole or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    count = 0
    with partial.open("w", encoding="utf-8") as out:
        for example in examples:
            out.write(example_line(example) + "\n")
            count += 1
    partial.replace(path)
    return count


def example_line(example: Example) -> str:
    """Return an example as its one line of JSON, keys in a fixed order."""
    return json.dumps(
        {
            "id": example.id,
            "question": example.question,
            "passages": [{"id": p.id, "text": p.text, "gold": p.gold} for p in example.passages],
            "target": example.target,
            "abstain": example.abstain,
            "source": example.source,
            "family": example.family,
            "template": example.template,
        },
        ensure_ascii=False,
    )


def examples_sha256(examples: Iterable[Example]) -> str:
    """Hash examples in their order; equal to the hash of the file that `write_examples` writes."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(example_line(example).encode() + b"\n")
    return digest.hexdigest()


def _parse(line: str, where: str) -> Example:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataFormatError(f"{where}: not a line of JSON: {error}") from None
    if not isinstance(row, dict):
        raise DataFormatError(f"{where}: expected an object, found {type(row).__name__}")
    if "passages" not in row and "answer" in row:
        return _closed_book(row, where)
    missing = sorted(_KEYS - row.keys())
    unknown = sorted(row.keys() - _KEYS)
    if missing or unknown:
        faults = [
            f"{what} {', '.join(keys)}" for what, keys in (("no", missing), ("unknown", unknown)) if keys
        ]
        raise DataFormatError(f"{where}: {' and '.join(faults)}: an example has {', '.join(sorted(_KEYS))}")
    passages = row["passages"]
    if not isinstance(passages, list):
        raise DataFormatError(f"{where}: passages: expected a list, found {type(passages).__name__}")
    if not isinstance(row["abstain"], bool):
        raise DataFormatError(f"{where}: abstain: expected true or false, found {row['abstain']!r}")
    return Example(
        id=_text(row, "id", where),
        question=_text(row, "question", where),
        passages=tuple(_passage(p, f"{where}: passages.{n}") for n, p in enumerate(passages)),
        target=_text(row, "target", where),
        abstain=row["abstain"],
        source=_text(row, "source", where, empty=True),
        family=_text(row, "family", where, empty=True),
        template=_text(row, "template", where, empty=True),
    )


def _closed_book(row: dict[str, Any], where: str) -> Example:
    question = _text(row, "question", where)
    return Example(
        id=str(row.get("id") or "q" + hashlib.sha256(question.encode()).hexdigest()[:12]),
        question=question,
        passages=(),
        target=_text(row, "answer", where),
        abstain=False,
        source=str(row.get("source") or ""),
        family=str(row.get("family") or row.get("topic") or ""),
        template=str(row.get("template") or ""),
    )


def _passage(value: object, where: str) -> ExamplePassage:
    if not isinstance(value, dict) or value.keys() != {"id", "text", "gold"}:
        raise DataFormatError(f"{where}: expected an object with id, text and gold")
    if not isinstance(value["gold"], bool):
        raise DataFormatError(f"{where}: gold: expected true or false, found {value['gold']!r}")
    return ExamplePassage(_text(value, "id", where), _text(value, "text", where), value["gold"])


def _text(row: dict[str, Any], key: str, where: str, *, empty: bool = False) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not (empty or value.strip()):
        raise DataFormatError(f"{where}: {key}: expected text, found {value!r}")
    return value
