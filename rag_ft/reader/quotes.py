"""The reader that needs no training: the verbatim sentences that best answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rag_ft.prompts import neutralise
from rag_ft.reader import Fit
from rag_ft.retrieval.encoder import Encoder
from rag_ft.retrieval.words import stems
from rag_ft.schema import Candidate, Passage
from rag_ft.sentences import split_sentences

# Chosen on development questions; `docs/answers.md` says how.
SIMILARITY_WEIGHT = 0.6
COVERAGE_WEIGHT = 0.4
RANK_WEIGHT = 0.01
NEIGHBOUR_MARGIN = 0.06
LONGEST_ANSWER_WORDS = 90
# A title or a heading that repeats the question's words answers nothing.
SHORTEST_QUOTE_WORDS = 5


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a passage, with the words that lead it in where it is a limb."""

    position: int
    text: str
    is_limb: bool = False


class QuoteReader:
    """Answers with the sentences nearest to the question in meaning and in words."""

    name = "quotes"

    def __init__(self, encoder: Encoder, rarity: Callable[[str], float] = lambda _stem: 1.0) -> None:
        self._encoder = encoder
        self._rarity = rarity

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
            if len(quote.text.split()) >= SHORTEST_QUOTE_WORDS
            and not any(name in quote.text for name in suppress)
        ]
        if not quotes:
            return []
        headers = [_header(passage) for passage in passages]
        scores = self._scores(question, quotes, headers)
        candidates: list[Candidate] = []
        used: set[int] = set()
        for best in sorted(range(len(quotes)), key=lambda i: (-scores[i], i)):
            if best in used or len(candidates) == n:
                continue
            run = _neighbours(best, quotes, scores, used)
            used.update(run)
            # Each sentence carries the mark, so that each can be checked by itself.
            text = " ".join(f"{neutralise(quotes[i].text)} [{quotes[i].position + 1}]" for i in run)
            candidates.append(Candidate(text, scores[best], "quote"))
        return candidates

    def rate(self, question: str, text: str, cited: Sequence[Passage]) -> float:
        """Score any answer as a quote of the passages that it cites would be, 0 to about 1."""
        headers = [" ".join(_header(passage) for passage in cited)]
        return self._scores(question, [Quote(0, text)], headers)[0]

    def _scores(self, question: str, quotes: Sequence[Quote], headers: Sequence[str]) -> list[float]:
        vectors = self._encoder.encode([question, *(quote.text for quote in quotes)])
        similarity = vectors[1:] @ vectors[0]
        wanted = {stem: self._rarity(stem) for stem in stems(question)}
        whole = sum(wanted.values()) or 1.0
        # A title's or heading's words count too: a rule on "banks" need not repeat the word.
        held = [set(stems(f"{headers[quote.position]} {quote.text}")) for quote in quotes]
        # In the question's order: a sum in a set's order differs in its last digit from run to run.
        coverage = [sum(rare for stem, rare in wanted.items() if stem in words) / whole for words in held]
        rank = np.array([quote.position for quote in quotes], dtype=np.float32)
        scores = SIMILARITY_WEIGHT * similarity + COVERAGE_WEIGHT * np.array(coverage) - RANK_WEIGHT * rank
        return [float(score) for score in scores]


def passage_quotes(passage: Passage, position: int = 0) -> list[Quote]:
    """Cut a passage into quotes; a limb is quoted with the words that lead it in.

    A lead-in alone ("A bank must, when:") says nothing, so it is no quote of its own.
    """
    quotes: list[Quote] = []
    lead_in = ""
    for part in passage.slices:
        sentences = [part[span.start : span.end] for span in split_sentences(part)]
        for number, sentence in enumerate(sentences):
            joins = bool(lead_in) and number == 0
            text = f"{lead_in} {sentence}" if joins else sentence
            if number == len(sentences) - 1 and sentence.rstrip().endswith((":", "—", "–", "-")):
                lead_in = text
                continue
            quotes.append(Quote(position, " ".join(text.split()), is_limb=joins))
    if not quotes and lead_in:
        quotes.append(Quote(position, " ".join(lead_in.split())))
    return quotes


def _neighbours(best: int, quotes: Sequence[Quote], scores: Sequence[float], used: set[int]) -> range:
    """Return the best quote with the one beside it, where that answers almost as well.

    A rule and its condition often stand in two sentences of one paragraph.
    """
    beside = [
        i
        for i in (best - 1, best + 1)
        if 0 <= i < len(quotes)
        and i not in used
        and quotes[i].position == quotes[best].position
        and not quotes[i].is_limb
        and not quotes[best].is_limb
        and scores[i] >= scores[best] - NEIGHBOUR_MARGIN
        and len(quotes[i].text.split()) + len(quotes[best].text.split()) <= LONGEST_ANSWER_WORDS
    ]
    if not beside:
        return range(best, best + 1)
    other = max(beside, key=lambda i: (scores[i], -i))
    return range(min(best, other), max(best, other) + 1)


def _header(passage: Passage) -> str:
    info = passage.document
    return " ".join(word for word in (info.title, passage.heading) if word)
