"""Examples as token ids: the input built as asking builds it, the target with its marks."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import DataFormatError, QuestionError
from rag_ft.prompts import ABSTENTION, parse_marks, strip_marks
from rag_ft.reader_manifest import ReaderManifest, token_counter
from rag_ft.schema import Example

Tokens = NDArray[np.int32]

_MARK = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Row:
    """One example as the model sees it: input and target ids, each closed by the end token."""

    input_ids: Tokens
    labels: Tokens


class Rows(Protocol):
    """Rows to train on; position `epoch * len(rows) + i` is row `i` as that epoch sees it."""

    def __len__(self) -> int:
        """Count the rows of one epoch."""
        ...

    def __getitem__(self, position: int) -> Row:
        """Return a row."""
        ...

    @property
    def input_lengths(self) -> NDArray[np.int64]:
        """Input tokens of each row, `(len(rows),)`."""
        ...


class FixedRows:
    """Rows that are the same in every epoch."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self.input_lengths = np.array([len(row.input_ids) for row in rows], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, position: int) -> Row:
        return self._rows[position % len(self._rows)]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)


@dataclass(frozen=True, slots=True)
class EncodedExamples:
    """Rows, the target texts they must come to, and the ids of examples that were left out.

    An example is left out where a passage that its target cites does not fit the budget.
    """

    rows: FixedRows
    targets: tuple[str, ...]
    left_out: tuple[str, ...]


def encode_examples(
    examples: Iterable[Example],
    tokenizer: Callable[..., Any],
    manifest: ReaderManifest,
) -> EncodedExamples:
    """Encode examples for a reader of this manifest.

    A closed-book reader gets answers without marks, and no example that abstains: it
    sees no passages that could fail to answer.

    Raises:
        DataFormatError: an example has no passages but the reader is grounded, cites a
            passage that it does not have, or has a target past the budget.
    """
    # Distractors recur from example to example: each is counted once.
    count_tokens = lru_cache(maxsize=100_000)(token_counter(tokenizer))
    inputs: list[str] = []
    targets: list[str] = []
    names: list[str] = []
    left_out: list[str] = []
    for example in examples:
        if manifest.prompt == "closed-book" and example.abstain:
            left_out.append(example.id)
            continue
        if manifest.prompt == "grounded" and not example.passages and not example.abstain:
            raise DataFormatError(
                f"example {example.id}: no passages, and a grounded reader learns from passages; "
                "train a closed-book reader on such rows (--set prompt=closed-book)"
            )
        try:
            prompt = manifest.build_input(example.question, [p.text for p in example.passages], count_tokens)
        except QuestionError as error:
            raise DataFormatError(f"example {example.id}: {error}") from None
        target = _target(example, prompt.included, manifest)
        if target is None:
            left_out.append(example.id)
            continue
        inputs.append(prompt.text)
        targets.append(target)
        names.append(example.id)
    rows = [
        Row(np.array(source, dtype=np.int32), np.array(label, dtype=np.int32))
        for source, label in zip(_encode(tokenizer, inputs), _encode(tokenizer, targets), strict=True)
    ]
    _check_targets(rows, names, manifest.max_new_tokens)
    return EncodedExamples(FixedRows(rows), tuple(targets), tuple(left_out))


def _target(example: Example, included: Sequence[int], manifest: ReaderManifest) -> str | None:
    """Return the target with its marks as the prompt numbers the passages, None if one is cut."""
    if manifest.prompt == "closed-book":
        return strip_marks(example.target)
    if example.abstain:
        return example.target or ABSTENTION
    marks = parse_marks(example.target)
    beyond = [mark for mark in marks if not 1 <= mark <= len(example.passages)]
    if beyond:
        raise DataFormatError(
            f"example {example.id}: its target cites [{beyond[0]}] of {len(example.passages)} passages"
        )
    renumbered = {position + 1: number for number, position in enumerate(included, start=1)}
    if any(mark not in renumbered for mark in marks):
        return None
    return _MARK.sub(lambda mark: f"[{renumbered[int(mark[1])]}]", example.target)


def _encode(tokenizer: Callable[..., Any], texts: list[str]) -> list[list[int]]:
    ids: list[list[int]] = tokenizer(texts, verbose=False)["input_ids"] if texts else []
    return ids


def _check_targets(rows: Sequence[Row], names: Sequence[str], limit: int) -> None:
    too_long = [
        (len(row.labels), name) for row, name in zip(rows, names, strict=True) if len(row.labels) > limit
    ]
    if too_long:
        longest, name = max(too_long)
        raise DataFormatError(
            f"{len(too_long)} of {len(rows)} targets are longer than output_tokens {limit} "
            f"(example {name}: {longest}); nothing is cut, so set output_tokens={longest} or drop them"
        )
