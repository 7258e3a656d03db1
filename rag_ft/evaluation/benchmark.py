"""A public set as it is asked: questions, and either a corpus to search or passages for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag_ft.errors import IndexNotFoundError, UsageError
from rag_ft.evaluation.measures import Tally
from rag_ft.schema import Answer, Document, DocumentInfo, Gold, Paragraph, Passage, Question, Span

# What one answer counts in a set's own measures, given the passages it was to be read from.
OwnMeasures = Callable[[Question, Answer, Sequence[Passage]], Mapping[str, Tally]]


@dataclass(frozen=True)
class Benchmark:
    """A public set.

    Attributes:
        name: of the layout.
        questions: rows; their gold names places of this set, each exactly.
        documents: the corpus to search; empty where the set has none.
        given: question id to the passages that it is to be answered from; empty where a
            system is to search.
        own: the measures by which the set's paper reports.
        source: the file that the questions came from.
    """

    name: str
    questions: tuple[Question, ...]
    documents: tuple[Document, ...] = ()
    given: Mapping[str, tuple[Passage, ...]] = field(default_factory=dict)
    own: OwnMeasures | None = None
    source: str = ""


def is_exactly(passage: Passage, gold: Gold) -> bool:
    """Tell whether a passage is the gold place of a benchmark, by document and label as they are written."""
    return passage.document.id == gold.document and (
        gold.paragraph is None or passage.label == gold.paragraph
    )


def corpus_document(identity: str, title: str, paragraphs: Sequence[tuple[str, str]]) -> Document:
    """Make a document of labelled texts, in their order; empty texts are left out."""
    spans: list[Paragraph] = []
    texts: list[str] = []
    at = 0
    for label, text in paragraphs:
        if not text.strip():
            continue
        spans.append(Paragraph(label, (Span(at, at + len(text)),)))
        texts.append(text)
        at += len(text) + 1
    return Document(DocumentInfo(id=identity, title=title), "\n".join(texts), tuple(spans))


def given_passage(identity: str, title: str, text: str) -> Passage:
    """Make a passage that stands for itself; its id names its document too."""
    return Passage(identity, DocumentInfo(id=identity, title=title), "", "", (Span(0, len(text)),), text)


def ensure_index(benchmark: Benchmark, folder: Path) -> None:
    """Index the corpus of a benchmark in a folder that holds no index yet.

    Raises:
        UsageError: the folder holds the index of something else.
        ModelUnavailableError: the encoder is not at hand.
    """
    from rag_ft.indexing import build_index
    from rag_ft.retrieval.passage_index import PassageIndex

    try:
        index = PassageIndex.load(folder)
    except IndexNotFoundError:
        build_index(benchmark.documents, folder).close()
        return
    held = {info.id for info in index.documents()}
    index.close()
    missing = [document.info.id for document in benchmark.documents if document.info.id not in held]
    if missing:
        raise UsageError(
            f"{folder}: an index, but not of {benchmark.name} (it lacks {missing[0]}): "
            "name another with --index"
        )
