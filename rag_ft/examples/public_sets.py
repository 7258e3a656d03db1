"""Public question sets as documents and questions, so that our own search can ground them.

The files are the gzipped JSON lines of one form that the project keeps beside its corpus:
`id, q, passages [{id, text, gold}], a, answerable` and, by set, `title, scenario,
conditions, label`. What each set may teach differs, and `SETS` says it:

- spans (SQuAD, XQuAD, NQ, PolicyQA): a short answer that stands in the gold passage;
- cited (XRefRAG, ObliQA-XRef): written answers with marks; only their cited sentences are kept;
- both (ObliQA cross-references): short answers that need both passages;
- verdict (BoolQ, PubMedQA, ConditionalQA): yes or no, where nothing hangs on a condition;
- unanswered (ObliQA dev, multi-passage and expert): gold passages without a written answer:
  the gold is left out and the target is an abstention;
- irrelevant (PrivacyQA): clauses that people judged irrelevant: abstentions only.

`answerable` is read, never `a is None`. Nothing here is a benchmark's test part; after
training on these sets no score on SQuAD 2.0 dev, NQ-open dev, BoolQ dev or PolicyQA is clean.
"""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rag_ft.errors import DataFormatError, PathNotFoundError, UsageError
from rag_ft.examples.structure import draw
from rag_ft.prompts import parse_marks
from rag_ft.schema import Document, DocumentInfo, Gold, Paragraph, Question, Span
from rag_ft.sentences import split_sentences

_SHORTEST_PASSAGE = 8  # words: headings of a rulebook answer nothing
_LONGEST_ANSWER = 70  # words
_MOST_GOLD = 2
Row = Mapping[str, Any]


class Taught(NamedTuple):
    """What a row teaches: its question as it will be asked, and its answer, None to abstain."""

    question: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """A question of a public set; `within` is the document whose passages alone may be used."""

    question: Question
    name: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set as read: the documents to search, and the questions to ask of them."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[PublicQuestion, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a set is read: what a row teaches, what its passages are called, where it may be searched.

    `shelf` names the documents that several files share.
    """

    teach: Callable[[Row], Taught | None]
    title: str | None = None
    one_document: bool = False
    shelf: str | None = None


def read_public_set(path: str | Path, rows: int = 1000) -> PublicSet:
    """Read one file of a public set.

    Args:
        path: a file whose name `SETS` knows; the rulebooks of ObliQA are read beside its questions.
        rows: most questions; they are a sample that depends on nothing but the file.

    Raises:
        PathNotFoundError: there is no such file.
        UsageError: no public set has this name.
        DataFormatError: a row cannot be read.
    """
    file = Path(path)
    name = file.name.removesuffix(".gz").removesuffix(".jsonl")
    kind = SETS.get(name)
    if kind is None:
        raise UsageError(f"{file}: no public set has this name: those known are {', '.join(SETS)}")
    taught = [(row, teach) for row in _rows(file) if (teach := kind.teach(row)) is not None]
    taught.sort(key=lambda pair: draw(name, pair[0]["id"]))
    shelf = _Shelf(name, kind)
    questions = [shelf.question(row, teach) for row, teach in taught[:rows]]
    if name.startswith("obliqa_"):
        for row in _rows(file.with_name("obliqa_corpus.jsonl.gz")):
            shelf.place(f"{row['doc']}", str(row["pid"]), str(row["text"]))
    elif kind.one_document or name == "squad2_train11":
        # The rest of a set stands beside what is asked: more to be told apart.
        for row, _ in taught[rows:]:
            shelf.question(row, Taught("", None))
    return PublicSet(name, shelf.documents(), tuple(questions))


class _Shelf:
    """Gathers the passages of a set into documents, each text once."""

    def __init__(self, name: str, kind: _Kind) -> None:
        self._name = name
        self._kind = kind
        self._labels: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def place(self, group: str, label: str | None, text: str) -> tuple[str, str]:
        """Put a passage into a document and return the document's id and the passage's label."""
        plain = " ".join(text.replace("``", '"').replace("''", '"').split())
        labels = self._labels[group]
        if plain not in labels and (label is None or len(plain.split()) >= _SHORTEST_PASSAGE):
            labels[plain] = label or str(len(labels) + 1)
        return self._id(group), labels.get(plain, "")

    def question(self, row: Row, taught: Taught) -> PublicQuestion:
        """Place a row's passages and turn it into a question with its gold."""
        gold: list[Gold] = []
        # A row without passages is asked of what other rows hold of its document.
        within = self._id(str(row["title"])) if self._kind.one_document and row.get("title") else None
        for passage in row["passages"]:
            group, label = self._where(row, passage)
            document, label = self.place(group, label, passage["text"])
            if passage["gold"]:
                gold.append(Gold(document, label))
            within = document if self._kind.one_document else None
        question = Question(
            question=_asked(taught.question),
            id=str(row["id"]),
            answer=taught.answer,
            answerable=taught.answer is not None,
            gold=tuple(gold),
        )
        return PublicQuestion(question, self._name, within)

    def documents(self) -> tuple[Document, ...]:
        """Return the documents, each with its passages as numbered paragraphs."""
        return tuple(
            self._document(group, labels) for group, labels in sorted(self._labels.items()) if labels
        )

    def _where(self, row: Row, passage: Row) -> tuple[str, str | None]:
        if self._name.startswith("obliqa_"):
            document, _, label = str(passage["id"]).partition("|")
            return document, label
        if self._name == "privacyqa_relevance":
            return str(row["q"]).casefold(), None
        if self._name == "pubmedqa_train500":
            return str(row["id"]), None
        return str(row.get("title") or self._kind.title), None

    def _id(self, group: str) -> str:
        short = re.sub(r"\W+", "-", group.removeprefix("https://").casefold()).strip("-")[:60]
        return f"qa/{self._kind.shelf or self._name}/{short}-{draw(group) % 10**4:04d}"

    def _document(self, group: str, labels: Mapping[str, str]) -> Document:
        paragraphs: list[Paragraph] = []
        start = 0
        for text, label in labels.items():
            paragraphs.append(Paragraph(label, (Span(start, start + len(text)),)))
            start += len(text) + 2
        title = self._kind.title or group.removeprefix("https://www.").replace("_", " ")
        info = DocumentInfo(id=self._id(group), title=title)
        return Document(info, "\n\n".join(labels), tuple(paragraphs))


def _asked(question: str) -> str:
    words = " ".join(re.sub(r"^[-\s]+", "", question).split())
    words = words[:1].upper() + words[1:]
    return words if words.endswith(("?", ".", "!")) else f"{words}?"


def _span(row: Row) -> Taught | None:
    """An answer in the passage's own words."""
    if not row["answerable"]:
        return Taught(row["q"], None)
    answer = str(row["a"]).strip(" ,;:")
    texts = [str(passage["text"]) for passage in row["passages"] if passage["gold"]]
    if not any(answer in text for text in texts) or len(answer.split()) > _LONGEST_ANSWER:
        return None
    # A span that begins or ends within a word was marked badly.
    whole = any(re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text) for text in texts)
    return Taught(row["q"], answer) if whole and answer else None


def _site_span(row: Row) -> Taught | None:
    """As a span, with the site named: "this website" means nothing among many sites."""
    taught = _span(row)
    texts = [str(passage["text"]) for passage in row["passages"] if passage["gold"]]
    if (
        taught is None
        or taught.answer is None
        or not any(_is_sentence(taught.answer, text) for text in texts)
    ):
        return None
    return Taught(f"About the privacy policy of {row['title']}: {taught.question}", taught.answer)


def _is_sentence(answer: str, text: str) -> bool:
    sentences = {text[span.start : span.end].strip(" .") for span in split_sentences(text)}
    return answer.strip(" .") in sentences and len(answer.split()) >= 6


def _cited(row: Row) -> Taught | None:
    """The cited sentences of a written answer, where they are short and cite every gold passage."""
    answer = str(row["a"])
    sentences = [
        answer[span.start : span.end] for span in split_sentences(re.sub(r"\.\s*(\[\d\])", r" \1.", answer))
    ]
    kept: list[str] = []
    for sentence in sentences:
        cites = parse_marks(sentence)
        words = sum(len(each.split()) for each in [*kept, sentence])
        if cites and not _COMMENT.match(sentence) and words <= _LONGEST_ANSWER:
            kept.append(sentence)
        elif not kept:
            return None  # without its first sentence the rest hangs in the air
    needed = {at for at, passage in enumerate(row["passages"], start=1) if passage["gold"]}
    said = " ".join(kept)
    return Taught(row["q"], said) if needed and set(parse_marks(said)) == needed else None


_COMMENT = re.compile(
    r"(?:In practice|This|These|Together|Using|The combined|Taken|Overall|In other words|Therefore|Thus|Accordingly|"
    r"As a result|Consequently|Because|Where this|If this)\b"
)


def _both(row: Row) -> Taught | None:
    """A short answer that every gold passage is needed for."""
    answer = str(row["a"]).strip()
    return Taught(row["q"], answer) if 4 <= len(answer.split()) <= _LONGEST_ANSWER else None


def _verdict(row: Row) -> Taught | None:
    """Yes or no, where the row says so without conditions and few passages show it."""
    if not row["answerable"]:
        return Taught(_with_scenario(row), None)
    said = str(row.get("label") or row["a"]).casefold()
    gold = sum(1 for passage in row["passages"] if passage["gold"])
    conditions = [condition for answer in row.get("conditions") or () for condition in answer["conditions"]]
    several = len(row.get("alts") or ()) > 1
    if said not in ("yes", "no") or conditions or several or gold > _MOST_GOLD:
        return None
    return Taught(_with_scenario(row), said.capitalize())


def _with_scenario(row: Row) -> str:
    return f"{row['scenario']} {row['q']}" if row.get("scenario") else str(row["q"])


def _unanswered(row: Row) -> Taught | None:
    """A question whose gold has no written answer: it teaches to abstain without the gold."""
    return Taught(row["q"], None)


def _irrelevant(row: Row) -> Taught | None:
    """A clause that people judged not to hold the answer."""
    return None if row["answerable"] else Taught(row["q"], None)


# By the name of the file; the order is the one in which they are listed to a user.
SETS: Mapping[str, _Kind] = {
    "squad2_train11": _Kind(_span),
    "xquad_en": _Kind(_span, title="Encyclopedia"),
    "nq_oracle": _Kind(_span),
    "policyqa_devtest": _Kind(_site_span, one_document=True),
    "xref_fsra_schema": _Kind(_cited, title="FSRA Rulebook"),
    "xref_fsra_dpel": _Kind(_cited, title="FSRA Rulebook"),
    "xref_ukpra": _Kind(_cited, title="PRA Rulebook"),
    "crossref_fsra_short": _Kind(_both, title="FSRA Rulebook"),
    "boolq_dev": _Kind(_verdict),
    "pubmedqa_train500": _Kind(_verdict, title="Abstract"),
    "conditionalqa": _Kind(_verdict, one_document=True),
    "obliqa_dev": _Kind(_unanswered, title="ADGM Rulebook", shelf="obliqa"),
    "obliqa_mp_val": _Kind(_unanswered, title="ADGM Rulebook", shelf="obliqa"),
    "obliqa_expert": _Kind(_unanswered, title="ADGM Rulebook", shelf="obliqa"),
    "privacyqa_relevance": _Kind(_irrelevant, title="Privacy policy", one_document=True),
}


def _rows(file: Path) -> Iterator[Row]:
    if not file.is_file():
        raise PathNotFoundError(f"{file}: no such public set")
    opened = gzip.open if file.suffix == ".gz" else open
    number = 0
    try:
        with opened(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise DataFormatError(f"{file}:{number}: not a row of a public set: {error}") from None


def public_files(paths: Sequence[str | Path]) -> list[Path]:
    """List the files of public sets among files and folders, in the order of `SETS`.

    Raises:
        PathNotFoundError: a path does not exist.
        UsageError: none of them is a public set.
    """
    found: dict[str, Path] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise PathNotFoundError(f"{path}: no such file or folder of public sets")
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            name = file.name.removesuffix(".gz").removesuffix(".jsonl")
            if name in SETS:
                found.setdefault(name, file)
    if not found:
        raise UsageError(
            f"{', '.join(map(str, paths))}: no public set there: those known are {', '.join(SETS)}"
        )
    return [found[name] for name in SETS if name in found]
