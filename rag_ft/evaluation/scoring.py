"""What one question counts in each measure: from an answer with its cited passages, and from hits."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rag_ft.evaluation.benchmark import OwnMeasures
from rag_ft.evaluation.citations import Supports, citation_scores, evidence_of_figures
from rag_ft.evaluation.correctness import is_misleading, is_right
from rag_ft.evaluation.judges.figures import unsupported_figures
from rag_ft.evaluation.judges.institutions import unsupported_institutions
from rag_ft.evaluation.measures import Tally
from rag_ft.gold import Match, gold_among, holds_quote, is_gold, is_gold_document
from rag_ft.metrics import RETRIEVAL_MEASURES, exact_match, retrieval_measures, rouge_l, token_f1
from rag_ft.prompts import strip_marks
from rag_ft.schema import Answer, Hit, Passage, Question

# As deep as the deepest measure looks.
SEARCH_DEPTH = 20


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A mark and the passage of the index that it points to; None where there is none."""

    mark: int
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Rubric:
    """What judges an answer.

    Attributes:
        judge: question to what judges whether cited passages support a statement.
        matches: tells whether a passage is a gold place.
        own: the measures of a public set's paper.
        given: question id to the passages that it came with.
    """

    judge: Callable[[Question], Supports]
    matches: Match = is_gold
    own: OwnMeasures | None = None
    given: Mapping[str, Sequence[Passage]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """What one answer counts in each measure, and what the judges found wrong, in words."""

    tallies: dict[str, Tally]
    faults: tuple[str, ...]


def is_answerable(question: Question) -> bool | None:
    """Tell whether a question has an answer: as its row says, else where it has an answer or gold."""
    if question.answerable is not None:
        return question.answerable
    return True if question.answer or question.gold else None


def score_answer(question: Question, answer: Answer, cited: Sequence[CitedPassage], rubric: Rubric) -> Score:
    """Count one answer in every measure that applies to its question.

    Args:
        question: the row.
        answer: what the system said.
        cited: the passages of the index that it cites.
        rubric: what judges.
    """
    answerable = is_answerable(question)
    given = not answer.abstained
    tallies: dict[str, Tally] = {"coverage": (float(given), 1.0)}
    faults: tuple[str, ...] = ()
    right = _is_right(question, answer, cited, rubric)
    if answerable is True:
        tallies["answerable_coverage"] = (float(given), 1.0)
        tallies |= _against_reference(question, answer)
        if right is not None:
            tallies["right"] = (float(right), 1.0)
        tallies |= _against_gold(question, cited if given else (), rubric.matches)
    if answerable is False:
        tallies["abstention_recall"] = (float(not given), 1.0)
    if answerable is not None and not given:
        tallies["abstention_precision"] = (float(not answerable), 1.0)
    if given:
        more, faults = _trust(answer, cited, rubric.judge(question))
        tallies |= more
        if right is not None or answerable is False:
            tallies["risk"] = (float(not right), 1.0)
    if answerable is False or right is not None:
        passages = _passages(cited)
        misleads = given and is_misleading(question, answer.text, passages, right=right is True)
        tallies["misleading"] = (float(misleads), 1.0)
    if rubric.own is not None:
        tallies |= rubric.own(question, answer, rubric.given.get(question.id, ()))
    return Score(tallies, faults)


def _is_right(
    question: Question, answer: Answer, cited: Sequence[CitedPassage], rubric: Rubric
) -> bool | None:
    """Tell whether an answerable question was answered right; None where nobody can tell."""
    if not is_answerable(question) or not question.references:
        return None
    gold_cited = gold_among(_passages(cited), question.gold, rubric.matches)
    return not answer.abstained and is_right(question, answer.text, gold_cited) is True


def _trust(
    answer: Answer, cited: Sequence[CitedPassage], supports: Supports
) -> tuple[dict[str, Tally], tuple[str, ...]]:
    """Count what only an answer that was given can do wrong."""
    passages = _passages(cited)
    names = unsupported_institutions(answer.text, [passage.text for passage in passages])
    numbers = unsupported_figures(answer.text, map(evidence_of_figures, passages))
    tallies: dict[str, Tally] = {
        "hallucinated_institution": (float(bool(names)), 1.0),
        "wrong_figure": (float(bool(numbers)), 1.0),
    }
    citations = citation_scores(answer.text, {each.mark: each.passage for each in cited}, supports)
    if citations is not None:
        tallies["citation_recall"] = (citations.recall, 1.0)
        tallies["citation_precision"] = (citations.precision, 1.0)
    named = [f"institution that no cited passage names: {name}" for name in names]
    stated = [f"figure that no cited passage holds: {number}" for number in numbers]
    return tallies, (*named, *stated)


def score_searches(
    questions: Sequence[Question], hits: Mapping[str, Sequence[Hit]], rubric: Rubric
) -> dict[str, dict[str, Tally]]:
    """Count the rankings of all questions that have gold: question id to measure to tally."""
    asked = [question for question in questions if question.gold and is_answerable(question) is not False]
    rankings = {
        question.id: rank_gold(question, hits.get(question.id, ()), rubric.matches) for question in asked
    }
    relevant = {
        question.id: {_gold_id(position) for position in range(len(question.gold))} for question in asked
    }
    tallies: dict[str, dict[str, Tally]] = {question.id: {} for question in asked}
    for measure, values in retrieval_measures(rankings, relevant, RETRIEVAL_MEASURES).items():
        for question_id, value in values.items():
            tallies[question_id][measure] = (value, 1.0)
    return tallies


def rank_gold(question: Question, hits: Sequence[Hit], matches: Match = is_gold) -> list[str]:
    """Name each hit by the gold that it is the first to reach, else by its rank.

    A hit that reaches several gold paragraphs at once stands for each, one after the other.
    """
    reached: set[int] = set()
    ranking: list[str] = []
    for rank, hit in enumerate(hits, start=1):
        new = [
            position
            for position, gold in enumerate(question.gold)
            if position not in reached and matches(hit.passage, gold)
        ]
        reached.update(new)
        ranking += [_gold_id(position) for position in new] or [f"other-{rank}"]
    return ranking


def _gold_id(position: int) -> str:
    return f"gold-{position}"


def _against_reference(question: Question, answer: Answer) -> dict[str, Tally]:
    references = question.references
    if not references:
        return {}
    text = "" if answer.abstained else strip_marks(answer.text)
    return {
        "exact_match": (max(exact_match(text, reference) for reference in references), 1.0),
        "token_f1": (max(token_f1(text, reference) for reference in references), 1.0),
        "rouge_l": (max(rouge_l(text, reference) for reference in references), 1.0),
    }


def _against_gold(question: Question, cited: Sequence[CitedPassage], matches: Match) -> dict[str, Tally]:
    passages = _passages(cited)
    if not question.gold:
        return {}
    tallies: dict[str, Tally] = {
        "gold_document_cited": _any(is_gold_document(p.document, g) for p in passages for g in question.gold),
        "gold_paragraph_cited": _any(gold_among(passages, question.gold, matches)),
    }
    quotes = [gold.quote for gold in question.gold if gold.quote]
    if quotes:
        tallies["gold_quote_cited"] = _any(holds_quote(p.text, quote) for p in passages for quote in quotes)
    return tallies


def _passages(cited: Sequence[CitedPassage]) -> list[Passage]:
    """Return the cited passages that the index holds."""
    return [each.passage for each in cited if each.passage is not None]


def _any(found: Iterable[object]) -> Tally:
    return float(any(found)), 1.0
