"""A draft and what search returns for it into an Example: real distractors, gold, marks, abstentions.

RAFT (arXiv 2403.10131) keeps the answer where the gold passage is left out; here the
target is then an abstention, since a wrong figure costs more than none.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag_ft.examples.drafts import Draft
from rag_ft.examples.gate import DEFAULT_OUTPUT_TOKENS
from rag_ft.examples.statements import tidy
from rag_ft.examples.structure import draw
from rag_ft.examples.tokens import estimate_tokens
from rag_ft.gold import plain
from rag_ft.grounding import Aliases, verify
from rag_ft.grounding.concepts import concepts
from rag_ft.prompts import (
    ABSTENTION,
    DEFAULT_INPUT_TOKENS,
    CountTokens,
    build_prompt,
    neutralise,
    parse_marks,
    passage_line,
    strip_marks,
)
from rag_ft.schema import Example, ExamplePassage, Hit, Passage

_WORD = re.compile(r"\w[\w.,%$’'-]*\w|\w")
_FIGURE = re.compile(r"\d[\d,.]*")
# The share of an answer's words that a passage may hold before it might answer as well.
_SUSPICION = 0.8
_DOUBT = 0.5
_SHORTEST = 6  # words: a heading or "76. —" is no distractor
_LEAD = 8  # words of a lead-in that, found elsewhere, may answer who and when
_SHORT_WORD = 3  # characters: "the", "of", "may" tell nothing apart
_MOST_GOLD = 2


@dataclass(frozen=True, slots=True)
class Grounding:
    """How passages are chosen; shares are 0 to 1.

    `left_out` is the share of answerable questions whose gold is left out; unanswerable ones
    fill up to `most_abstentions` of all rows, and more gold is left out below
    `fewest_abstentions`. `shuffled` is the share of the rows whose passages are not in
    search order; budgets are in the reader's tokens, `depth` is how many passages are asked
    of the search. `verified` keeps only answers that pass the verifier.
    """

    left_out: float = 0.2
    fewest_abstentions: float = 0.25
    most_abstentions: float = 0.3
    shuffled: float = 0.3
    fewest_distractors: int = 2
    most_distractors: int = 4
    depth: int = 10
    budget: int = DEFAULT_INPUT_TOKENS
    answer_budget: int = DEFAULT_OUTPUT_TOKENS
    verified: bool = True


class LeftOut(StrEnum):
    """Why no honest example can be made of a draft."""

    NAMED = "a passage names what the question makes up"
    BUDGET = "the passages that answer, or the answer, do not fit the reader's budget"
    DISTRACTORS = "search returned too few passages that do not answer"
    DEVELOPMENT = "it rests on a document held out for development as well"
    UNVERIFIED = "the answer does not pass the verifier of answers"


def assemble(
    draft: Draft,
    hits: Sequence[Hit],
    grounding: Grounding,
    seed: int,
    count_tokens: CountTokens = estimate_tokens,
    aliases: Aliases | None = None,
    *,
    leave_out: bool = False,
) -> Example | LeftOut:
    """Ground one draft in what search returned for its question.

    Args:
        draft: question, answer, gold.
        hits: what search returned for the question, best first.
        grounding: how passages are chosen.
        seed: the example depends on this and its own draft alone.
        count_tokens: counts tokens as the reader sees them.
        aliases: what each document defines, by document id, for the verifier.
        leave_out: leave the gold out, and abstain.

    Returns:
        The example, or why no honest one can be made. An answer must pass the very
        verifier that a reader's answers go through.
    """
    luck = random.Random(draw(seed, draft.id, "passages"))  # noqa: S311  no secret hangs on it
    wanted = luck.randint(grounding.fewest_distractors, grounding.most_distractors)
    shuffle = luck.random() < grounding.shuffled
    answers, others = part_passages(draft, [hit.passage for hit in hits])
    if draft.names == "nothing" and (draft.answer is None or leave_out):
        others = _surely_silent(draft, others)
    if draft.absent and any(_names(passage, draft.absent) for passage in others):
        return LeftOut.NAMED
    gold: list[Passage] = []
    if draft.answer is None or leave_out:
        wanted += 1
    else:
        gold = list({passage.id: passage for passage in (*draft.gold, *answers)}.values())
        gold = gold[: max(_MOST_GOLD, len(draft.gold))]
    lines = _fit(draft.question, gold, others, hits, wanted, grounding.budget, count_tokens)
    if lines is None:
        return LeftOut.BUDGET
    if len(lines) - len(gold) < grounding.fewest_distractors:
        return LeftOut.DISTRACTORS
    if shuffle:
        luck.shuffle(lines)
    example = _example(draft, lines, gold)
    if count_tokens(example.target) > grounding.answer_budget:
        return LeftOut.BUDGET
    if gold and grounding.verified:
        verdicts = verify(draft.question, example.target, [passage for passage, _ in lines], aliases)
        if not all(verdict.ok or verdict.kind == "currency" for verdict in verdicts):
            return LeftOut.UNVERIFIED
    return example


def part_passages(draft: Draft, found: Sequence[Passage]) -> tuple[list[Passage], list[Passage]]:
    """Part the passages that answer from those that do not; those that might are in neither.

    What may answer depends on what the question names: where it names a provision no other
    one answers, and where it names a document no other document does, however alike.
    """
    known = {passage.id for passage in draft.gold}
    answers: list[Passage] = []
    others: list[Passage] = []
    for passage in found:
        if passage.id in known:
            answers.append(passage)
        elif draft.absent or not any(_is_near(draft, passage, gold) for gold in draft.gold):
            others.append(passage)
        elif draft.quotes and _holds_all(passage, draft.quotes):
            answers.append(passage)
        elif not _is_related(passage, draft) and not _might_answer(passage, draft):
            others.append(passage)
    return answers, [passage for passage in others if len(passage.text.split()) >= _SHORTEST]


def _surely_silent(draft: Draft, others: Sequence[Passage]) -> list[Passage]:
    """Keep what people found not to answer and, else, passages that hold few of the question's words."""
    known = list({passage.id: passage for passage in draft.negatives}.values())
    ids = {passage.id for passage in known}
    asked = _stems(draft.question)
    silent = [
        passage
        for passage in others
        if passage.id not in ids and len(asked & _stems(passage.text)) <= _DOUBT * len(asked)
    ]
    return [*known, *silent]


def _is_near(draft: Draft, passage: Passage, gold: Passage) -> bool:
    """Tell whether a passage stands where the question asks, as far as a reader can see."""
    if draft.names == "nothing":
        return True
    mine, other = passage.document, gold.document
    if (mine.number or mine.title) != (other.number or other.title):
        return False
    if draft.names == "document":
        return True
    return passage.label.startswith(gold.label) or gold.label.startswith(passage.label)


def _is_related(passage: Passage, draft: Draft) -> bool:
    """Tell whether a passage stands at, above or below a paragraph that answers: it may say some of it."""
    return any(
        passage.document.id == gold.document.id
        and passage.label != ""
        and (passage.label.startswith(gold.label) or gold.label.startswith(passage.label))
        for gold in draft.gold
    )


def _holds_all(passage: Passage, quotes: Sequence[str]) -> bool:
    text = plain(passage.text)
    return all(plain(quote) in text for quote in quotes)


def _might_answer(passage: Passage, draft: Draft) -> bool:
    """Tell whether a passage holds nearly all words and every figure of what answers."""
    if draft.names == "nothing" and any(_repeats(passage, gold) for gold in draft.gold):
        return True
    text = plain(passage.text)
    if any(plain(quote) in text for quote in draft.quotes if len(quote.split()) >= _LEAD):
        return True
    said = " ".join(draft.quotes) or draft.answer or " ".join(gold.text for gold in draft.gold)
    words, held = _words_of(strip_marks(said)), _words_of(passage.text)
    figures = set(_FIGURE.findall(strip_marks(draft.answer or "")))
    if not words or not figures <= set(_FIGURE.findall(passage.text)):
        return False
    # Where nobody wrote an answer, less is enough to doubt.
    least = _SUSPICION if draft.answer else _DOUBT
    return len(words & held) >= least * len(words)


def _repeats(passage: Passage, gold: Passage) -> bool:
    """Tell whether one of two passages holds nearly all words of the other."""
    mine, other = _words_of(passage.text), _words_of(gold.text)
    fewer = min(len(mine), len(other))
    return fewer > _LEAD and len(mine & other) >= _SUSPICION * fewer


def _stems(text: str) -> frozenset[str]:
    return frozenset(concepts(text))


def _words_of(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(tidy(text)) if len(word) > _SHORT_WORD}


def _names(passage: Passage, name: str) -> bool:
    line = passage_line(passage)
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line, re.IGNORECASE) is not None


def _fit(
    question: str,
    gold: Sequence[Passage],
    others: Sequence[Passage],
    hits: Sequence[Hit],
    wanted: int,
    budget: int,
    count_tokens: CountTokens,
) -> list[tuple[Passage, str]] | None:
    """Keep the gold and the first distractors that fit, in search order; None where the gold does not.

    The room of the gold is set aside first, so that a distractor before it never takes it;
    gold that was not found comes last.
    """
    rank = {hit.passage.id: hit.rank for hit in hits}
    ordered = sorted([*gold, *others], key=lambda passage: rank.get(passage.id, len(rank) + 1))
    lines = {passage.id: passage_line(passage) for passage in ordered}
    cost = {key: count_tokens(f"[9] {neutralise(line)}") for key, line in lines.items()}
    kept = {passage.id for passage in gold}
    used = count_tokens(build_prompt(question, (), count_tokens, budget).text) + sum(
        cost[key] for key in kept
    )
    if used > budget:
        return None
    fitting: list[tuple[Passage, str]] = []
    for passage in ordered:
        if passage.id not in kept:
            if wanted == 0 or used + cost[passage.id] > budget:
                continue
            used += cost[passage.id]
            wanted -= 1
        fitting.append((passage, lines[passage.id]))
    return fitting


def _example(draft: Draft, lines: Sequence[tuple[Passage, str]], gold: Sequence[Passage]) -> Example:
    marks = {passage.id: number for number, (passage, _) in enumerate(lines, start=1)}
    target = (
        cited(draft.answer, [marks[passage.id] for passage in gold]) if draft.answer and gold else ABSTENTION
    )
    kept = {passage.id for passage in gold}
    return Example(
        id=draft.id,
        question=draft.question,
        passages=tuple(ExamplePassage(passage.id, line, passage.id in kept) for passage, line in lines),
        target=target,
        abstain=not gold,
        source=draft.source,
        family=draft.family,
        template=draft.template,
    )


def cited(answer: str, marks: Sequence[int]) -> str:
    """Turn marks of the gold into marks of the row; without any, put all at the end.

    >>> cited("A bank keeps records.", [3])
    'A bank keeps records [3].'
    >>> cited("Records [2] for years [1].", [4, 2])
    'Records [2] for years [4].'
    """
    said = answer.rstrip()
    if parse_marks(said):
        return re.sub(r"\[(\d+)\]", lambda mark: f"[{marks[int(mark[1]) - 1]}]", said)
    return f"{said.removesuffix('.').rstrip()} {' '.join(f'[{mark}]' for mark in sorted(marks))}."
