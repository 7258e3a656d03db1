"""A candidate judged: its marks mended, every check made, and what its score is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag_ft.grounding import Aliases, fail_closed, repair_citations, verify, weakest_support
from rag_ft.institutions import Institution
from rag_ft.pipeline.asked_for import check_asked, gives_figure
from rag_ft.pipeline.scoring import Features
from rag_ft.prompts import one_line, parse_marks, strip_marks
from rag_ft.reader.quotes import QuoteReader
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.retrieval.words import stems
from rag_ft.schema import Candidate, DocumentInfo, Hit, Passage, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its verdicts; `confidence` is None where a check failed."""

    candidate: Candidate
    verdicts: tuple[Verdict, ...]
    features: Features | None
    confidence: float | None = None

    @property
    def is_grounded(self) -> bool:
        """Whether every check passed."""
        return bool(self.verdicts) and all(verdict.ok for verdict in self.verdicts)

    @property
    def ungrounded_names(self) -> tuple[str, ...]:
        """The names that no cited passage has."""
        failed = (v.claim for v in self.verdicts if v.kind == "institution" and not v.ok)
        return tuple(dict.fromkeys(failed))


@dataclass(frozen=True, slots=True)
class Bench:
    """What candidates are judged against: the question, what was found, and what was offered.

    `passages` are those that the reader was given, in the order of their marks.
    """

    question: str
    hits: Sequence[Hit]
    passages: Sequence[Passage]
    aliases: Aliases
    as_of: date | None
    institutions: Sequence[Institution]
    documents: Sequence[DocumentInfo]
    quotes: QuoteReader

    def judge(self, candidate: Candidate, index: PassageIndex, quotes: Sequence[Candidate]) -> Judged:
        """Mend a candidate's marks, check it, and take its features where every check passes."""
        said = one_line(candidate.text)
        text = repair_citations(self.question, said, self.passages, self.aliases, self.institutions)
        mended = replace(candidate, text=text)
        verdicts = verify(
            self.question,
            text,
            self.passages,
            self.aliases,
            as_of=self.as_of,
            institutions=self.institutions,
            documents=self.documents,
        )
        asked = fail_closed(text, lambda: check_asked(self.question, strip_marks(text), self.cited(mended)))
        judged = Judged(mended, (*verdicts, *asked), None)
        if not judged.is_grounded:
            return judged
        return replace(judged, features=self._features(mended, index, quotes))

    def _features(self, candidate: Candidate, index: PassageIndex, quotes: Sequence[Candidate]) -> Features:
        cited = self.cited(candidate)
        wanted = {stem: index.rarity(stem) for stem in stems(self.question)}
        ranks: Mapping[str, Hit] = {hit.passage.id: hit for hit in self.hits}
        hits = [ranks[passage.id] for passage in cited if passage.id in ranks]
        from_reader = candidate.origin == "reader"
        quoted = {passage.id for quote in quotes[:1] for passage in self.cited(quote)}
        marks = parse_marks(candidate.text)
        elsewhere = [quote.score for quote in quotes if parse_marks(quote.text) != marks]
        words = [f"{p.document.title} {p.document.number or ''} {p.heading} {p.text}" for p in cited]
        said = strip_marks(candidate.text)
        likeness = self.quotes.rate(self.question, said, cited) if from_reader else candidate.score
        return Features(
            from_reader=float(from_reader),
            reader_score=candidate.score if from_reader else 0.0,
            likeness=likeness,
            lead=likeness - max(elsewhere, default=0.0),
            support=weakest_support(self.question, candidate.text, self.passages, self.aliases),
            coverage=_share(wanted, " ".join(words)),
            focus=_share(wanted, said),
            dense=max((hit.stages.dense or 0.0 for hit in hits), default=0.0),
            rank=max((1.0 / hit.rank for hit in hits), default=0.0),
            agreement=float(any(passage.id in quoted for passage in cited)),
            figure=gives_figure(self.question, said),
        )

    def cited(self, candidate: Candidate) -> list[Passage]:
        """Give the passages that a candidate cites, each once, in the order of its marks."""
        marks = parse_marks(candidate.text)
        return [self.passages[mark - 1] for mark in marks if 1 <= mark <= len(self.passages)]


def _share(wanted: Mapping[str, float], text: str) -> float:
    whole = sum(wanted.values())
    held = set(stems(text))
    return sum(weight for stem, weight in wanted.items() if stem in held) / whole if whole else 0.0
