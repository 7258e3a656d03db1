"""What of a passage is embedded: its words, with where it stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag_ft.schema import Passage

CountTokens = Callable[[Sequence[str]], list[int]]

# Tokens that chunking leaves free for the context; what needs more is shortened.
CONTEXT_TOKENS = 32
# What chunking joins the headings above a paragraph by.
_HEADING_SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class EmbeddingInput:
    """A text as it goes to the encoder, and its length there in tokens."""

    text: str
    n_tokens: int


def passage_budget(max_tokens: int) -> int:
    """Return how many tokens a passage may have so that its context fits the encoder too."""
    return max(max_tokens - CONTEXT_TOKENS, max_tokens // 2)


def passage_context(passage: Passage) -> str:
    """Say where a passage stands: title of its document, with the number of a notice, and its heading.

    Short, because every passage pays for it: parts and divisions above the nearest heading
    and the codes of Acts took 13% of all tokens and found no more (dense search over the
    MAS documents, gold in the first 10 of 25: 21 without them, 19 with them).
    """
    info = passage.document
    named = info.number and info.number not in info.title and info.kind not in ("act", "regulations")
    name = f"{info.number} {info.title}" if named else info.title
    heading = passage.heading.rsplit(_HEADING_SEPARATOR, 1)[-1]
    return f"{name}. {heading}" if heading else name


def passage_input(passage: Passage) -> str:
    """Return the whole text that is embedded for a passage, before any shortening."""
    return f"{passage_context(passage)}\n{passage.text}"


def fitted_inputs(
    passages: Sequence[Passage], count_tokens: CountTokens, max_tokens: int
) -> list[EmbeddingInput]:
    """Return what is embedded for each passage; where it is too long the context gives way.

    The passage's own words are never shortened; where they alone exceed `max_tokens`
    (chunking keeps them below), `n_tokens` says so.
    """
    texts = [passage_input(passage) for passage in passages]
    lengths = count_tokens(texts)
    return [
        EmbeddingInput(text, length)
        if length <= max_tokens
        else _shortened(passage, count_tokens, max_tokens)
        for passage, text, length in zip(passages, texts, lengths, strict=True)
    ]


def _shortened(passage: Passage, count_tokens: CountTokens, max_tokens: int) -> EmbeddingInput:
    context = passage_context(passage).split()
    texts = [f"{' '.join(context[:kept])}\n{passage.text}" for kept in range(len(context) - 1, 0, -1)]
    texts.append(passage.text)
    lengths = count_tokens(texts)
    for text, length in zip(texts, lengths, strict=True):
        if length <= max_tokens:
            return EmbeddingInput(text, length)
    return EmbeddingInput(texts[-1], lengths[-1])


def lexical_text(passage: Passage) -> str:
    """Return the words of a passage that BM25 counts: its text, label, heading and document."""
    info = passage.document
    return "\n".join((info.number or "", info.title, passage.heading, passage.label, passage.text))
