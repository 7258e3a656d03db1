import pytest

from rag_ft.errors import QuestionError
from rag_ft.pipeline import Pipeline
from rag_ft.pipeline.scoring import Outcome
from rag_ft.prompts import ABSTENTION
from rag_ft.retrieval.passage_index import PassageIndex
from tests.pipeline.conftest import SaidReader, even_score, mark_of, pipeline

QUESTION = "How long must a bank keep customer files?"


def test_a_grounded_answer_is_cited_with_all_that_a_lawyer_reads(index: PassageIndex) -> None:
    mark = mark_of(pipeline(index), QUESTION, "2.1(a)")
    said = f"A bank must keep customer files for at least 5 years after the account closes [{mark}]."
    answer = pipeline(index, said).ask(QUESTION)
    assert not answer.abstained
    assert answer.is_grounded
    assert answer.text == "A bank must keep customer files for at least 5 years after the account closes [1]."
    [citation] = answer.citations
    assert (citation.mark, citation.number, citation.paragraph) == (1, "901", "2.1(a)")
    assert citation.force.startswith("legally binding")
    assert [(b.relation, b.paragraph) for b in answer.beside] == [
        ("subject to", "2.2"),
        ("same list", "2.1(b)"),
    ]
    assert "less than S$50" in answer.beside[0].text
    assert answer.confidence == pytest.approx(0.731, abs=0.001)
    assert set(answer.timings) == {"search", "premises", "read", "verify", "select"}


@pytest.mark.parametrize(
    "lie",
    [
        "The Ministry of Finance keeps customer files for at least 5 years after the account closes [{m}].",
        "A bank must keep customer files for at least 7 years after the account closes [{m}].",
        "A bank must keep customer files for at least 5 days after the account closes [{m}].",
        "A bank need not keep customer files for 5 years after the account closes [{m}].",
        "Bananas are sold by weight [{m}].",
    ],
)
def test_a_lie_never_leaves_and_a_quote_stands_in(index: PassageIndex, lie: str) -> None:
    mark = mark_of(pipeline(index), QUESTION, "2.1(a)")
    answer = pipeline(index, lie.format(m=mark)).ask(QUESTION)
    assert answer.reader == "quotes"
    assert answer.is_grounded
    assert answer.text != lie


def test_the_reader_is_asked_again_without_the_names_that_nothing_held(index: PassageIndex) -> None:
    mark = mark_of(pipeline(index), QUESTION, "2.1(a)")
    good = f"Customer files are kept for at least 5 years after the account closes [{mark}]."
    reader = SaidReader(
        f"The Central Bank of Scotland keeps customer files for 5 years after the account closes [{mark}].",
        later=[good],
    )
    answer = Pipeline(index, reader, score=even_score()).ask(QUESTION)
    assert reader.suppressed == [("Central Bank of Scotland",)]
    assert answer.reader == "said"
    assert answer.text.startswith("Customer files are kept")


def test_marks_that_support_nothing_are_dropped_and_plain_ones_added(index: PassageIndex) -> None:
    said = "Customer files are kept for at least 5 years after the account closes."
    answer = pipeline(index, said).ask(QUESTION)
    assert answer.text == "Customer files are kept for at least 5 years after the account closes [1]."
    assert answer.citations[0].paragraph in {"2.1", "2.1(a)"}


def test_a_reader_that_declines_is_believed(index: PassageIndex) -> None:
    answer = pipeline(index, ABSTENTION).ask("What colour is the moon?")
    assert (answer.abstained, answer.reason, answer.text) == (True, "not_found", ABSTENTION)
    assert answer.closest


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What does the Central Bank of Wales require of banks?", "Central Bank of Wales"),
        ("What does Notice 999 say on records?", "999"),
        ("What records did Project Lagoon keep?", "Project Lagoon"),
    ],
)
def test_a_false_premise_is_proved_absent_and_never_repeated_as_a_fact(
    index: PassageIndex, question: str, name: str
) -> None:
    answer = pipeline(index, f"{name} requires banks to keep customer files [1].").ask(question)
    assert answer.reason == "not_named"
    assert answer.text == ABSTENTION
    assert answer.absence is not None
    assert name in answer.absence.names
    assert answer.absence.paragraphs_searched == len(index)
    assert answer.absence.index_generation == index.generation
    # Nothing was read, so nothing was left out for want of room either.
    assert not any("want of room" in note for note in answer.notes)


def test_what_a_question_only_quotes_is_no_premise(index: PassageIndex) -> None:
    answer = pipeline(index).ask("May a bank that calls itself 'Lagoon Bank' keep its records abroad?")
    assert answer.absence is None


def test_an_institution_of_the_question_must_stand_in_the_cited_paragraph(index: PassageIndex) -> None:
    question = "Within how many business days must MAS or the Central Bank of Scotland get customer files?"
    mark = mark_of(pipeline(index), question, "2.1(a)", k=9)
    said = f"Customer files are kept for at least 5 years after the account closes [{mark}]."
    answer = pipeline(index, said).ask(question, k=9)
    assert answer.text != said


def test_below_the_threshold_the_tool_abstains(index: PassageIndex) -> None:
    # One wrong answer of a hundred at 0.9: to promise 1% it must not be given.
    outcomes = [
        Outcome(0.9, wrong=True),
        *[Outcome(0.5, wrong=True)] * 4,
        *[Outcome(0.95, wrong=False)] * 195,
    ]
    strict = pipeline(index, score=even_score(outcomes=outcomes), risk=0.01)
    answer = strict.ask(QUESTION)
    assert (answer.abstained, answer.reason) == (True, "low_confidence")
    assert answer.confidence == 0.5
    loose = pipeline(index, score=even_score(outcomes=outcomes), risk=0.2)
    assert not loose.ask(QUESTION).abstained


def test_too_few_questions_for_a_promise_are_told(index: PassageIndex) -> None:
    answer = pipeline(index, score=even_score(outcomes=[Outcome(0.4, wrong=False)] * 3)).ask(QUESTION)
    assert any("too few to promise" in note for note in answer.notes)


def test_what_did_not_fit_is_told(index: PassageIndex) -> None:
    reader = SaidReader("Nothing [1].", room=1)
    answer = Pipeline(index, reader, score=even_score()).ask(QUESTION)
    assert any("not read, for want of room" in note for note in answer.notes)


def test_several_questions_are_answered_as_each_alone(index: PassageIndex) -> None:
    from rag_ft.schema import Question

    asked = [QUESTION, "What does Notice 999 say?", "Where may a bank keep its records?"]
    together = pipeline(index).ask_many([Question(each) for each in asked])
    alone = [pipeline(index).ask(each) for each in asked]
    assert [a.text for a in together] == [a.text for a in alone]
    assert [a.reason for a in together] == [a.reason for a in alone]


@pytest.mark.parametrize("question", ["", " ? ", "why " * 500])
def test_a_question_that_cannot_be_asked(index: PassageIndex, question: str) -> None:
    with pytest.raises(QuestionError):
        pipeline(index).ask(question)
