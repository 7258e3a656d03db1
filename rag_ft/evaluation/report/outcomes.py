"""Which questions each system won and lost, from its rows alone."""

from dataclasses import dataclass
from typing import Literal

from rag_ft.evaluation.report.tables import systems_that_ran
from rag_ft.evaluation.results import AskedQuestion, Evaluation, RowResult, ShownPassage

Verdict = Literal["won", "lost", "open"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one system made of one question."""

    system: str
    verdict: Verdict
    row: RowResult


@dataclass(frozen=True, slots=True)
class QuestionOutcomes:
    """One question and what every system made of it."""

    question: AskedQuestion
    outcomes: tuple[Outcome, ...]

    @property
    def searches(self) -> list[tuple[str, tuple[ShownPassage, ...]]]:
        """What was found, once for all systems that found the same; nothing where all won."""
        if all(outcome.verdict == "won" for outcome in self.outcomes):
            return []
        names: dict[tuple[ShownPassage, ...], list[str]] = {}
        for outcome in self.outcomes:
            if outcome.row.found:
                names.setdefault(outcome.row.found, []).append(outcome.system)
        return [(", ".join(systems), found) for found, systems in names.items()]


@dataclass(frozen=True, slots=True)
class OutcomeGroup:
    """Questions that went the same way."""

    title: str
    questions: tuple[QuestionOutcomes, ...]


def verdict_of(question: AskedQuestion, row: RowResult) -> Verdict:
    """Tell whether a question was won.

    An answerable one is won by an answer that is right, an unanswerable one by abstaining;
    where no answer was asked for, by a gold paragraph among the first five.
    """
    if "coverage" not in row.tallies:
        found = row.tallies.get("Success@5")
        return "open" if found is None else ("won" if found[0] else "lost")
    if question.answerable is False:
        return "won" if row.abstained else "lost"
    right = row.tallies.get("right")
    if right is None:
        return "open"
    return "won" if right[0] else "lost"


def outcome_groups(evaluation: Evaluation) -> list[OutcomeGroup]:
    """Group the questions: lost by all, then where systems part, then won by all."""
    ran = systems_that_ran(evaluation)
    rows = {system.name: {row.id: row for row in system.rows} for system in ran}
    groups: dict[tuple[Verdict, ...], list[QuestionOutcomes]] = {}
    for question in evaluation.questions.rows:
        outcomes = tuple(
            Outcome(name, verdict_of(question, by_id[question.id]), by_id[question.id])
            for name, by_id in rows.items()
            if question.id in by_id
        )
        if outcomes:
            key = tuple(outcome.verdict for outcome in outcomes)
            groups.setdefault(key, []).append(QuestionOutcomes(question, outcomes))
    ordered = sorted(groups.items(), key=lambda group: (group[0].count("won"), group[0]))
    return [OutcomeGroup(_title(key, questions[0]), tuple(questions)) for key, questions in ordered]


def _title(key: tuple[Verdict, ...], example: QuestionOutcomes) -> str:
    names = [outcome.system for outcome in example.outcomes]
    if len(key) == 1:
        return {"won": "Won", "lost": "Lost", "open": "Not judged: no reference"}[key[0]]
    if len(set(key)) == 1:
        return {"won": "Won by all", "lost": "Lost by all", "open": "Not judged: no reference"}[key[0]]
    winners = [name for name, verdict in zip(names, key, strict=True) if verdict == "won"]
    return f"Won by {', '.join(winners)} only" if winners else "Lost, or not judged"
