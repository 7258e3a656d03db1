"""From a question to a cited answer: search, propose, verify, select, or abstain."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rag_ft.grounding import Aliases
from rag_ft.institutions import Institution, document_aliases, load_institutions
from rag_ft.pipeline.calibration import DEFAULT_RISK, Threshold, find_threshold
from rag_ft.pipeline.citing import cite, renumber
from rag_ft.pipeline.context import read_beside
from rag_ft.pipeline.judging import Bench, Judged
from rag_ft.pipeline.premises import Premise, find_premises, prove_absence
from rag_ft.pipeline.questions import check_question
from rag_ft.pipeline.scoring import ScoreModel, load_score
from rag_ft.places import CURRENT_READER
from rag_ft.prompts import ABSTENTION, is_abstention
from rag_ft.reader import Fit, GeneratingReader, Reader, load_reader, propose_many
from rag_ft.reader.quotes import QuoteReader
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import (
    Absence,
    AbstentionReason,
    Alias,
    Answer,
    Candidate,
    Hit,
    Passage,
    Question,
    Verdict,
)

CANDIDATES = 4
# How many of the paragraphs found are shown with an abstention.
CLOSEST = 3


@dataclass(frozen=True, slots=True)
class Considered:
    """What asking came to before a threshold is laid on it.

    `judged` is best first: the grounded ones by their confidence, then the others as
    proposed. `declined` tells that the reader's own best was to say that the passages do
    not answer.
    """

    question: str
    hits: tuple[Hit, ...]
    fit: Fit
    judged: tuple[Judged, ...]
    absence: Absence | None
    declined: bool
    timings: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Found:
    """A question with what was found for it, before anything is read."""

    question: str
    as_of: date | None
    hits: tuple[Hit, ...]
    premises: tuple[Premise, ...]
    absence: Absence | None
    fit: Fit
    timings: dict[str, float]


class Pipeline:
    """Asks an index through a reader; without one, it answers in verbatim quotes.

    Args:
        index: the index, open.
        reader: proposes answers; by default verbatim quotes are the only candidates.
        score: estimates which grounded candidate is right; by default the shipped one.
        risk: the highest rate of misleading answers accepted, over all questions asked.
        institutions: a person's own list of names, beyond those known.
    """

    def __init__(
        self,
        index: PassageIndex,
        reader: Reader | None = None,
        *,
        score: ScoreModel | None = None,
        risk: float = DEFAULT_RISK,
        institutions: Sequence[Institution] = (),
    ) -> None:
        self.index = index
        self.quotes = QuoteReader(index.encoder, index.rarity)
        self.reader: Reader = reader or self.quotes
        self.score = score or load_score()
        self.threshold: Threshold = find_threshold(self.score.outcomes, risk)
        self.institutions = tuple(institutions)
        self._documents = tuple(index.documents())
        self._known_aliases: dict[str, tuple[Alias, ...]] = {}

    def ask(self, question: str, k: int = 5, as_of: date | None = None, **filters: str) -> Answer:
        """Answer from the `k` best paragraphs, each claim checked against its citation, or abstain.

        Raises:
            QuestionError: the question is empty or longer than 400 words.
        """
        return self.ask_many([Question(question, as_of=as_of)], k, **filters)[0]

    def ask_many(self, questions: Sequence[Question], k: int = 5, **filters: str) -> list[Answer]:
        """Answer questions together: a reader that reads several prompts at once gets them at once.

        Raises:
            QuestionError: a question is empty or longer than 400 words.
        """
        answers = []
        for considered in self.consider_many(questions, k, **filters):
            started = time.perf_counter()
            chosen, reason = self._select(considered)
            answer = self._answered(considered, chosen, reason)
            timings = {**considered.timings, "select": time.perf_counter() - started}
            answers.append(replace(answer, timings=timings))
        return answers

    def consider(self, question: str, k: int = 5, as_of: date | None = None, **filters: str) -> Considered:
        """Search, propose and verify; which candidate is good enough is left to the caller."""
        return self.consider_many([Question(question, as_of=as_of)], k, **filters)[0]

    def consider_many(self, questions: Sequence[Question], k: int = 5, **filters: str) -> list[Considered]:
        """Search, propose and verify for several questions."""
        found = [self._find(each, k, filters) for each in questions]
        started = time.perf_counter()
        proposed = self._propose([(each.question, each.fit.included) for each in found])
        read = (time.perf_counter() - started) / max(1, len(found))
        return [self._consider(each, own, read) for each, own in zip(found, proposed, strict=True)]

    def _find(self, question: Question, k: int, filters: dict[str, str]) -> _Found:
        text = check_question(question.question)
        started = time.perf_counter()
        hits = tuple(self.index.search(text, k=k, as_of=question.as_of, **filters))
        searched = time.perf_counter()
        passages = [hit.passage for hit in hits]
        premises = find_premises(text, self.institutions)
        absence = self._absence(premises, passages)
        fit = self.reader.fit(text, passages) if absence is None else Fit((), tuple(passages))
        timings = {"search": searched - started, "premises": time.perf_counter() - searched}
        return _Found(text, question.as_of, hits, premises, absence, fit, timings)

    def _propose(self, asked: Sequence[tuple[str, Sequence[Passage]]]) -> list[list[Candidate]]:
        """Propose for each question: the reader's n best, then quotes; nothing without passages."""
        reading = [(question, passages) for question, passages in asked if passages]
        read = iter(propose_many(self.reader, reading, CANDIDATES))
        proposed = []
        for question, passages in asked:
            own = next(read) if passages else []
            if passages and self.reader is not self.quotes:
                own = own + self.quotes.propose(question, passages, CANDIDATES)
            proposed.append(own)
        return proposed

    def _consider(self, found: _Found, candidates: Sequence[Candidate], read: float) -> Considered:
        started = time.perf_counter()
        declined = bool(candidates) and candidates[0].origin == "reader" and is_abstention(candidates[0].text)
        passages = found.fit.included
        bench = Bench(
            found.question,
            found.hits,
            passages,
            self._aliases(passages),
            found.as_of,
            self.institutions,
            self._documents,
            self.quotes,
        )
        judged = () if declined else self._judge(bench, candidates, found.premises)
        timings = {**found.timings, "read": read, "verify": time.perf_counter() - started}
        return Considered(found.question, found.hits, found.fit, judged, found.absence, declined, timings)

    def _judge(
        self, bench: Bench, candidates: Sequence[Candidate], premises: Sequence[Premise]
    ) -> tuple[Judged, ...]:
        """Judge every candidate; where no answer of the reader stands, ask it again without the names."""
        quotes = [each for each in candidates if each.origin == "quote"]
        judged = [
            self._judged(bench, each, quotes, premises) for each in candidates if not is_abstention(each.text)
        ]
        read = [each for each in judged if each.candidate.origin == "reader"]
        names = tuple(dict.fromkeys(name for each in read for name in each.ungrounded_names))
        if names and not any(each.is_grounded for each in read):
            again = self.reader.propose(bench.question, bench.passages, CANDIDATES, suppress=names)
            judged += [
                self._judged(bench, each, quotes, premises) for each in again if not is_abstention(each.text)
            ]
        return self._ranked(judged)

    def _ranked(self, judged: Sequence[Judged]) -> tuple[Judged, ...]:
        """Put the surest first; equals stay in the order in which they were proposed.

        A score that was fitted on another reader knows nothing of this one's own order, so
        that of its answers only the first that stands is weighed against the quotes.
        """
        ranked = sorted(judged, key=lambda each: _surety(each.confidence), reverse=True)
        if self.score.reader == self.reader.name:
            return tuple(ranked)
        stand = [each for each in judged if each.candidate.origin == "reader" and each.confidence is not None]
        later = {id(each) for each in stand[1:]}
        return tuple(sorted(ranked, key=lambda each: id(each) in later))

    def _judged(
        self, bench: Bench, candidate: Candidate, quotes: Sequence[Candidate], premises: Sequence[Premise]
    ) -> Judged:
        judged = bench.judge(candidate, self.index, quotes)
        if judged.features is None:
            return judged
        cited = bench.cited(judged.candidate)
        for premise in premises:
            if premise.kind != "name" and not any(self._holds(premise, passage) for passage in cited):
                said = "the question names it and no cited passage does"
                failed = Verdict("institution", premise.text, ok=False, evidence=said)
                return replace(judged, verdicts=(*judged.verdicts, failed), features=None)
        return replace(judged, confidence=self.score.score(judged.features))

    def _select(self, considered: Considered) -> tuple[Judged | None, AbstentionReason | None]:
        """Take the surest grounded candidate, if it is sure enough."""
        if considered.absence is not None:
            return None, "not_named"
        if considered.declined or not considered.judged:
            return None, "not_found"
        best = considered.judged[0]
        if best.confidence is None:
            return None, "not_grounded"
        return (best, None) if best.confidence >= self.threshold.value else (None, "low_confidence")

    def _answered(
        self, considered: Considered, chosen: Judged | None, reason: AbstentionReason | None
    ) -> Answer:
        judged = chosen or (considered.judged[0] if considered.judged else None)
        text, citations = renumber(chosen.candidate, considered.fit.included) if chosen else (ABSTENTION, ())
        passages = {hit.passage.id: hit.passage for hit in considered.hits}
        quoted = chosen is not None and chosen.candidate.origin == "quote"
        return Answer(
            question=considered.question,
            text=text,
            abstained=chosen is None,
            reason=reason,
            citations=citations,
            closest=() if chosen else tuple(cite(0, hit.passage) for hit in considered.hits[:CLOSEST]),
            absence=considered.absence,
            verdicts=judged.verdicts if judged else (),
            reader=self.quotes.name if quoted else self.reader.name,
            index_generation=self.index.generation,
            notes=(*_left_out_note(considered), *self._reader_notes(), *self._calibration_note()),
            confidence=judged.confidence if judged else None,
            beside=tuple(
                beside
                for citation in citations
                for beside in read_beside(citation.mark, passages[citation.passage_id], self.index)
            ),
            engine=self.reader.engine if isinstance(self.reader, GeneratingReader) else "",
        )

    def _absence(self, premises: Sequence[Premise], found: Sequence[Passage]) -> Absence | None:
        """Prove that something named stands nowhere, where no paragraph found holds it."""
        open_ = [each for each in premises if not any(self._holds(each, passage) for passage in found)]
        if not open_:
            return None
        return prove_absence(open_, self.index, self._aliases_of, self.institutions)

    def _holds(self, premise: Premise, passage: Passage) -> bool:
        return premise.is_held_by(passage, self._aliases_of(passage.document.id), self.institutions)

    def _aliases_of(self, document: str) -> tuple[Alias, ...]:
        if document not in self._known_aliases:
            self._known_aliases[document] = document_aliases(self.index.document(document))
        return self._known_aliases[document]

    def _aliases(self, passages: Sequence[Passage]) -> Aliases:
        return {passage.document.id: self._aliases_of(passage.document.id) for passage in passages}

    def _reader_notes(self) -> tuple[str, ...]:
        return self.reader.notes if isinstance(self.reader, GeneratingReader) else ()

    def _calibration_note(self) -> tuple[str, ...]:
        notes = [] if self.threshold.is_promised else [self.threshold.describe()]
        if self.score.reader != self.reader.name:
            notes.append(
                f"confidence was calibrated on {self.score.reader}, not on {self.reader.name}: "
                f"`ragft calibrate QUESTIONS --reader {self.reader.name}` fits it"
            )
        return tuple(notes)


def _surety(confidence: float | None) -> float:
    return -1.0 if confidence is None else confidence


def open_index(index_dir: Path) -> PassageIndex:
    """Open an index with the encoder that made it; no download is made."""
    return PassageIndex.load(index_dir)


def open_pipeline(
    index_dir: Path,
    reader: str | None = None,
    *,
    risk: float = DEFAULT_RISK,
    score: Path | None = None,
    institutions: Path | None = None,
) -> Pipeline:
    """Open an index and the reader named, else the one a training run promoted, else quotes.

    Args:
        index_dir: folder of the index.
        reader: reader folder, hub id, or "quotes".
        risk: the highest rate of misleading answers accepted.
        score: a file that `ragft calibrate` wrote; by default the shipped one.
        institutions: a file of names, one a line, or a CSV.

    Raises:
        IndexNotFoundError: there is no index yet.
        ModelUnavailableError: the reader or the encoder cannot be loaded.
        PathNotFoundError, DataFormatError: the score file or the list cannot be read.
    """
    own = load_institutions(institutions) if institutions else ()
    model = load_score(score) if score else None
    index = open_index(index_dir)
    return Pipeline(index, open_reader(reader), score=model, risk=risk, institutions=own)


def open_reader(name: str | None = None) -> Reader | None:
    """Open the reader named, else the one a training run promoted; None is for quotes.

    Raises:
        ModelUnavailableError: the reader cannot be loaded.
    """
    if name is None and CURRENT_READER.is_file():
        name = CURRENT_READER.read_text(encoding="utf-8").strip()
    return load_reader(name) if name and name != QuoteReader.name else None


def _left_out_note(considered: Considered) -> tuple[str, ...]:
    """Name the passages that did not fit; of a false premise nothing is read at all."""
    if not considered.fit.left_out or considered.absence is not None:
        return ()
    labels = "; ".join(
        f"{passage.document.number or passage.document.title}, {passage.label}"
        for passage in considered.fit.left_out
    )
    return (f"not read, for want of room in the reader's input: {labels}",)
