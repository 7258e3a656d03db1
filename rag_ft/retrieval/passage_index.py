"""PassageIndex: one generation of an index, opened, and searched by meaning and by words."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import EncoderMismatchError, QuestionError, UsageError
from rag_ft.retrieval.cross_references import DocumentNames
from rag_ft.retrieval.encoder import Encoder, EncoderIdentity, load_encoder
from rag_ft.retrieval.expansion import Expander
from rag_ft.retrieval.filters import Filters
from rag_ft.retrieval.handles import HandleFinder, Handles
from rag_ft.retrieval.lexical import LEXICAL_NAME, LexicalIndex
from rag_ft.retrieval.manifest import Manifest
from rag_ft.retrieval.passage_db import DB_NAME, PassageReader
from rag_ft.retrieval.ranking import Query, Ranker
from rag_ft.retrieval.reranker import Reranker
from rag_ft.retrieval.search_settings import SearchSettings
from rag_ft.retrieval.store import IndexFolder, OpenGeneration
from rag_ft.retrieval.vectors import VECTORS_NAME, VectorIndex
from rag_ft.retrieval.word_search import Spelling, WordSearch
from rag_ft.schema import Alias, Document, DocumentInfo, Hit, Passage

# Most searches ask of the same day and without filters.
_FILTERS_KEPT = 16


class PassageIndex:
    """An index open for search; it stays on one generation however often others build.

    Args:
        generation: an opened generation, held until `close`.
        encoder: what embeds questions; by default the one the manifest names is loaded at
            the first search.
        settings: how the stages are weighed.

    Raises:
        EncoderMismatchError: the index was made by another encoder.
    """

    def __init__(
        self,
        generation: OpenGeneration,
        encoder: Encoder | None = None,
        *,
        offline: bool = True,
        settings: SearchSettings | None = None,
    ) -> None:
        self.manifest: Manifest = generation.manifest
        self._hold = generation.hold
        self._offline = offline
        self._encoder = self._accepted(encoder) if encoder is not None else None
        n_passages = self.manifest.passages
        self._db = PassageReader(generation.folder / DB_NAME)
        self._infos = [record.info for record in self._db.documents]
        self._positions = {info.id: position for position, info in enumerate(self._infos)}
        self._words = WordSearch(self._db)
        self._settings = settings or SearchSettings()
        self._finder = HandleFinder(self._infos)
        self._lexical = LexicalIndex.load(generation.folder / LEXICAL_NAME, n_passages)
        vectors = VectorIndex(generation.folder / VECTORS_NAME, n_passages)
        self._names = DocumentNames(self._infos)
        self._known_rows: dict[tuple[Filters, date, bool], NDArray[np.bool_] | None] = {}
        self._ranker = Ranker(self._db, vectors, self._lexical, self._names, self._settings)

    @classmethod
    def load(
        cls,
        index_dir: str | Path,
        encoder: Encoder | None = None,
        *,
        offline: bool = True,
        settings: SearchSettings | None = None,
    ) -> Self:
        """Open the index in a folder.

        Args:
            index_dir: the folder that `build_index` or `ragft index` wrote.
            encoder: what embeds questions; by default the one the manifest names.
            offline: never download that encoder; a search opens no socket unless this is False.
            settings: how the stages are weighed; the defaults suit most collections.

        Raises:
            IndexNotFoundError: there is no index there.
            IndexCorruptError: a file is not what the manifest says.
            EncoderMismatchError: the index was made by another encoder.
        """
        generation = IndexFolder(index_dir).open_current()
        try:
            return cls(generation, encoder, offline=offline, settings=settings)
        except BaseException:
            generation.hold.release()
            raise

    @property
    def generation(self) -> str:
        """The name of the generation that is open."""
        return self.manifest.generation

    @property
    def encoder(self) -> Encoder:
        """What embeds questions; loaded at first use.

        Raises:
            ModelUnavailableError: it is not on this machine.
            EncoderMismatchError: what has its name is another encoder.
        """
        if self._encoder is None:
            name = self.manifest.encoder.name
            self._encoder = self._accepted(load_encoder(name, offline=self._offline))
        return self._encoder

    def search(self, question: str, k: int = 5, as_of: date | None = None, **filters: Any) -> list[Hit]:  # noqa: ANN401
        """Find the paragraphs that best match a question, best first.

        Args:
            question: a question or some words.
            k: how many distinct paragraphs to return; fewer where there are no more.
            as_of: answer by the versions in force on that day; today by default.
            filters: see `Filters`: kind, number, title, document, applies_to, force, issued_from,
                issued_to, superseded. They hold within the search: k paragraphs come back where
                there are so many.

        Raises:
            QuestionError: the question is empty.
            UsageError: `k` is below 1, or a filter is unknown or has no such value.
        """
        if not question.strip():
            raise QuestionError("the question is empty: ask something")
        if k < 1:
            raise UsageError(f"k is {k}: ask for at least one passage")
        wanted = Filters.of(filters)
        handles = self._finder.find(question) if self._settings.handles else Handles()
        allowed = self._allowed_rows(wanted, as_of or date.today(), marked_up=handles.marked_up)
        vector = self.encoder.encode([question])[0]
        query = Query(question, self._expander.expansion(question), vector, handles, allowed)
        if self._settings.reranker is None:
            return self._ranker.rank(query, k)
        found = self._ranker.rank(query, max(k, self._settings.rerank_depth))
        return self._reranker.rerank(question, found)[:k]

    def passages(self) -> Iterator[Passage]:
        """Yield every passage of every version, document by document."""
        return self._db.iterate()

    def passages_with(self, document_id: str, spellings: Iterable[Spelling]) -> list[Passage]:
        """Return every passage of a document that may hold all words of one of some spellings.

        A word may be part of another, and stand in the heading, the document's title or its number.

        Args:
            document_id: the document.
            spellings: words as `casefold` writes them, of letters and digits alone.

        Raises:
            UsageError: the index holds no such document.
        """
        return self._words.candidates(self._position(document_id), spellings)

    def passage(self, passage_id: str) -> Passage:
        """Return a passage by its id.

        Raises:
            UsageError: the index holds no such passage.
        """
        row = self._db.row_of(passage_id)
        if row is None:
            raise UsageError(f"the index holds no passage {passage_id}: it may come from another generation")
        return self._db.passages([row])[row]

    def documents(self) -> list[DocumentInfo]:
        """Return every document held, superseded versions included, by id."""
        return list(self._infos)

    def named(self, name: str) -> list[DocumentInfo]:
        """Return the documents that another names so ("MAS Notice 626"), the latest version first."""
        return [self._infos[position] for position in self._names.find(name)]

    def document(self, document_id: str) -> Document:
        """Return a document as it was read: text, tree, pages, aliases.

        Raises:
            UsageError: the index holds no such document.
        """
        return self._db.document(self._position(document_id))

    @cached_property
    def _reranker(self) -> Reranker:
        return Reranker(self._settings.reranker or "", offline=self._offline)

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        """What the documents define names to stand for ("the Authority", "MPI"), the most frequent first."""
        return self._db.aliases()

    @cached_property
    def _expander(self) -> Expander:
        return Expander(self.aliases)

    def rarity(self, stem: str) -> float:
        """Return how rare a stem is over the passages (`LexicalIndex.rarity`); rarer is higher."""
        return self._lexical.rarity(stem)

    def __len__(self) -> int:
        """The number of passages."""
        return self.manifest.passages

    def close(self) -> None:
        """Let go of the files; an older generation may be removed from now on."""
        self._db.close()
        self._hold.release()

    def _position(self, document_id: str) -> int:
        try:
            return self._positions[document_id]
        except KeyError:
            raise UsageError(f"the index holds no document {document_id}: ragft status lists them") from None

    def _accepted(self, encoder: Encoder) -> Encoder:
        made_by, found = self.manifest.encoder, encoder.identity
        if not found.agrees_with(made_by):
            raise encoder_mismatch(made_by, found)
        return encoder

    def _allowed_rows(self, filters: Filters, as_of: date, *, marked_up: bool) -> NDArray[np.bool_] | None:
        key = (filters, as_of, marked_up)
        # By way of an error: between a look and a reading another thread may clear what is kept.
        try:
            return self._known_rows[key]
        except KeyError:
            allowed = filters.allow(self._infos, as_of, marked_up=marked_up)
            sizes = [record.n_rows for record in self._db.documents]
            rows = None if all(allowed) else np.repeat(np.array(allowed, np.bool_), sizes)
            if len(self._known_rows) >= _FILTERS_KEPT:
                self._known_rows.clear()
            self._known_rows[key] = rows
            return rows


def encoder_mismatch(made_by: EncoderIdentity, found: EncoderIdentity) -> EncoderMismatchError:
    """Say that an index and an encoder do not go together, and what mends it."""
    return EncoderMismatchError(
        f"the index was made by {made_by.name} ({made_by.weights_sha256[:12]}) and the encoder at hand is "
        f"{found.name} ({found.weights_sha256[:12]}): name the first with --encoder, or make the index anew "
        "with `ragft index --rebuild`"
    )
