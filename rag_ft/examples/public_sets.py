"""Public question sets as documents and questions, so that our own search can ground them.

The files are the gzipped JSON lines of one form that the project keeps beside its corpus:
`id, q, passages [{id, text, gold}], a, answerable` and, by set, `title, scenario,
conditions, label`. What each set may teach differs, and `SETS` says it:

- spans (SQuAD, XQuAD, NQ, PolicyQA): a short answer that stands in the gold passage;
- cited (XRefRAG, ObliQA-XRef): written answers with marks; only their cited sentences are kept;
- both (ObliQA cross-references): short answers that need both passages;
- verdict (BoolQ, PubMedQA, ConditionalQA): yes or no, where nothing hangs on a condition;
- passage (ObliQA dev, multi-passage and expert): gold passages without a written answer: where
  there is one and it is short, it is the answer; expert rows that no passage answers abstain;
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

from rag_ft.errors import DataFormatError, PathNotFoundError, UsageError
from rag_ft.examples import public_rows
from rag_ft.examples.public_rows import Row, Taught
from rag_ft.examples.structure import draw
from rag_ft.schema import Document, DocumentInfo, Gold, Paragraph, Question, Span

_SHORTEST_PASSAGE = 8  # words: headings of a rulebook answer nothing


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """A question of a public set.

    `within` is the document whose passages alone may be used; `negatives` are passages that
    people found not to answer.
    """

    question: Question
    name: str
    within: str | None = None
    negatives: tuple[Gold, ...] = ()


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
        negatives: list[Gold] = []
        # A row without passages is asked of what other rows hold of its document.
        within = self._id(str(row["title"])) if self._kind.one_document and row.get("title") else None
        for passage in row["passages"]:
            group, label = self._where(row, passage)
            document, label = self.place(group, label, passage["text"])
            (gold if passage["gold"] else negatives).append(Gold(document, label))
            within = document if self._kind.one_document else None
        question = Question(
            question=_asked(taught.question),
            id=str(row["id"]),
            answer=taught.answer,
            answerable=taught.answer is not None,
            gold=tuple(gold),
        )
        return PublicQuestion(question, self._name, within, tuple(negatives))

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


# By the name of the file; the order is the one in which they are listed to a user.
SETS: Mapping[str, _Kind] = {
    "squad2_train11": _Kind(public_rows.named_span),
    "xquad_en": _Kind(public_rows.named_span, title="Encyclopedia"),
    "nq_oracle": _Kind(public_rows.searched_span),
    "policyqa_devtest": _Kind(public_rows.site_span, one_document=True),
    "xref_fsra_schema": _Kind(public_rows.cited, title="FSRA Rulebook"),
    "xref_fsra_dpel": _Kind(public_rows.cited, title="FSRA Rulebook"),
    "xref_ukpra": _Kind(public_rows.cited, title="PRA Rulebook"),
    "crossref_fsra_short": _Kind(public_rows.both, title="FSRA Rulebook"),
    "boolq_dev": _Kind(public_rows.article_verdict),
    "pubmedqa_train500": _Kind(public_rows.verdict, title="Abstract"),
    "conditionalqa": _Kind(public_rows.scenario_verdict, one_document=True),
    "obliqa_dev": _Kind(public_rows.passage, title="ADGM Rulebook", shelf="obliqa"),
    "obliqa_mp_val": _Kind(public_rows.passage, title="ADGM Rulebook", shelf="obliqa"),
    "obliqa_expert": _Kind(public_rows.passage, title="ADGM Rulebook", shelf="obliqa"),
    "privacyqa_relevance": _Kind(public_rows.irrelevant, title="Privacy policy", one_document=True),
}


def _rows(file: Path) -> Iterator[Row]:
    if not file.is_file():
        raise PathNotFoundError(f"{file}: no such public set")
    opened = gzip.open if file.suffix == ".gz" else open
    number = 0
    try:
        with opened(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                number += 1
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
