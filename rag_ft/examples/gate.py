"""The quality gate: what a training set must be before a reader is trained on it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rag_ft.errors import ExamplesRefusedError, QuestionError
from rag_ft.examples.drafts import SWAPPED
from rag_ft.near_duplicates import NearDuplicates
from rag_ft.prompts import DEFAULT_INPUT_TOKENS, build_prompt, one_line, parse_marks, strip_marks
from rag_ft.schema import Example

_PAIR_THRESHOLD = 0.9
# What training gives an answer by default.
DEFAULT_OUTPUT_TOKENS = 128


@dataclass(frozen=True, slots=True)
class GateLimits:
    """What a training set must keep to; shares are 0 to 1, budgets are in the reader's tokens.

    Unique answers are counted over answerable rows that are no yes/no; `template_share` is
    the largest share of the rows that one template may give.
    """

    unique_questions: float = 0.8
    unique_answers: float = 0.6
    fewest_abstentions: float = 0.1
    most_abstentions: float = 0.5
    near_duplicates: float = 0.02
    template_share: float = 0.15
    budget: int = DEFAULT_INPUT_TOKENS
    answer_budget: int = DEFAULT_OUTPUT_TOKENS
    # Below this many rows shares say little, and only grounding is checked.
    fewest_rows: int = 50


@dataclass(frozen=True, slots=True)
class GateReport:
    """What a training set is; `faults` say where it breaks a limit, with the value.

    `ungrounded` counts answers without a citation of a gold passage in the row, `cut` rows
    whose passages or target do not fit the reader's budgets, `swapped` rows with another
    institution in the place of one. Lengths are in words: median, longest.
    """

    rows: int
    unique_questions: int
    answers: int
    unique_answers: int
    yes_no: int
    abstentions: int
    ungrounded: int
    near_duplicates: int
    cut: int
    swapped: int = 0
    families: dict[str, int] = field(default_factory=dict)
    templates: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    passages: dict[int, int] = field(default_factory=dict)
    question_words: tuple[int, int] = (0, 0)
    answer_words: tuple[int, int] = (0, 0)
    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the set keeps to every limit."""
        return not self.faults

    @property
    def unique_answer_share(self) -> float:
        """The share of unique answers among the answerable rows that are no yes/no."""
        return self.unique_answers / self.answers if self.answers else 1.0

    @property
    def abstention_share(self) -> float:
        """The share of rows whose target is an abstention."""
        return self.abstentions / self.rows if self.rows else 0.0

    def require(self) -> None:
        """Pass, or refuse the set.

        Raises:
            ExamplesRefusedError: the set breaks a limit; every fault is named.
        """
        if self.faults:
            raise ExamplesRefusedError(
                f"these examples would teach a reader badly: {'; '.join(self.faults)}: "
                "make others with `ragft examples`, or train on them all the same with --force"
            )


def check_examples(
    examples: Iterable[Example],
    limits: GateLimits | None = None,
    count_tokens: Callable[[str], int] | None = None,
) -> GateReport:
    """Look at a training set and say what it is and which limits it breaks.

    Args:
        examples: rows, read once.
        limits: what to hold it to.
        count_tokens: counts tokens as the reader sees them; without it `cut` stays 0.
    """
    reading = ExampleCounts(limits or GateLimits(), count_tokens)
    for example in examples:
        reading.add(example)
    return reading.report()


class ExampleCounts:
    """Counts examples as they stream by."""

    def __init__(self, limits: GateLimits, count_tokens: Callable[[str], int] | None = None) -> None:
        self._limits = limits
        self._count_tokens = count_tokens
        self._questions: set[str] = set()
        self._answers: set[str] = set()
        self._pairs = NearDuplicates(_PAIR_THRESHOLD)
        self._counts: Counter[str] = Counter()
        self._families: Counter[str] = Counter()
        self._templates: Counter[str] = Counter()
        self._sources: Counter[str] = Counter()
        self._passages: Counter[int] = Counter()
        self._question_words: list[int] = []
        self._answer_words: list[int] = []

    def add(self, example: Example) -> None:
        """Count one row."""
        counts = self._counts
        counts["rows"] += 1
        self._questions.add(one_line(example.question).casefold())
        self._families[example.family] += 1
        template = example.template.removesuffix(SWAPPED)
        counts["swapped"] += template != example.template
        self._templates[template] += 1
        self._sources[example.source] += 1
        self._passages[len(example.passages)] += 1
        self._question_words.append(len(example.question.split()))
        answer = strip_marks(example.target)
        pair = f"{example.question} {'' if example.abstain else answer}"
        counts["near"] += self._pairs.find_or_add(str(counts["rows"]), pair) is not None
        counts["cut"] += self._is_cut(example)
        if example.abstain:
            counts["abstentions"] += 1
            counts["ungrounded"] += not example.passages
            return
        self._answer_words.append(len(answer.split()))
        counts["ungrounded"] += not is_grounded(example)
        if is_yes_no(answer):
            counts["yes_no"] += 1
        else:
            counts["answers"] += 1
            self._answers.add(answer.casefold())

    def report(self) -> GateReport:
        """Sum up what was counted."""
        counts = self._counts
        return GateReport(
            rows=counts["rows"],
            unique_questions=len(self._questions),
            answers=counts["answers"],
            unique_answers=len(self._answers),
            yes_no=counts["yes_no"],
            abstentions=counts["abstentions"],
            ungrounded=counts["ungrounded"],
            near_duplicates=counts["near"],
            cut=counts["cut"],
            swapped=counts["swapped"],
            families=dict(self._families.most_common()),
            templates=dict(self._templates.most_common()),
            sources=dict(self._sources.most_common()),
            passages=dict(sorted(self._passages.items())),
            question_words=_median_and_most(self._question_words),
            answer_words=_median_and_most(self._answer_words),
            faults=tuple(self._faults()),
        )

    def _is_cut(self, example: Example) -> bool:
        if self._count_tokens is None:
            return False
        if self._count_tokens(example.target) > self._limits.answer_budget:
            return True
        lines = [passage.text for passage in example.passages]
        try:
            prompt = build_prompt(example.question, lines, self._count_tokens, self._limits.budget)
        except QuestionError:
            return True
        return bool(prompt.left_out)

    def _faults(self) -> Iterable[str]:
        counts, limits = self._counts, self._limits
        rows = counts["rows"]
        if not rows:
            yield "there is no row"
            return
        if counts["ungrounded"]:
            yield f"{counts['ungrounded']:,} of {rows:,} rows cite no gold passage of their own"
        if counts["cut"]:
            yield f"{counts['cut']:,} rows do not fit {limits.budget:,} tokens in, {limits.answer_budget} out"
        if rows < limits.fewest_rows:
            return
        yield from _under("unique questions", len(self._questions), rows, limits.unique_questions)
        yield from _under("unique answers", len(self._answers), counts["answers"], limits.unique_answers)
        yield from _under("abstentions", counts["abstentions"], rows, limits.fewest_abstentions)
        yield from _over("abstentions", counts["abstentions"], rows, limits.most_abstentions)
        yield from _over("near duplicates", counts["near"], rows, limits.near_duplicates)
        for template, number in self._templates.most_common():
            # People's own questions follow no template.
            if template:
                yield from _over(f"rows of template {template}", number, rows, limits.template_share)


def is_grounded(example: Example) -> bool:
    """Tell whether an answer cites passages of its row, every one of them gold."""
    marks = parse_marks(example.target)
    return bool(marks) and all(
        1 <= mark <= len(example.passages) and example.passages[mark - 1].gold for mark in marks
    )


def is_yes_no(answer: str) -> bool:
    """Tell whether an answer begins with yes or no."""
    return answer.split(",")[0].split(" ")[0].casefold().strip(".!:;") in ("yes", "no")


def _under(what: str, number: int, of: int, limit: float) -> Iterable[str]:
    if of and number / of < limit:
        yield f"{what} are {number:,} of {of:,} ({number / of:.0%}; at least {limit:.0%})"


def _over(what: str, number: int, of: int, limit: float) -> Iterable[str]:
    if number / of > limit:
        yield f"{what} are {number:,} of {of:,} ({number / of:.0%}; at most {limit:.0%})"


def _median_and_most(lengths: list[int]) -> tuple[int, int]:
    ordered = sorted(lengths)
    return (ordered[len(ordered) // 2], ordered[-1]) if ordered else (0, 0)
