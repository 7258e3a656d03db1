"""Examples made: drafts from the index, from people and from public sets, each grounded by a search."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag_ft.examples.assembling import Grounding, LeftOut, assemble
from rag_ft.examples.balance import AbstentionBalance
from rag_ft.examples.drafts import Draft
from rag_ft.examples.gold_passages import find_gold
from rag_ft.examples.people import draft_people, draft_public
from rag_ft.examples.public_index import PublicIndex
from rag_ft.examples.selection import Dropped, HeldOut, Selection, select_drafts
from rag_ft.examples.splits import choose_dev, family_of
from rag_ft.examples.structure import ROWS_A_PARAGRAPH, draft_passages, draw
from rag_ft.examples.swaps import swap_institution
from rag_ft.examples.tokens import estimate_tokens
from rag_ft.prompts import CountTokens
from rag_ft.question_rows import load_questions
from rag_ft.retrieval.versions import version_states
from rag_ft.schema import Alias, Example, Passage, Question
from rag_ft.shipped import eval_folder

if TYPE_CHECKING:
    from rag_ft.retrieval.passage_index import PassageIndex

Questions = str | Path | Sequence[Question]
# How many drafts are done, how many there are.
OnProgress = Callable[[int, int], None]


def make_examples(
    index: "PassageIndex",
    questions: Questions | None = None,
    *,
    seed: int = 0,
    structure: bool = True,
    public: PublicIndex | None = None,
    limit: int | None = None,
    grounding: Grounding | None = None,
    held_out: Sequence[Question] | None = None,
) -> list[Example]:
    """Make training examples over an index; `ExampleMaker` says what the arguments mean."""
    maker = ExampleMaker(
        index,
        questions,
        seed=seed,
        structure=structure,
        public=public,
        limit=limit,
        grounding=grounding,
        held_out=held_out,
    )
    return list(maker.examples())


class ExampleMaker:
    """Makes examples one at a time; what it leaves out is counted in `skipped`, by reason.

    Args:
        index: an open index; its own search grounds every question.
        questions: people's questions, as a file (JSON lines, CSV) or rows.
        seed: everything drawn depends on it; the same index and seed give the same rows.
        structure: ask the documents' own structure too.
        public: public sets, indexed.
        limit: most examples; they are then a fair sample of all.
        grounding: how passages are chosen.
        selection: how alike rows may be.
        swapped: the share of the rows naming an institution in which it is swapped, 0 to 1.
        dev_share: the share of the rows held out for development, by families of documents.
        held_out: questions that no row may give away; by default those shipped with ragft.
            Paragraphs that answer their test split are not asked about at all.
        rows_a_paragraph: most questions of structure a paragraph.
        as_of: use the versions in force on that day; today by default.
        count_tokens: counts tokens as the reader sees them; by default an estimate from above.
    """

    def __init__(
        self,
        index: "PassageIndex",
        questions: Questions | None = None,
        *,
        seed: int = 0,
        structure: bool = True,
        public: PublicIndex | None = None,
        limit: int | None = None,
        grounding: Grounding | None = None,
        selection: Selection | None = None,
        swapped: float = 0.5,
        dev_share: float = 0.0,
        held_out: Sequence[Question] | None = None,
        rows_a_paragraph: int = ROWS_A_PARAGRAPH,
        as_of: date | None = None,
        count_tokens: CountTokens = estimate_tokens,
    ) -> None:
        self._index = index
        self._questions = questions
        self._seed = seed
        self._structure = structure
        self._public = public
        self._limit = limit
        self._grounding = grounding or Grounding()
        self._selection = selection or Selection()
        self._swapped = swapped
        self._dev_share = dev_share
        self._held_out = shipped_questions() if held_out is None else held_out
        self._rows_a_paragraph = rows_a_paragraph
        self._as_of = as_of
        self._count_tokens = count_tokens
        self._aliases: dict[str, tuple[Alias, ...]] = {}
        self._dev_sources: frozenset[str] = frozenset()
        self.skipped: Counter[str] = Counter()

    def examples(self, on_progress: OnProgress | None = None) -> Iterator[Example]:
        """Yield the examples in an order that mixes documents and families.

        Raises:
            PathNotFoundError: there is no such file of questions.
            DataFormatError: a row of it cannot be read.
        """
        drafts = self.drafts()
        grounding = self._grounding
        balance = AbstentionBalance(
            grounding.left_out, grounding.fewest_abstentions, grounding.most_abstentions, self._seed
        )
        for done, draft in enumerate(drafts, start=1):
            if on_progress is not None:
                on_progress(done, len(drafts))
            if not balance.takes(draft):
                self.skipped["enough rows abstain"] += 1
                continue
            example = self._ground(draft, leave_out=balance.leaves_out(draft))
            if isinstance(example, LeftOut):
                self.skipped[example.value] += 1
                continue
            balance.count(abstains=example.abstain)
            yield swap_institution(example, self._seed, self._swapped)
            if balance.rows == self._limit:
                return

    def is_dev(self, example: Example) -> bool:
        """Tell whether an example just made belongs to the development part."""
        return example.source in self._dev_sources

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of every document of the index, by its id: an act, a notice, a guideline."""
        return {info.id: info.kind for info in self._index.documents()}

    def drafts(self) -> list[Draft]:
        """Return the questions that examples are made of, before passages are found for them."""
        drafts: list[Draft] = []
        if self._questions is not None:
            rows, source = _read(self._questions)
            drafts.extend(self._counted(draft_people(rows, self._passages(), source)))
        if self._public is not None:
            # A set's documents are versions of nothing: all of them may be asked.
            passages = self._public.index.passages()
            drafts.extend(self._counted(draft_public(self._public.questions, passages)))
        if self._structure:
            drafts.extend(draft_passages(self._passages(), self._seed, self._rows_a_paragraph))
        infos = self._index.documents()
        # What MAS itself wrote has the first claim on a template's room; there is much less of it.
        acts = {info.id for info in infos if info.kind in ("act", "regulations")}
        drafts.sort(key=lambda draft: (draft.source in acts, self._place(draft)))
        kept = sorted(select_drafts(drafts, self._selection, self._guard(), self._drop), key=self._place)
        families = ((info.id, family_of(info)) for info in infos)
        self._dev_sources = choose_dev(kept, families, self._dev_share, self._seed)
        return kept

    def _place(self, draft: Draft) -> tuple[int, str]:
        """Draw where a draft stands among all."""
        return draw(self._seed, draft.id), draft.id

    def _counted(self, drafts: Iterable[Draft | None]) -> Iterator[Draft]:
        for draft in drafts:
            if draft is None:
                self.skipped["no answer, or its gold is not in the index"] += 1
            else:
                yield draft

    def _drop(self, why: Dropped) -> None:
        self.skipped[why.value] += 1

    def _guard(self) -> HeldOut | None:
        if not self._held_out:
            return None
        tested = [question for question in self._held_out if question.split == "test"]
        found = find_gold(self._passages(), tested)
        gold = frozenset(passage.id for row in found for parts in row for passage in parts)
        return HeldOut(self._held_out, gold)

    def _passages(self) -> Iterator[Passage]:
        """Yield the passages that a search may return: of the versions in force."""
        infos = self._index.documents()
        states = version_states(infos, self._as_of or date.today())
        in_force = {info.id for info, state in zip(infos, states, strict=True) if state == "in force"}
        return (passage for passage in self._index.passages() if passage.document.id in in_force)

    def _ground(self, draft: Draft, *, leave_out: bool) -> Example | LeftOut:
        is_public = self._public is not None and draft.family.startswith("public.")
        index = self._public.index if self._public and is_public else self._index
        filters = {"document": draft.within} if draft.within else {}
        found = index.search(draft.question, k=self._grounding.depth, as_of=self._as_of, **filters)
        # No passage of a document held out for development stands in a training row.
        barred = frozenset() if draft.source in self._dev_sources else self._dev_sources
        if any(passage.document.id in barred for passage in (*draft.gold, *draft.negatives)):
            return LeftOut.DEVELOPMENT
        hits = [hit for hit in found if hit.passage.document.id not in barred]
        aliases = {hit.passage.document.id: self._aliases_of(index, hit.passage.document.id) for hit in hits}
        return assemble(
            draft, hits, self._grounding, self._seed, self._count_tokens, aliases, leave_out=leave_out
        )

    def _aliases_of(self, index: "PassageIndex", document_id: str) -> tuple[Alias, ...]:
        if document_id not in self._aliases:
            self._aliases[document_id] = index.document(document_id).aliases
        return self._aliases[document_id]


def shipped_questions() -> list[Question]:
    """Return the questions that ragft is judged by, which nothing may be trained on."""
    files = sorted(eval_folder().glob("*.jsonl"))
    return [
        replace(question, id=f"{file.stem}/{question.id}")
        for file in files
        for question in load_questions(file)
    ]


def _read(questions: Questions) -> tuple[Sequence[Question], str]:
    if isinstance(questions, str | Path):
        return load_questions(questions), Path(questions).name
    return questions, "questions"
