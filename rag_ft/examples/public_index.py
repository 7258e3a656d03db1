"""Public sets in an index of their own, so that their distractors come from the same search."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag_ft.examples.public_sets import PublicQuestion, public_files, read_public_set

if TYPE_CHECKING:
    from rag_ft.indexing.report import Progress
    from rag_ft.retrieval.encoder import Encoder
    from rag_ft.retrieval.passage_index import PassageIndex
    from rag_ft.schema import Document

ROWS_A_SET = 700


@dataclass(frozen=True)
class PublicIndex:
    """Public sets ready to be asked: their passages indexed, and their questions."""

    index: "PassageIndex"
    questions: tuple[PublicQuestion, ...]


def index_public_sets(
    paths: Sequence[str | Path],
    index_dir: str | Path,
    rows: int = ROWS_A_SET,
    encoder: "Encoder | None" = None,
    *,
    offline: bool = False,
    progress: "Progress | None" = None,
) -> PublicIndex:
    """Read public sets and index their passages; what is indexed already is not embedded again.

    Args:
        paths: files of public sets, or folders that hold some.
        index_dir: the folder of their index, made where it is missing.
        rows: most questions a set.
        encoder: what embeds; by default the project's own.
        offline: never download an encoder.
        progress: called as the build goes on.

    Raises:
        PathNotFoundError: a path does not exist.
        UsageError: there is no public set among them.
        DataFormatError: a row of one cannot be read.
    """
    from rag_ft.indexing import build_index

    documents: dict[str, Document] = {}
    questions: list[PublicQuestion] = []
    for file in public_files(paths):
        public = read_public_set(file, rows)
        documents.update((document.info.id, document) for document in public.documents)
        questions.extend(public.questions)
    index = build_index(
        documents.values(), index_dir, encoder, prune=True, offline=offline, progress=progress
    )
    return PublicIndex(index, tuple(questions))
