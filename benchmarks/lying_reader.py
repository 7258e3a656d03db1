"""What gets through from a reader built to lie.

    python benchmarks/lying_reader.py --index index/primer --questions data/eval/primer.jsonl

The liar takes the best quotes of each question and returns them fluent and cited, with an
institution swapped for a near miss or another one, a figure changed in value or unit, or a
"not" put in or left out. Counted is how many of its answers pass every check, and how many
leave the pipeline as an answer. The honest quotes are counted beside them.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rag_ft.grounding import find_figures, verify
from rag_ft.institutions import KNOWN_INSTITUTIONS, MAS, document_aliases, find_institutions
from rag_ft.pipeline import Pipeline, open_index
from rag_ft.question_rows import load_questions
from rag_ft.reader import Fit
from rag_ft.reader.quotes import QuoteReader
from rag_ft.schema import Candidate, Passage

NEAR_MISSES = (
    "Central Bank of Singapore",
    "Monetary Authority of Scotland",
    "MAS Bank",
    "Singapore Monetary Board",
)
FLIPS = (
    (r"\b(must|shall|may) not\b", "may"),
    (r"\bneed not\b", "must"),
    (r"\b(must|shall)\b", "need not"),
    (r"\bmay\b", "may not"),
    (r"\bis not\b", "is"),
    (r"\bis\b", "is not"),
    (r"\bare\b", "are not"),
)


class LyingReader:
    """Returns the best quotes with one lie of a kind in each."""

    name = "liar"

    def __init__(self, quotes: QuoteReader, kind: str, seed: int) -> None:
        self._quotes, self._kind, self._random = quotes, kind, random.Random(seed)  # noqa: S311  no secret

    def fit(self, question: str, passages: list[Passage]) -> Fit:
        """Every passage fits."""
        return self._quotes.fit(question, passages)

    def propose(
        self, question: str, passages: list[Passage], n: int, suppress: tuple[str, ...] = ()
    ) -> list[Candidate]:
        """Give up to `n` quotes with a lie in each."""
        lies = []
        for quote in self._quotes.propose(question, passages, 2 * n):
            lie = self.lie(quote.text)
            if lie and not any(name in lie for name in suppress):
                lies.append(Candidate(lie, -0.1, "reader"))
        return lies[:n]

    def lie(self, text: str) -> str | None:
        """Put a lie of the kind into a text, None where it holds nothing to lie about."""
        return {
            "institution": self._swap,
            "near miss": self._near_miss,
            "figure": self._figure,
            "negation": self._flip,
        }[self._kind](text)

    def _swap(self, text: str) -> str | None:
        # Under another name the same institution is no lie.
        named = {each.name for each in find_institutions(text)}
        others = [
            each.name for each in KNOWN_INSTITUTIONS if each.name not in named and each.name != MAS.name
        ]
        return self._rename(text, self._random.choice(others))

    def _near_miss(self, text: str) -> str | None:
        return self._rename(text, self._random.choice(NEAR_MISSES))

    def _rename(self, text: str, name: str) -> str | None:
        named = [m for m in find_institutions(text) if m.kind != "document" and not m.in_document]
        if not named:
            return None
        mention = self._random.choice(named)
        return text[: mention.span.start] + name + text[mention.span.end :]

    def _figure(self, text: str) -> str | None:
        marks = [match.span() for match in re.finditer(r"\[\d+\]", text)]
        figures = [
            figure
            for figure in find_figures(text)
            if figure.kind in {"amount", "percent", "period", "count"}
            and not any(start <= figure.span.start < end for start, end in marks)
        ]
        if not figures:
            return None
        figure = self._random.choice(figures)
        changed = re.sub(r"\d+", lambda m: str(int(m.group()) * 3 + 1), figure.text, count=1)
        for unit, other in (("year", "month"), ("month", "day"), ("day", "week"), ("million", "billion")):
            if changed == figure.text and unit in changed:
                changed = changed.replace(unit, other)
        if changed == figure.text:
            return None
        return text[: figure.span.start] + changed + text[figure.span.end :]

    def _flip(self, text: str) -> str | None:
        for pattern, other in FLIPS:
            if re.search(pattern, text):
                return re.sub(pattern, other, text, count=1)
        return None


def main() -> None:
    """Print what gets through, by kind of lie."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--risk", type=float, default=0.05)
    parser.add_argument("--show", action="store_true", help="print the lies that pass every check")
    options = parser.parse_args()
    index = open_index(options.index)
    questions = [q.question for q in load_questions(options.questions)]
    honest = Pipeline(index)
    count: Counter[str] = Counter()
    for text, passages in quotes_of(honest, questions):
        count["quotes"] += 1
        count["quotes refused"] += not passes(honest, text, passages)
    print(f"honest quotes: {count['quotes refused']} of {count['quotes']} refused")
    for kind in ("institution", "near miss", "figure", "negation"):
        told = passed = left = asked = 0
        liar = LyingReader(honest.quotes, kind, seed=1)
        pipeline = Pipeline(index, liar, risk=options.risk)
        for question in questions:
            hits = index.search(question, k=5)
            passages = [hit.passage for hit in hits]
            for candidate in liar.propose(question, passages, 4):
                told += 1
                if passes(honest, candidate.text, passages):
                    passed += 1
                    if options.show:
                        print("   passed:", candidate.text)
            answer = pipeline.ask(question)
            asked += 1
            left += not answer.abstained and answer.reader == liar.name
        print(
            f"{kind:12} {passed:4} of {told:4} lies pass every check ({passed / max(1, told):.1%}); "
            f"{left} of {asked} questions answered with one"
        )


def quotes_of(pipeline: Pipeline, questions: list[str]) -> Iterator[tuple[str, list[Passage]]]:
    """Give the quotes that would be proposed, with their passages."""
    for question in questions:
        passages = [hit.passage for hit in pipeline.index.search(question, k=5)]
        for candidate in pipeline.quotes.propose(question, passages, 4):
            yield candidate.text, passages


def passes(pipeline: Pipeline, text: str, passages: list[Passage]) -> bool:
    """Tell whether every check holds."""
    aliases = {p.document.id: document_aliases(pipeline.index.document(p.document.id)) for p in passages}
    return all(v.ok for v in verify("", text, passages, aliases, documents=pipeline.index.documents()))


if __name__ == "__main__":
    main()
