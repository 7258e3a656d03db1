"""Questions with the passages that search returned for them, frozen, so that a reader needs no index."""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from rag_ft.schema import Passage, Question


@dataclass(frozen=True)
class FrozenQuestion:
    """A question and its passages, best first."""

    question: Question
    passages: tuple[Passage, ...]


def write_questions(path: Path, frozen: list[FrozenQuestion]) -> None:
    """Write questions as gzipped JSON."""
    path.write_bytes(gzip.compress(_adapter().dump_json(frozen), mtime=0))


def read_questions(path: Path) -> list[FrozenQuestion]:
    """Read what `write_questions` wrote."""
    return _adapter().validate_json(gzip.decompress(path.read_bytes()))


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[list[FrozenQuestion]]:
    return TypeAdapter(list[FrozenQuestion])
