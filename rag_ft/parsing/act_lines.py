"""Acts as JSON lines, one an Act, its sections in order; read one line at a time."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from rag_ft.errors import DocumentError
from rag_ft.parsing.blocks import Block, Source
from rag_ft.parsing.statutes import split_run_in

# A line longer than this is no Act, in characters.
_LONGEST = 50_000_000
_MARGIN_LEVEL = 5


def read_act_lines(path: Path) -> Iterator[tuple[str, Source]]:
    """Give each Act's short title and what it holds.

    Raises:
        DocumentError: the file is no gzip, no UTF-8, or a line is no Act.
    """
    try:
        with _opened(path) as lines:
            number = 0
            while line := lines.readline(_LONGEST):
                number += 1
                if len(line) >= _LONGEST:
                    raise DocumentError(f"{path.name}, line {number}: longer than any Act: leave it out")
                if line.strip():
                    yield _act(line, f"{path.name}, line {number}")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        reason = " ".join(str(error).split())
        raise DocumentError(
            f"{path.name}: broken or no gzip of UTF-8 lines ({reason}): fetch it again"
        ) from None


def _opened(path: Path) -> IO[str]:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _act(line: str, where: str) -> tuple[str, Source]:
    try:
        row = json.loads(line)
        title, short = str(row["title"]), str(row["short"])
        sections = [(str(section["title"]), str(section["text"])) for section in row["provisions"]]
        address = row.get("url")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise DocumentError(
            f"{where}: no Act with title, short and provisions ({reason}): mend the line"
        ) from None
    blocks: list[Block] = []
    for heading, text in sections:
        blocks.append(Block(heading, "heading", level=_MARGIN_LEVEL))
        blocks.extend(Block(piece) for piece in split_run_in(text))
    warnings = () if blocks else ("its provisions are not in the file",)
    declared = (("title", title), ("number", short), ("kind", "act"), ("source", address))
    held = tuple(blocks) or (Block(title, "heading", level=1),)
    return short, Source(held, title=title, declared=declared, statute=True, warnings=warnings)
