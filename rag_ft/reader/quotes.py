"""The reader that needs no training: the verbatim sentences that best answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag_ft.reader import Fit
from rag_ft.retrieval.encoder import Encoder
from rag_ft.schema import Candidate, Passage
from rag_ft.sentences import split_sentences

# Chosen on development questions; `docs/quotes.md` has what was tried.
SIMILARITY_WEIGHT = 0.6
COVERAGE_WEIGHT = 0.4
RANK_WEIGHT = 0.03

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9‑'-]*|\d[\d,.]*\d|\d")
_STOP = frozenset(
    "a an and any are as at be been by can could did do does for from had has have how if in is it its "
    "may must no not of on or other shall should that the their them there these they this to under up "
    "was were what when where which who whom whose will with would you your i we my our me "
    "much many long mean means say says".split()
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a passage, with the words that lead it in where it is a limb."""

    position: int
    text: str


class QuoteReader:
    """Answers with the sentences nearest to the question in meaning and in words."""

    name = "quotes"

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def fit(self, question: str, passages: Sequence[Passage]) -> Fit:  # noqa: ARG002  the Protocol asks
        """Every passage fits: quotes have no input budget."""
        return Fit(tuple(passages), ())

    def propose(
        self, question: str, passages: Sequence[Passage], n: int, suppress: Sequence[str] = ()
    ) -> list[Candidate]:
        """Return the `n` best quotes, each with its mark; a score is in 0 to about 1."""
        quotes = [
            quote
            for position, passage in enumerate(passages)
            for quote in passage_quotes(passage, position)
            if not any(name in quote.text for name in suppress)
        ]
        if not quotes:
            return []
        headers = [_header(passage) for passage in passages]
        scores = self._scores(question, quotes, headers)
        order = sorted(range(len(quotes)), key=lambda i: (-scores[i], quotes[i].position, i))
        return [
            Candidate(f"{quotes[i].text} [{quotes[i].position + 1}]", float(scores[i]), "quote")
            for i in order[:n]
        ]

    def _scores(self, question: str, quotes: Sequence[Quote], headers: Sequence[str]) -> list[float]:
        texts = [f"{headers[quote.position]}: {quote.text}" for quote in quotes]
        vectors = self._encoder.encode([question, *texts])
        similarity = vectors[1:] @ vectors[0]
        wanted = content_words(question)
        coverage = [len(wanted & content_words(text)) / max(len(wanted), 1) for text in texts]
        rank = np.array([quote.position for quote in quotes], dtype=np.float32)
        scores = SIMILARITY_WEIGHT * similarity + COVERAGE_WEIGHT * np.array(coverage) - RANK_WEIGHT * rank
        return [float(score) for score in scores]


def passage_quotes(passage: Passage, position: int = 0) -> list[Quote]:
    """Cut a passage into quotes; a limb is quoted with the words that lead it in.

    A lead-in alone ("A bank must, when:") says nothing, so it is no quote of its own.
    """
    quotes: list[Quote] = []
    lead_in = ""
    for part in _parts(passage):
        sentences = [part[span.start : span.end] for span in split_sentences(part)]
        for number, sentence in enumerate(sentences):
            joins = bool(lead_in) and number == 0
            text = f"{lead_in} {sentence}" if joins else sentence
            if number == len(sentences) - 1 and sentence.rstrip().endswith((":", "—", "–", "-")):
                lead_in = text
                continue
            quotes.append(Quote(position, " ".join(text.split())))
    if not quotes and lead_in:
        quotes.append(Quote(position, " ".join(lead_in.split())))
    return quotes


def content_words(text: str) -> frozenset[str]:
    """Return the stems of the words that carry meaning, case folded."""
    return frozenset(_stem(word.casefold()) for word in _WORD.findall(text) if word.casefold() not in _STOP)


def _parts(passage: Passage) -> list[str]:
    parts: list[str] = []
    offset = 0
    for span in passage.spans:
        length = span.end - span.start
        parts.append(passage.text[offset : offset + length])
        offset += length + 1
    return parts


def _header(passage: Passage) -> str:
    info = passage.document
    return " ".join(word for word in (info.title, passage.heading) if word)


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
