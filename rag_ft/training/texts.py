"""Running text for adaptation: from documents, from plain text, from JSON lines; in chunks of tokens."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import DataFormatError, DocumentError, PathNotFoundError
from rag_ft.parsing import SUPPORTED_SUFFIXES, iter_documents
from rag_ft.training.model import Tokenizer

_TOKENISED_AT_ONCE = 64


def load_texts(paths: Iterable[str | Path]) -> Iterator[str]:
    """Read texts, one document at a time, from files and folders.

    JSON lines (also gzipped) with a `text` each are taken as they are; everything else is
    read as `ragft index` reads it. A document that cannot be read is an error where its
    file was named, and passed over where a folder was.

    Raises:
        PathNotFoundError: a path does not exist.
        DocumentError: a file that was named cannot be read.
        DataFormatError: a line is no JSON object with a text.
    """
    for path in map(Path, paths):
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file() and p.suffix in SUPPORTED_SUFFIXES):
                try:
                    yield from _texts_of(file)
                except (DocumentError, DataFormatError):
                    continue
        elif path.is_file():
            yield from _texts_of(path)
        else:
            raise PathNotFoundError(f"{path}: no such file or folder of texts")


def hold_out_texts(texts: Sequence[str], share: float, seed: int) -> tuple[list[str], list[str]]:
    """Divide texts into a training and a held-out part by their hash: equal texts stay together."""
    train: list[str] = []
    held: list[str] = []
    for text in texts:
        digest = hashlib.sha256(f"{seed}:{text}".encode()).digest()
        drawn = int.from_bytes(digest[:8], "big") / 2**64
        (held if drawn < share else train).append(text)
    return train, held


def chunk_tokens(texts: Iterable[str], tokenizer: Tokenizer, length: int) -> NDArray[np.int32]:
    """Run texts together and cut them into chunks of tokens; what is left at the end is dropped.

    Returns:
        `(n_chunks, length) int32`, without end tokens; no chunk where the text is too short.
    """
    source, parts, rest = iter(texts), [], np.empty(0, dtype=np.int32)
    while batch := list(islice(source, _TOKENISED_AT_ONCE)):
        ids = tokenizer(batch, add_special_tokens=False, verbose=False)["input_ids"]
        stream = np.concatenate([rest, *(np.array(i, dtype=np.int32) for i in ids)])
        whole = len(stream) // length * length
        parts.append(stream[:whole].reshape(-1, length))
        rest = stream[whole:]
    return np.concatenate(parts) if parts else np.empty((0, length), dtype=np.int32)


def texts_sha256(texts: Iterable[str]) -> str:
    """Hash texts in their order."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()


def _texts_of(path: Path) -> Iterator[str]:
    if path.name.endswith((".jsonl", ".jsonl.gz")) and "text" in _first_row(path):
        yield from _json_texts(path)
        return
    for document in iter_documents(path, path.name):
        yield document.text


def _first_row(path: Path) -> dict[str, object]:
    with _open(path) as lines:
        line = next((line for line in lines if line.strip()), "{}")
    return _row(line, f"{path}:1")


def _json_texts(path: Path) -> Iterator[str]:
    with _open(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            text = _row(line, f"{path}:{number}").get("text")
            if not isinstance(text, str):
                raise DataFormatError(f"{path}:{number}: text: expected text, found {text!r}")
            yield text


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _row(line: str, where: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataFormatError(f"{where}: not a line of JSON: {error}") from None
    if not isinstance(row, dict):
        raise DataFormatError(f"{where}: expected an object, found {type(row).__name__}")
    return row
