"""The strings that a reader sees and gives, verbatim, once; and the marks parsed back.

Flan-T5's vocabulary has neither braces nor a newline (huggingface/transformers#21836),
so a prompt is one line and a mark is `[1]`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag_ft.errors import QuestionError
from rag_ft.schema import Passage

PROMPT_VERSION = "1"
INSTRUCTION = (
    "Answer the question from the numbered passages only and cite them. If they do not answer it, say so."
)
QUESTION, PASSAGES = "Question:", "Passages:"
ABSTENTION = "The passages do not answer this question."
DEFAULT_INPUT_TOKENS = 1024

_MARK = re.compile(r"\[(\d{1,3})\]")

CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A model input, and how many of the passages offered it holds, in their order.

    `included` are positions in the sequence offered; mark `[n]` is `included[n - 1]`.
    """

    text: str
    included: tuple[int, ...]
    left_out: tuple[int, ...]


def passage_line(passage: Passage) -> str:
    """Say where a passage stands and what it says, as readers are trained on and asked."""
    info = passage.document
    name = info.number if info.number else info.title
    return f"{name}, {passage.label}: {passage.text}" if passage.label else f"{name}: {passage.text}"


def build_prompt(
    question: str,
    lines: Sequence[str],
    count_tokens: CountTokens,
    budget: int = DEFAULT_INPUT_TOKENS,
) -> Prompt:
    """Build the model input: instruction, question, then numbered passages in search order.

    Passages enter until `budget` tokens are full; one that does not fit is left out
    whole. The question is never cut.

    Raises:
        QuestionError: the question alone fills the budget.
    """
    head = f"{INSTRUCTION} {QUESTION} {one_line(question)} {PASSAGES}"
    used = count_tokens(head)
    if used > budget:
        raise QuestionError(
            f"the question takes {used} tokens and the reader's budget is {budget}: ask a shorter question"
        )
    parts = [head]
    included: list[int] = []
    left_out: list[int] = []
    for position, line in enumerate(lines):
        numbered = f"{mark(len(included) + 1)} {neutralise(line)}"
        cost = count_tokens(numbered)
        if used + cost > budget:
            left_out.append(position)
            continue
        used += cost
        included.append(position)
        parts.append(numbered)
    return Prompt(" ".join(parts), tuple(included), tuple(left_out))


def mark(number: int) -> str:
    """Return the mark of a passage, from 1."""
    return f"[{number}]"


def neutralise(text: str) -> str:
    """Put a passage on one line and disarm marks of its own, so that they cite nothing."""
    return one_line(_MARK.sub(r"(\1)", text))


def one_line(text: str) -> str:
    """Fold white space and drop control characters; no word is lost."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def parse_marks(text: str) -> tuple[int, ...]:
    """Return the citation marks of an answer in order of first use, each once."""
    return tuple(dict.fromkeys(int(mark) for mark in _MARK.findall(text)))


def strip_marks(text: str) -> str:
    """Return an answer without its citation marks."""
    return " ".join(_MARK.sub(" ", text).split()).replace(" .", ".").replace(" ,", ",")


def is_abstention(text: str) -> bool:
    """Tell whether a reader's text is the abstention it was taught."""
    return strip_marks(text).casefold().rstrip(".") == ABSTENTION.casefold().rstrip(".")
