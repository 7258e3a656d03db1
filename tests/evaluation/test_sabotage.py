"""Systems that are wrong on purpose come out wrong in the measures meant to catch them."""

import random
from collections.abc import Callable

import pytest

from rag_ft.evaluation import Evaluation, evaluate
from rag_ft.evaluation.results import Comparison, SystemResult
from rag_ft.schema import Answer, Gold, Passage, Question
from rag_ft.sentences import split_sentences

_REGULATORS = (
    "Monetary Authority of Singapore",
    "Bank of England",
    "Hong Kong Monetary Authority",
    "European Central Bank",
    "Reserve Bank of India",
    "Bank Negara Malaysia",
)
_DUTIES = ("ledgers", "vouchers", "contracts", "telegrams", "minutes", "ballots", "receipts", "diaries")


class World:
    """Forty rules, each with its own body, duty and period, and twenty questions about none."""

    def __init__(self, make_passage) -> None:
        self.passages: list[Passage] = []
        self.questions: list[Question] = []
        for number in range(40):
            who, duty = _REGULATORS[number % 6], _DUTIES[number % 8]
            rule = f"The {who} requires firms of class {number + 100} to keep {duty} for {number + 2} months."
            self.passages.append(
                make_passage(
                    f"This paragraph is about keeping things. {rule}",
                    label=f"{number}.1",
                    document="rules.md",
                )
            )
            self.questions.append(
                Question(
                    f"Who makes firms of class {number + 100} keep {duty}, and how long?",
                    id=str(number),
                    answer=f"The {who}, for {number + 2} months",
                    answerable=True,
                    gold=(Gold("rules.md", f"{number}.1", rule),),
                )
            )
        for number in range(40, 60):
            self.questions.append(Question(f"What colour is hat {number}?", id=str(number), answerable=False))


# What a system says to a question, and the position of the passage it cites; None abstains.
Said = tuple[str, int] | None


def rule_of(question: Question) -> str:
    return question.gold[0].quote or ""


def honest(question: Question, _: World) -> Said:
    return (rule_of(question), int(question.id)) if question.answerable else None


def at_random(question: Question, world: World) -> Said:
    drawn = random.Random(int(question.id)).randrange(40)  # noqa: S311
    return split_at(world.passages[drawn].text, -1), drawn


def first_sentence(_: Question, world: World) -> Said:
    return split_at(world.passages[0].text, 0), 0


def institutions_swapped(question: Question, _: World) -> Said:
    if not question.answerable:
        return None
    text = rule_of(question)
    position = next(n for n, name in enumerate(_REGULATORS) if name in text)
    return text.replace(_REGULATORS[position], _REGULATORS[position - 1]), int(question.id)


def units_swapped(question: Question, _: World) -> Said:
    return (rule_of(question).replace(" months", " years"), int(question.id)) if question.answerable else None


def citations_moved(question: Question, _: World) -> Said:
    return (rule_of(question), (int(question.id) + 1) % 40) if question.answerable else None


def silent(_: Question, __: World) -> Said:
    return None


@pytest.fixture(scope="module")
def evaluation(make_passage, make_answer, make_system) -> Evaluation:
    world = World(make_passage)

    def speaking(behave: Callable[[Question, World], Said]) -> Callable[[Question], Answer]:
        def reply(question: Question) -> Answer:
            said = behave(question, world)
            if said is None:
                return make_answer("", abstained=True)
            return make_answer(f"{said[0]} [1]", [world.passages[said[1]]], confidence=1.0)

        return reply

    behaviours = (
        honest,
        at_random,
        first_sentence,
        institutions_swapped,
        units_swapped,
        citations_moved,
        silent,
    )
    systems = [
        make_system(behave.__name__.replace("_", " "), speaking(behave), world.passages)
        for behave in behaviours
    ]
    return evaluate(world.questions, systems, resamples=500)


def split_at(text: str, position: int) -> str:
    span = split_sentences(text)[position]
    return text[span.start : span.end]


def system(evaluation: Evaluation, name: str) -> SystemResult:
    return next(each for each in evaluation.systems if each.name == name)


def value(evaluation: Evaluation, name: str, measure: str) -> float:
    return system(evaluation, name).measures[measure].value


def against_honest(evaluation: Evaluation, name: str, measure: str) -> Comparison:
    return next(
        each
        for each in evaluation.comparisons
        if (each.first, each.second, each.measure) == ("honest", name, measure)
    )


def test_the_honest_one_is_right_in_all(evaluation: Evaluation) -> None:
    honest = {name: estimate.value for name, estimate in system(evaluation, "honest").measures.items()}
    for name in (
        "right",
        "gold_paragraph_cited",
        "gold_quote_cited",
        "citation_recall",
        "citation_precision",
    ):
        assert honest[name] == 1.0
    for name in ("abstention_recall", "abstention_precision", "answerable_coverage"):
        assert honest[name] == 1.0
    for name in ("hallucinated_institution", "wrong_figure", "risk"):
        assert honest[name] == 0.0


def test_answering_at_random_is_seen(evaluation: Evaluation) -> None:
    assert value(evaluation, "at random", "right") < 0.2
    assert value(evaluation, "at random", "gold_paragraph_cited") < 0.2
    assert value(evaluation, "at random", "risk") > 0.8
    assert value(evaluation, "at random", "abstention_recall") == 0.0
    # It copies what it cites, so its names and figures are held: that is another measure's business.
    assert value(evaluation, "at random", "hallucinated_institution") == 0.0
    assert against_honest(evaluation, "at random", "right").p_adjusted < 0.05


def test_the_first_sentence_always_is_seen(evaluation: Evaluation) -> None:
    assert value(evaluation, "first sentence", "right") == 0.0
    assert value(evaluation, "first sentence", "gold_paragraph_cited") == pytest.approx(1 / 40)
    assert value(evaluation, "first sentence", "coverage") == 1.0
    assert value(evaluation, "first sentence", "risk") == 1.0


def test_swapped_institutions_are_seen_and_nothing_else_gives_them_away(evaluation: Evaluation) -> None:
    assert value(evaluation, "institutions swapped", "hallucinated_institution") == 1.0
    difference = against_honest(evaluation, "institutions swapped", "hallucinated_institution")
    assert difference.difference == 1.0
    assert difference.p_mcnemar == pytest.approx(2 / 2**40)
    # The right paragraph is cited and most words are right: only the judge of names sees it.
    assert value(evaluation, "institutions swapped", "gold_paragraph_cited") == 1.0
    assert value(evaluation, "institutions swapped", "token_f1") > 0.25
    assert value(evaluation, "institutions swapped", "wrong_figure") == 0.0


def test_swapped_units_are_seen(evaluation: Evaluation) -> None:
    assert value(evaluation, "units swapped", "wrong_figure") == 1.0
    assert value(evaluation, "units swapped", "hallucinated_institution") == 0.0
    assert value(evaluation, "units swapped", "right") == 0.0
    assert against_honest(evaluation, "units swapped", "wrong_figure").p_adjusted < 0.05


def test_moved_citations_are_seen(evaluation: Evaluation) -> None:
    assert value(evaluation, "citations moved", "citation_recall") == 0.0
    assert value(evaluation, "citations moved", "citation_precision") == 0.0
    assert value(evaluation, "citations moved", "gold_paragraph_cited") == 0.0
    assert value(evaluation, "citations moved", "hallucinated_institution") == 1.0


def test_abstaining_always_wins_nothing(evaluation: Evaluation) -> None:
    silent = system(evaluation, "silent").measures
    assert silent["coverage"].value == 0.0
    assert silent["right"].value == 0.0
    assert silent["abstention_recall"].value == 1.0
    assert silent["abstention_precision"].value == pytest.approx(20 / 60)
    # No rate over answers given can be claimed by one who gave none.
    for name in ("hallucinated_institution", "wrong_figure", "risk", "citation_recall"):
        assert name not in silent
    assert system(evaluation, "silent").curve is None
    assert against_honest(evaluation, "silent", "answerable_coverage").difference == -1.0


def test_every_intervention_moves_beyond_its_interval(evaluation: Evaluation) -> None:
    caught = {
        "at random": "right",
        "first sentence": "right",
        "institutions swapped": "hallucinated_institution",
        "units swapped": "wrong_figure",
        "citations moved": "gold_paragraph_cited",
        "silent": "coverage",
    }
    for name, measure in caught.items():
        mine = system(evaluation, name).measures[measure]
        honest = system(evaluation, "honest").measures[measure]
        assert mine.high < honest.low or mine.low > honest.high, (name, measure)
