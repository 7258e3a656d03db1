"""T5's span corruption: running text with spans cut out, to be filled in (arXiv 1910.10683, 3.1.4)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import DataFormatError
from rag_ft.training.encoding import FixedRows, Row, Tokens
from rag_ft.training.model import Tokenizer


def noise_mask(length: int, density: float, mean_span: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Draw which tokens are cut out: spans of random length, kept text first, noise last.

    The number of tokens and of spans is fixed by the length; only where they lie is drawn
    (`random_spans_noise_mask` of google-research/text-to-text-transfer-transformer).

    Args:
        length: Tokens, at least 2.
        density: The share of tokens that is cut out.
        mean_span: The mean length of a span, in tokens.
        rng: Draws the spans.

    Returns:
        `(length,) bool`, true where a token is cut out.
    """
    noise, spans = _noise_and_spans(length, density, mean_span)
    kept_lengths = _parts(length - noise, spans, rng)
    noise_lengths = _parts(noise, spans, rng)
    lengths = np.stack([kept_lengths, noise_lengths], axis=1).reshape(-1)
    return np.repeat(np.arange(2 * spans) % 2 == 1, lengths)


def corrupt(tokens: Tokens, mask: NDArray[np.bool_], sentinels: Sequence[int], end: int) -> Row:
    """Cut the masked spans out: a sentinel stands for each in the input and before it in the target."""
    return Row(_with_sentinels(tokens, mask, sentinels, end), _with_sentinels(tokens, ~mask, sentinels, end))


def raw_length(input_tokens: int, density: float, mean_span: float) -> int:
    """Return how many tokens of text give an input of at most `input_tokens`, end token included."""
    length = 2
    while _input_length(length + 1, density, mean_span) <= input_tokens:
        length += 1
    return length


class CorruptedRows:
    """Chunks of running text, corrupted anew in every epoch, the same for a seed."""

    def __init__(
        self, chunks: NDArray[np.int32], density: float, mean_span: float, tokenizer: Tokenizer, seed: int
    ) -> None:
        """Keep the chunks, `(n_chunks, tokens) int32`.

        Raises:
            DataFormatError: the vocabulary has too few sentinels for the spans of a chunk.
        """
        self._chunks, self._density, self._mean_span, self._seed = chunks, density, mean_span, seed
        self._sentinels, self._end = sentinel_ids(tokenizer), int(tokenizer.eos_token_id)
        length = chunks.shape[1]
        spans = _noise_and_spans(length, density, mean_span)[1]
        if spans > len(self._sentinels):
            raise DataFormatError(
                f"input_tokens: a chunk of {length} tokens has {spans} spans and the vocabulary "
                f"{len(self._sentinels)} sentinels: lower input_tokens or raise mean_span"
            )
        self.input_lengths = np.full(len(chunks), _input_length(length, density, mean_span), dtype=np.int64)

    def __len__(self) -> int:
        return len(self._chunks)

    def __getitem__(self, position: int) -> Row:
        epoch, row = divmod(position, len(self._chunks))
        rng = np.random.default_rng((self._seed, epoch, row))
        chunk = self._chunks[row]
        return corrupt(
            chunk, noise_mask(len(chunk), self._density, self._mean_span, rng), self._sentinels, self._end
        )

    def fixed(self) -> FixedRows:
        """Return the rows as the first epoch has them, for held-out text."""
        return FixedRows([self[row] for row in range(len(self))])


def sentinel_ids(tokenizer: Tokenizer) -> list[int]:
    """Return the ids of `<extra_id_0>`, `<extra_id_1>`, ... as far as the vocabulary goes."""
    vocabulary = tokenizer.get_vocab()
    found: list[int] = []
    while f"<extra_id_{len(found)}>" in vocabulary:
        found.append(int(vocabulary[f"<extra_id_{len(found)}>"]))
    return found


def _noise_and_spans(length: int, density: float, mean_span: float) -> tuple[int, int]:
    noise = min(max(round(length * density), 1), length - 1)
    return noise, min(max(round(noise / mean_span), 1), length - noise)


def _input_length(length: int, density: float, mean_span: float) -> int:
    noise, spans = _noise_and_spans(length, density, mean_span)
    return length - noise + spans + 1


def _parts(total: int, parts: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Divide `total` into `parts` lengths of at least 1, every division as likely as another."""
    ends = np.sort(rng.choice(total - 1, parts - 1, replace=False)) + 1
    return np.diff(np.concatenate([[0], ends, [total]]))


def _with_sentinels(tokens: Tokens, mask: NDArray[np.bool_], sentinels: Sequence[int], end: int) -> Tokens:
    starts = mask & ~np.concatenate([[False], mask[:-1]])
    marked = np.where(starts, np.asarray(sentinels, dtype=np.int32)[np.cumsum(starts) - 1], tokens)
    return np.append(marked[~mask | starts], np.int32(end)).astype(np.int32)
