"""A draft and what search returns for it into an Example: real distractors, gold, marks, abstentions.

RAFT (arXiv 2403.10131) keeps the answer where the gold passage is left out; here the
target is then an abstention, since a wrong figure costs more than none.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag_ft.examples.drafts import Draft
from rag_ft.examples.statements import tidy
from rag_ft.examples.structure import draw
from rag_ft.gold import plain
from rag_ft.grounding import Aliases, verify
from rag_ft.prompts import ABSTENTION, DEFAULT_INPUT_TOKENS, build_prompt, neutralise, passage_line
from rag_ft.schema import Example, ExamplePassage, Hit, Passage

CountTokens = Callable[[str], int]

_WORD = re.compile(r"\w[\w.,%$’'-]*\w|\w")
_FIGURE = re.compile(r"\d[\d,.]*")
# The share of an answer's words that a passage may hold before it might answer as well.
_SUSPICION = 0.8
_MOST_GOLD = 2
# T5's vocabulary takes at least this many characters a token on legal English, names and
# figures included; used where no tokenizer is at hand.
_CHARACTERS_A_TOKEN = 3.0


@dataclass(frozen=True, slots=True)
class Grounding:
    """How passages are chosen; shares are 0 to 1.

    `left_out` is the share of answerable questions whose gold is left out, `shuffled` that
    of the examples whose passages are not in search order; `budget` is in the reader's
    tokens, `depth` how many passages are asked of the search. `verified` keeps only answers
    that pass the verifier.
    """

    left_out: float = 0.2
    shuffled: float = 0.3
    fewest_distractors: int = 2
    most_distractors: int = 4
    depth: int = 10
    budget: int = DEFAULT_INPUT_TOKENS
    verified: bool = True


class LeftOut(StrEnum):
    """Why no honest example can be made of a draft."""

    NAMED = "a passage names what the question makes up"
    BUDGET = "the passages that answer do not fit the reader's budget"
    DISTRACTORS = "search returned too few passages that do not answer"
    UNVERIFIED = "the answer does not pass the verifier of answers"


def estimate_tokens(text: str) -> int:
    """Estimate, from above, how many tokens the reader sees."""
    return 2 + int(len(text) / _CHARACTERS_A_TOKEN)


def assemble(
    draft: Draft,
    hits: Sequence[Hit],
    grounding: Grounding,
    seed: int,
    count_tokens: CountTokens = estimate_tokens,
    aliases: Aliases | None = None,
    *,
    leave_out: bool | None = None,
) -> Example | LeftOut:
    """Ground one draft in what search returned for its question.

    Args:
        draft: question, answer, gold.
        hits: what search returned for the question, best first.
        grounding: how passages are chosen.
        seed: the example depends on this and its own draft alone.
        count_tokens: counts tokens as the reader sees them.
        aliases: what each document defines, by document id, for the verifier.
        leave_out: leave the gold out or keep it; by default the seed decides.

    Returns:
        The example, or why no honest one can be made. An answer must pass the very
        verifier that a reader's answers go through.
    """
    luck = random.Random(draw(seed, draft.id, "passages"))  # noqa: S311  no secret hangs on it
    out = luck.random() < grounding.left_out
    wanted = luck.randint(grounding.fewest_distractors, grounding.most_distractors)
    shuffle = luck.random() < grounding.shuffled
    if leave_out is not None:
        out = leave_out
    answers, others = _divide(draft, [hit.passage for hit in hits])
    if draft.answer is None:
        chosen, gold = others, frozenset[str]()
        if draft.absent and any(_names(passage, draft.absent) for passage in others):
            return LeftOut.NAMED
        wanted += 1
    elif out:
        chosen, gold = others, frozenset()
        wanted += 1
    else:
        kept = (answers or list(draft.gold))[:_MOST_GOLD]
        gold = frozenset(passage.id for passage in kept)
        chosen = _in_search_order(kept, others, hits)
    lines = _fit(draft.question, chosen, gold, wanted, grounding.budget, count_tokens)
    if lines is None:
        return LeftOut.BUDGET
    if len(lines) - len(gold) < grounding.fewest_distractors:
        return LeftOut.DISTRACTORS
    if shuffle:
        luck.shuffle(lines)
    example = _example(draft, lines, gold)
    if gold and grounding.verified:
        verdicts = verify(draft.question, example.target, [passage for passage, _ in lines], aliases)
        if not all(verdict.ok or verdict.kind == "currency" for verdict in verdicts):
            return LeftOut.UNVERIFIED
    return example


def _divide(draft: Draft, found: Sequence[Passage]) -> tuple[list[Passage], list[Passage]]:
    """Part the passages that answer from those that do not; those that might are dropped."""
    known = {passage.id for passage in draft.gold}
    places = {(passage.document.id, passage.label) for passage in draft.gold}
    answers: list[Passage] = []
    others: list[Passage] = []
    for passage in found:
        if passage.id in known or (draft.quotes and _holds_all(passage, draft.quotes)):
            answers.append(passage)
        elif (passage.document.id, passage.label) in places and passage.label:
            continue  # another part of the paragraph
        elif draft.absent or not _might_answer(passage, draft):
            others.append(passage)
    return answers, others


def _holds_all(passage: Passage, quotes: Sequence[str]) -> bool:
    text = plain(passage.text)
    return all(plain(quote) in text for quote in quotes)


def _might_answer(passage: Passage, draft: Draft) -> bool:
    """Tell whether a passage holds nearly all words and every figure of what answers."""
    said = " ".join(draft.quotes) or draft.answer or ""
    words = {word.casefold() for word in _WORD.findall(tidy(said)) if len(word) > 3}
    held = {word.casefold() for word in _WORD.findall(tidy(passage.text))}
    figures = set(_FIGURE.findall(draft.answer or ""))
    if not words or not figures <= set(_FIGURE.findall(passage.text)):
        return False
    return len(words & held) >= _SUSPICION * len(words)


def _names(passage: Passage, name: str) -> bool:
    line = passage_line(passage)
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line, re.IGNORECASE) is not None


def _in_search_order(
    kept: Sequence[Passage], others: Sequence[Passage], hits: Sequence[Hit]
) -> list[Passage]:
    """Put gold and distractors in the order found; gold that was not found comes last."""
    rank = {hit.passage.id: hit.rank for hit in hits}
    return sorted([*kept, *others], key=lambda passage: rank.get(passage.id, len(rank) + 1))


def _fit(
    question: str,
    passages: Sequence[Passage],
    gold: frozenset[str],
    wanted: int,
    budget: int,
    count_tokens: CountTokens,
) -> list[tuple[Passage, str]] | None:
    """Keep the gold and the first distractors that fit; None where the gold does not.

    The room of the gold is set aside first, so that a distractor before it never takes it.
    """
    lines = {passage.id: passage_line(passage) for passage in passages}
    cost = {key: count_tokens(f"[9] {neutralise(line)}") for key, line in lines.items()}
    used = count_tokens(build_prompt(question, (), count_tokens, budget).text) + sum(
        cost[key] for key in gold
    )
    if used > budget:
        return None
    fitting: list[tuple[Passage, str]] = []
    for passage in passages:
        if passage.id not in gold:
            if wanted == 0 or used + cost[passage.id] > budget:
                continue
            used += cost[passage.id]
            wanted -= 1
        fitting.append((passage, lines[passage.id]))
    return fitting


def _example(draft: Draft, lines: Sequence[tuple[Passage, str]], gold: frozenset[str]) -> Example:
    marks = [number for number, (passage, _) in enumerate(lines, start=1) if passage.id in gold]
    target = cited(draft.answer, marks) if draft.answer and marks else ABSTENTION
    return Example(
        id=draft.id,
        question=draft.question,
        passages=tuple(ExamplePassage(passage.id, line, passage.id in gold) for passage, line in lines),
        target=target,
        abstain=not marks,
        source=draft.source,
        family=draft.family,
        template=draft.template,
    )


def cited(answer: str, marks: Sequence[int]) -> str:
    """Put the marks at the end of an answer, before its full stop."""
    said = answer.rstrip()
    end = said[-1] if said[-1] in ".!?" else "."
    return f"{said.rstrip('.!?').rstrip()} {' '.join(f'[{mark}]' for mark in marks)}{end}"
