"""Examples made: drafts from the index and from people, each grounded by a search."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag_ft.examples.assembling import CountTokens, Grounding, LeftOut, assemble, estimate_tokens
from rag_ft.examples.drafts import Draft
from rag_ft.examples.people import draft_questions
from rag_ft.examples.structure import ROWS_A_PARAGRAPH, draft_passages, draw
from rag_ft.question_rows import load_questions
from rag_ft.retrieval.versions import version_states
from rag_ft.schema import Example, Passage, Question

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
    rows_a_paragraph: int = ROWS_A_PARAGRAPH,
    limit: int | None = None,
    grounding: Grounding | None = None,
    as_of: date | None = None,
    count_tokens: CountTokens = estimate_tokens,
) -> list[Example]:
    """Make training examples over an index; `ExampleMaker` says what the arguments mean."""
    maker = ExampleMaker(
        index,
        questions,
        seed=seed,
        structure=structure,
        rows_a_paragraph=rows_a_paragraph,
        limit=limit,
        grounding=grounding,
        as_of=as_of,
        count_tokens=count_tokens,
    )
    return list(maker.examples())


class ExampleMaker:
    """Makes examples one at a time; what it leaves out is counted in `skipped`, by reason.

    Args:
        index: an open index; its own search grounds every question.
        questions: people's questions, as a file (JSON lines, CSV) or rows.
        seed: everything drawn depends on it; the same index and seed give the same rows.
        structure: ask the documents' own structure too.
        rows_a_paragraph: most questions of structure a paragraph.
        limit: most examples; they are then a fair sample of all.
        grounding: how passages are chosen.
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
        rows_a_paragraph: int = ROWS_A_PARAGRAPH,
        limit: int | None = None,
        grounding: Grounding | None = None,
        as_of: date | None = None,
        count_tokens: CountTokens = estimate_tokens,
    ) -> None:
        self._index = index
        self._questions = questions
        self._seed = seed
        self._structure = structure
        self._rows_a_paragraph = rows_a_paragraph
        self._limit = limit
        self._grounding = grounding or Grounding()
        self._as_of = as_of
        self._count_tokens = count_tokens
        self.skipped: Counter[str] = Counter()

    def examples(self, on_progress: OnProgress | None = None) -> Iterator[Example]:
        """Yield the examples in an order that mixes documents and families.

        Raises:
            PathNotFoundError: there is no such file of questions.
            DataFormatError: a row of it cannot be read.
        """
        drafts = self._drafts()
        made = 0
        for done, draft in enumerate(drafts, start=1):
            example = self._ground(draft)
            if on_progress is not None:
                on_progress(done, len(drafts))
            if isinstance(example, LeftOut):
                self.skipped[example.value] += 1
                continue
            yield example
            made += 1
            if made == self._limit:
                return

    def _drafts(self) -> list[Draft]:
        drafts: list[Draft] = []
        if self._questions is not None:
            drafts.extend(self._people(self._questions))
        if self._structure:
            drafts.extend(draft_passages(self._passages(), self._seed, self._rows_a_paragraph))
        drafts.sort(key=lambda draft: (draw(self._seed, draft.id), draft.id))
        return drafts

    def _people(self, questions: Questions) -> Iterator[Draft]:
        given = isinstance(questions, str | Path)
        rows = load_questions(questions) if isinstance(questions, str | Path) else list(questions)
        source = Path(questions).name if isinstance(questions, str | Path) and given else "questions"
        for draft in draft_questions(rows, self._passages(), source):
            if draft is None:
                self.skipped["no answer, or its gold is not in the index"] += 1
            else:
                yield draft

    def _passages(self) -> Iterator[Passage]:
        """Yield the passages that a search may return: of the versions in force."""
        infos = self._index.documents()
        states = version_states(infos, self._as_of or date.today())
        in_force = {info.id for info, state in zip(infos, states, strict=True) if state == "in force"}
        return (passage for passage in self._index.passages() if passage.document.id in in_force)

    def _ground(self, draft: Draft) -> Example | LeftOut:
        hits = self._index.search(draft.question, k=self._grounding.depth, as_of=self._as_of)
        return assemble(draft, hits, self._grounding, self._seed, self._count_tokens)
