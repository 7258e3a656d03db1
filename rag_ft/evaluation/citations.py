"""Citation recall and precision in the sense of ALCE (Gao et al. 2023, arXiv 2305.14627).

A statement is a sentence of the answer. It is recalled where the passages that it cites
support it together; a citation is precise where its statement is recalled and it either
supports the statement alone or is needed by the others.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rag_ft.evaluation.judges.figures import unsupported_figures
from rag_ft.evaluation.judges.institutions import unsupported_institutions
from rag_ft.evaluation.judges.wording import share_of_words, stems
from rag_ft.gold import Match, gold_among, is_gold
from rag_ft.prompts import parse_marks, strip_marks
from rag_ft.schema import Passage, Question
from rag_ft.sentences import split_sentences

# Does a set of passages, read together, support a statement?
Supports = Callable[[str, Sequence[Passage]], bool]
# Is a passage the place that a row marks as gold?

# ALCE reads at most this many citations of a sentence (`--at_most_citations`, default 3).
MOST_CITATIONS = 3
# The share of a statement's words of meaning that its passages must hold to contain it.
CONTAINED_SHARE = 0.7

_ONLY_MARKS = re.compile(r"(?:\[\d{1,3}\]|[\s.;,])+")


@dataclass(frozen=True, slots=True)
class CitationScores:
    """Recall and precision of one answer, each in [0, 1]."""

    recall: float
    precision: float


def citation_scores(
    answer: str, cited: Mapping[int, Passage | None], supports: Supports
) -> CitationScores | None:
    """Score the citations of one answer; None where it has no statement.

    Args:
        answer: the text with its marks. Where it has none, what is cited is cited by every
            statement.
        cited: mark to passage; a mark that is missing or None points nowhere, and its
            statement is then not recalled.
        supports: the judge.
    """
    statements = split_statements(answer)
    if not statements:
        return None
    marked = bool(parse_marks(answer))
    recalled = precise = citations = 0
    for statement in statements:
        marks = parse_marks(statement) if marked else tuple(cited)
        marks = marks[:MOST_CITATIONS]
        claim = strip_marks(statement)
        passages = [cited.get(mark) for mark in marks]
        citations += len(passages)
        found = [passage for passage in passages if passage is not None]
        if not found or len(found) < len(passages) or not supports(claim, found):
            continue
        recalled += 1
        precise += sum(_is_needed(claim, position, found, supports) for position in range(len(found)))
    return CitationScores(recalled / len(statements), precise / citations if citations else 0.0)


def split_statements(answer: str) -> list[str]:
    """Cut an answer into sentences; marks that stand after a full stop belong to what is before."""
    statements: list[str] = []
    for start, end in split_sentences(answer):
        sentence = answer[start:end]
        if statements and _ONLY_MARKS.fullmatch(sentence):
            statements[-1] += f" {sentence}"
            continue
        leading = re.match(r"(?:\[\d{1,3}\]\s*)+", sentence)
        if leading and statements:
            statements[-1] += f" {leading.group().strip()}"
            sentence = sentence[leading.end() :]
        statements.append(sentence)
    return [statement for statement in statements if strip_marks(statement)]


def make_judge(name: str, matches: Match = is_gold) -> Callable[[Question], Supports]:
    """Return what judges the citations of a question's answer.

    Args:
        name: "gold" (its gold paragraphs, else containment), "containment", or an entailment
            model's folder or name.
        matches: tells whether a passage is a gold place.

    Raises:
        ModelUnavailableError: the model is not at hand.
    """
    if name == "gold":
        return lambda question: gold_judge(question, matches)
    if name == "containment":
        return lambda _: contains
    from rag_ft.evaluation.nli import load_nli_judge

    supports = load_nli_judge(name)
    return lambda _: supports


def gold_judge(question: Question, matches: Match = is_gold) -> Supports:
    """Judge by the gold paragraphs of a row: passages support where one of them is gold.

    It says that the right place is cited, not that the words say what stands there; a row
    without gold is judged by `contains`.
    """
    if not question.gold:
        return contains
    return lambda _, passages: bool(gold_among(passages, question.gold, matches))


def contains(claim: str, passages: Sequence[Passage]) -> bool:
    """Judge by words: the passages hold most words, every figure and every institution of a claim."""
    texts = [passage.text for passage in passages]
    return (
        bool(stems(claim))
        and share_of_words(claim, " ".join(texts)) >= CONTAINED_SHARE
        and not unsupported_figures(claim, map(evidence_of_figures, passages))
        and not unsupported_institutions(claim, texts)
    )


def evidence_of_figures(passage: Passage) -> str:
    """Return what a citation shows of figures: its text, and the numbers and dates that name it."""
    info = passage.document
    named = (
        info.title,
        info.number and f"Notice {info.number}",
        passage.label and f"paragraph {passage.label}",
    )
    return "\n".join([*filter(None, named), passage.text])


def _is_needed(claim: str, position: int, passages: Sequence[Passage], supports: Supports) -> bool:
    """Tell whether a citation of a supported claim is precise."""
    if len(passages) == 1 or supports(claim, [passages[position]]):
        return True
    return not supports(claim, [*passages[:position], *passages[position + 1 :]])
