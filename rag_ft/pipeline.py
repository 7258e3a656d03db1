"""From a question to a cited answer: search, propose, verify, select, or abstain."""

import re
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rag_ft.errors import QuestionError
from rag_ft.grounding import verify
from rag_ft.institutions import MAS, find_institutions
from rag_ft.places import CURRENT_READER
from rag_ft.prompts import ABSTENTION, is_abstention, one_line, parse_marks, strip_marks
from rag_ft.reader import Fit, Reader, load_reader
from rag_ft.reader.quotes import QuoteReader
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Absence, AbstentionReason, Alias, Answer, Candidate, Citation, Passage, Verdict

MAX_QUESTION_WORDS = 400
CANDIDATES = 4
# A quote below this score answers something else; chosen on development questions (docs/quotes.md).
MINIMUM_QUOTE_SCORE = 0.49
_NOTICE = re.compile(r"\b(?:Notice|Circular)s? (?:No\.? ?)?(?:[A-Z]{2,5}[-/]?)*[A-Z]?\d+[A-Z]?\b")
_NOTICE_NUMBER = re.compile(r"(?:[A-Z]{2,5}[-/]?)*[A-Z]?\d+[A-Z]?$")


class Pipeline:
    """Asks an index through a reader; without one, it answers in verbatim quotes."""

    def __init__(self, index: PassageIndex, reader: Reader | None = None) -> None:
        self.index = index
        self.quotes = QuoteReader(index.encoder, index.rarity)
        self.reader: Reader = reader or self.quotes
        self._known_aliases: dict[str, tuple[Alias, ...]] = {}

    def ask(self, question: str, k: int = 5, as_of: date | None = None, **filters: str) -> Answer:
        """Answer from the `k` best paragraphs, each claim checked against its citation, or abstain.

        Raises:
            QuestionError: the question is empty or longer than 400 words.
        """
        question = check_question(question)
        clock = time.perf_counter
        started = clock()
        hits = self.index.search(question, k=k, as_of=as_of, **filters)
        searched = clock()
        fit = self.reader.fit(question, [hit.passage for hit in hits])
        candidates = self._propose(question, fit)
        read = clock()
        chosen, verdicts, reason = self._select(question, candidates, fit.included, as_of)
        timings = {"search": searched - started, "read": read - searched, "verify": clock() - read}
        text, citations = renumber(chosen, fit.included) if chosen else (ABSTENTION, ())
        return Answer(
            question=question,
            text=text,
            abstained=chosen is None,
            reason=reason,
            citations=citations,
            closest=tuple(cite(0, hit.passage) for hit in hits[:3]) if chosen is None else (),
            absence=self._absence(question) if reason == "not_named" else None,
            verdicts=verdicts,
            reader=self.quotes.name if chosen and chosen.origin == "quote" else self.reader.name,
            index_generation=self.index.generation,
            timings=timings,
            notes=_left_out_note(fit),
            # A reader's score and a quote's are not on one scale, so only quotes alone are ordered.
            confidence=chosen.score if chosen and self.reader is self.quotes else None,
        )

    def _propose(self, question: str, fit: Fit) -> list[Candidate]:
        if not fit.included:
            return []
        candidates = self.reader.propose(question, fit.included, CANDIDATES)
        if self.reader is not self.quotes:
            candidates += self.quotes.propose(question, fit.included, CANDIDATES)
        return candidates

    def _select(
        self,
        question: str,
        candidates: Sequence[Candidate],
        passages: Sequence[Passage],
        as_of: date | None,
    ) -> tuple[Candidate | None, tuple[Verdict, ...], AbstentionReason | None]:
        """Take the first candidate that every check passes, best first."""
        if not candidates:
            return None, (), "not_found"
        if candidates[0].origin == "reader" and is_abstention(candidates[0].text):
            return None, (), "not_found"
        reason: AbstentionReason = "not_grounded"
        refused: tuple[Verdict, ...] = ()
        for candidate in candidates:
            if is_abstention(candidate.text):
                continue
            if self._unnamed(question, candidate, passages):
                return None, (), "not_named"
            if candidate.origin == "quote" and candidate.score < MINIMUM_QUOTE_SCORE:
                reason = "low_confidence"
                continue
            verdicts = verify(
                question,
                candidate.text,
                passages,
                self._aliases(passages),
                as_of=as_of,
                documents=self.index.documents(),
            )
            if verdicts and all(verdict.ok for verdict in verdicts):
                return candidate, verdicts, None
            refused = refused or tuple(verdicts)
        return None, refused, reason

    def _unnamed(self, question: str, candidate: Candidate, passages: Sequence[Passage]) -> tuple[str, ...]:
        """Return what the question names and neither the cited passages nor their titles do."""
        cited = [passages[mark - 1] for mark in parse_marks(candidate.text) if 0 < mark <= len(passages)]
        aliases = self._aliases(cited)
        return tuple(
            name
            for name in named_things(question)
            if not any(_holds(passage, name, aliases[passage.document.id]) for passage in cited)
        )

    def _aliases(self, passages: Sequence[Passage]) -> dict[str, tuple[Alias, ...]]:
        """Give what the passages' documents define, by document."""
        for document in {passage.document.id for passage in passages} - self._known_aliases.keys():
            self._known_aliases[document] = self.index.document(document).aliases
        return self._known_aliases

    def _absence(self, question: str) -> Absence | None:
        """Look for what the question names in every paragraph; None where all of it is there."""
        sought = dict.fromkeys(named_things(question), 0)
        for passage in self.index.passages():
            aliases = self._aliases([passage])[passage.document.id]
            for name in sought:
                sought[name] += _holds(passage, name, aliases)
        missing = tuple(name for name, found in sought.items() if not found)
        return Absence(missing, len(self.index), self.index.generation) if missing else None


def open_index(index_dir: Path) -> PassageIndex:
    """Open an index with the encoder that made it; no download is made."""
    return PassageIndex.load(index_dir)


def open_pipeline(index_dir: Path, reader: str | None = None) -> Pipeline:
    """Open an index and the reader named, else the one a training run promoted, else quotes.

    Raises:
        IndexNotFoundError: there is no index yet.
        ModelUnavailableError: the reader or the encoder cannot be loaded.
    """
    return Pipeline(open_index(index_dir), open_reader(reader))


def open_reader(name: str | None = None) -> Reader | None:
    """Open the reader named, else the one a training run promoted; None is for quotes.

    Raises:
        ModelUnavailableError: the reader cannot be loaded.
    """
    if name is None and CURRENT_READER.is_file():
        name = CURRENT_READER.read_text(encoding="utf-8").strip()
    return load_reader(name) if name and name != QuoteReader.name else None


def check_question(question: str) -> str:
    """Return the question on one line.

    Raises:
        QuestionError: it is empty, or longer than 400 words.
    """
    folded = one_line(question)
    if not re.search(r"\w", folded):
        raise QuestionError(
            'the question is empty: ask something, as in ragft ask "What does MAS stand for?"'
        )
    words = len(folded.split())
    if words > MAX_QUESTION_WORDS:
        raise QuestionError(
            f"the question has {words:,} words and the most is {MAX_QUESTION_WORDS}: ask a shorter one"
        )
    return folded


def named_things(question: str, aliases: Sequence[Alias] = ()) -> tuple[str, ...]:
    """Return the institutions and the notices that a question names, as it writes them.

    MAS itself is left out: every document here is about it.
    """
    mentions = [
        mention.text
        for mention in find_institutions(question, aliases=aliases)
        if mention.kind not in ("role", "document") and not mention.in_document and mention.name != MAS.name
    ]
    return tuple(dict.fromkeys(mentions + _NOTICE.findall(question)))


def renumber(candidate: Candidate, passages: Sequence[Passage]) -> tuple[str, tuple[Citation, ...]]:
    """Number the marks of an answer from 1 in the order of their use, and cite what they point to."""
    marks = parse_marks(candidate.text)
    new = {mark: position for position, mark in enumerate(marks, start=1)}
    text = re.sub(r"\[(\d{1,3})\]", lambda mark: f"[{new[int(mark.group(1))]}]", candidate.text)
    quote = strip_marks(candidate.text) if candidate.origin == "quote" else ""
    return text, tuple(cite(new[mark], passages[mark - 1], quote) for mark in marks)


def cite(mark: int, passage: Passage, quote: str = "") -> Citation:
    """Point at a passage; without a quote, the whole passage is quoted."""
    info = passage.document
    return Citation(
        mark=mark,
        passage_id=passage.id,
        document=info.id,
        number=info.number,
        paragraph=passage.label,
        pages=passage.pages,
        source=info.address,
        quote=quote or passage.text,
        title=info.title,
        kind=info.kind,
        version=info.version,
    )


def _holds(passage: Passage, name: str, aliases: Sequence[Alias]) -> bool:
    text = f"{passage.text} {passage.document.title} {passage.document.number or ''}"
    if number := _NOTICE_NUMBER.search(name):
        return re.search(rf"(?<![\w-]){re.escape(number.group())}(?![\w-])", text) is not None
    wanted = {mention.key for mention in find_institutions(name, aliases=aliases)}
    return bool(wanted & {mention.key for mention in find_institutions(text, aliases=aliases)})


def _left_out_note(fit: Fit) -> tuple[str, ...]:
    if not fit.left_out:
        return ()
    labels = ", ".join(
        f"{passage.document.number or passage.document.title}, {passage.label}" for passage in fit.left_out
    )
    return (f"not read, for want of room in the reader's input: {labels}",)
