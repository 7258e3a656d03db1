"""The data that travel between the rooms: frozen, typed, nothing loose.

Offsets are in characters of `Document.text`; page numbers start at 1.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

Kind = Literal[
    "act",
    "regulations",
    "notice",
    "direction",
    "guideline",
    "code",
    "circular",
    "consultation",
    "statement",
    "faq",
    "information",
]

# What each kind binds to, in MAS's own terms: mas.gov.sg/regulation, "MAS' regulatory instruments".
LEGAL_FORCE: dict[Kind, str] = {
    "act": "statute: has the force of law",
    "regulations": "subsidiary legislation: has the force of law",
    "notice": "legally binding on the institutions it is addressed to",
    "direction": "legally binding on the institutions it is addressed to",
    "guideline": "not binding in law; observance counts in MAS' risk assessment",
    "code": "not binding in law; a breach may have consequences the code names",
    "circular": "no legal effect; sent for information",
    "consultation": "no legal effect; a proposal",
    "statement": "no legal effect; a statement of policy",
    "faq": "no legal effect; an explanation",
    "information": "no legal effect; general information",
}

AbstentionReason = Literal["not_found", "not_named", "not_grounded", "low_confidence"]
# Words for people; the codes are for machines.
ABSTENTION_REASONS: dict[str, str] = {
    "not_found": "nothing in the index answers this",
    "not_named": "the index does not hold what the question names",
    "not_grounded": "no answer could be shown to stand in a passage",
    "low_confidence": "what was found is not sure enough to be the answer",
}
VerdictKind = Literal["institution", "figure", "citation", "currency"]
Relation = Literal["subject to", "except", "other than", "despite", "refers to", "same list"]
ParagraphRole = Literal["paragraph", "definition", "table", "footnote", "text"]


class Span(NamedTuple):
    """A slice of `Document.text`: characters `start` to `end`, the end not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is known of a document apart from its text.

    `id` is its path below the folder that was indexed, that folder's name first
    ("pdf/mas-notice-626.pdf"); `path` is where the file lay on this machine and
    `source` the public address. `variant` tells a marked-up copy from the clean one.
    """

    id: str
    title: str
    kind: Kind = "information"
    number: str | None = None
    issued: date | None = None
    revised: date | None = None
    effective: date | None = None
    source: str | None = None
    path: str | None = None
    applies_to: tuple[str, ...] = ()
    issued_under: tuple[str, ...] = ()
    variant: Literal["clean", "tracked"] = "clean"

    @property
    def version(self) -> date | None:
        """The date of this version: when last revised, else when issued."""
        return self.revised or self.issued or self.effective

    @property
    def force(self) -> str:
        """The legal force of this kind of document, in words."""
        return LEGAL_FORCE[self.kind]

    @property
    def address(self) -> str | None:
        """Where a reader can look it up: the public address, else the file."""
        return self.source or self.path


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document: its number and its slice of the text."""

    number: int
    span: Span
    has_text: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its slice of the text and its box on the page, in PDF points."""

    span: Span
    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention of another paragraph, notice or Act.

    `document` is None for the same document, else its number or title as written;
    `paragraph` is the full label there, where one is given.
    """

    text: str
    document: str | None = None
    paragraph: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A node of the tree: one numbered paragraph, its own words only.

    `label` is the full label ("6.3(b)", "s 6(3A)", "Annex A, 2.1"); `parent` is the
    position of the parent in `Document.paragraphs`, None at the top. `spans` are the
    exact slices of its own words, without its label, its children and annotations.
    `printed` is where the label itself stands; `term` is what a definition defines.
    """

    label: str
    spans: tuple[Span, ...]
    parent: int | None = None
    heading: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    role: ParagraphRole = "paragraph"
    term: str | None = None
    effective: date | None = None
    references: tuple[Reference, ...] = ()
    printed: Span | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """Words that a marked-up document inserts or strikes, and where."""

    kind: Literal["inserted", "deleted"]
    text: str
    page: int
    paragraph: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """A name and what the document says it stands for ("the Authority", "MPI")."""

    alias: str
    name: str
    paragraph: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read: its text once, and the tree of paragraphs over it."""

    info: DocumentInfo
    text: str
    paragraphs: tuple[Paragraph, ...]
    pages: tuple[Page, ...] = ()
    lines: tuple[Line, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    aliases: tuple[Alias, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A numbered paragraph with its lead-in: what is searched, read and cited.

    `text` is the slices of `spans` (lead-in first, then body) joined by newlines;
    `part` counts the pieces of a paragraph that was too long for the budget.
    """

    id: str
    document: DocumentInfo
    label: str
    heading: str
    spans: tuple[Span, ...]
    text: str
    pages: tuple[int, ...] = ()
    part: int = 0
    role: ParagraphRole = "paragraph"
    term: str | None = None
    effective: date | None = None
    references: tuple[Reference, ...] = ()

    @property
    def slices(self) -> tuple[str, ...]:
        """`text` cut back into the slices of `spans` that it is joined of."""
        slices, offset = [], 0
        for span in self.spans:
            end = offset + span.end - span.start
            slices.append(self.text[offset:end])
            offset = end + 1
        return tuple(slices)


@dataclass(frozen=True, slots=True)
class StageScores:
    """The score of each stage of a search, where the stage saw the passage; higher is better.

    `hop` is what a better hit gave it that is subject to it, or excepts it.
    """

    dense: float | None = None
    lexical: float | None = None
    handle: float | None = None
    hop: float | None = None
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: `score` is the fused score, higher is better; `rank` starts at 1."""

    passage: Passage
    score: float
    rank: int
    stages: StageScores = field(default_factory=StageScores)


@dataclass(frozen=True, slots=True)
class Gold:
    """A paragraph that answers a question, as a person marked it."""

    document: str
    paragraph: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question row; only `question` is required of a file.

    `style` says in whose words it is asked ("lay", "lawyer"), for tables by style;
    `alternatives` are other answers that count as well.
    """

    question: str
    id: str = ""
    answer: str | None = None
    answerable: bool | None = None
    gold: tuple[Gold, ...] = ()
    as_of: date | None = None
    split: str | None = None
    style: str | None = None
    alternatives: tuple[str, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """Every answer that counts: the answer, then its alternatives."""
        return (self.answer, *self.alternatives) if self.answer is not None else self.alternatives


@dataclass(frozen=True, slots=True)
class ExamplePassage:
    """A passage as the reader will see it, and whether it answers."""

    id: str
    text: str
    gold: bool


@dataclass(frozen=True, slots=True)
class Example:
    """One training row: a question, its numbered passages and the cited target."""

    id: str
    question: str
    passages: tuple[ExamplePassage, ...]
    target: str
    abstain: bool
    source: str
    family: str
    template: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer that a reader proposes; `score` is its own, higher is better."""

    text: str
    score: float
    origin: Literal["reader", "quote"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check of one claim of a candidate, with its evidence."""

    kind: VerdictKind
    claim: str
    ok: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A mark of an answer and the paragraph that it points to.

    `force` is the legal force of its document, in words; `fetched` the day on which the
    document was last fetched or confirmed by its server, None where it was not fetched.
    """

    mark: int
    passage_id: str
    document: str
    number: str | None
    paragraph: str
    pages: tuple[int, ...]
    source: str | None
    quote: str
    title: str = ""
    kind: Kind = "information"
    version: date | None = None
    force: str = ""
    fetched: date | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """A paragraph that a lawyer reads beside a cited one, and why.

    `mark` is the citation's; `relation` says how the cited paragraph leads to it: it is
    subject to it, excepts it, refers to it, or stands in the same list. `text` is its own
    words, with its limbs, shortened where it is long.
    """

    mark: int
    relation: Relation
    document: str
    paragraph: str
    text: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """Proof that a name stands nowhere in the index: what was searched, and where."""

    names: tuple[str, ...]
    paragraphs_searched: int
    index_generation: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What `ragft ask` returns; `timings` are seconds by stage.

    `confidence` orders answers by how sure the system is, higher is surer; None where it
    cannot tell. Risk-coverage curves are drawn from it. `beside` is what a lawyer reads
    beside the citations. `engine` is what generates for the reader ("ctranslate2 int8",
    "torch float32 on cpu"), empty for quotes.
    """

    question: str
    text: str
    abstained: bool
    reason: AbstentionReason | None
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    absence: Absence | None
    verdicts: tuple[Verdict, ...]
    reader: str
    index_generation: str
    timings: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    confidence: float | None = None
    beside: tuple[Beside, ...] = ()
    engine: str = ""

    @property
    def is_grounded(self) -> bool:
        """Whether every check passed; an abstention states nothing, so it is grounded."""
        return self.abstained or (bool(self.verdicts) and all(v.ok for v in self.verdicts))
