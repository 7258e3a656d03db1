from pathlib import Path

import pytest

from rag_ft.errors import UsageError
from rag_ft.evaluation.promoting import development_questions, hold_contest, shipped_questions
from rag_ft.question_rows import load_questions
from rag_ft.schema import DocumentInfo, Gold, Question
from rag_ft.shipped import eval_folder

QUESTIONS = [
    Question(
        f"How long in case {n}?",
        id=str(n),
        answer="five years",
        answerable=True,
        gold=(Gold("primer/records.md", "1.1"),),
        split="dev",
    )
    for n in range(60)
]


@pytest.fixture
def contest(make_system, make_answer, make_passage):
    """Hold a reader that says `words` of the first `right` questions against quotes right in 30."""

    def hold(right: int, words: str = "five years", wrong: str = "it depends"):
        found = make_passage()

        def system(name: str, count: int, said: str):
            def reply(question: Question):
                return make_answer(f"{said if int(question.id) < count else wrong} [1]", [found])

            return make_system(name, reply, [found])

        quotes = system("quotes", 30, "five years")
        return hold_contest(system("reader", right, words), QUESTIONS, "none", quotes=quotes, resamples=300)[
            0
        ]

    return hold


def test_a_reader_with_more_right_answers_wins(contest):
    held = contest(50)
    assert held.won
    assert held.questions == 60
    assert held.right.difference == pytest.approx(20 / 60)
    assert held.reason.startswith("right answers 0.500 → 0.833, change +0.")
    assert held.reason.endswith(", and nothing that the gate holds is worse")


def test_a_gain_that_chance_explains_does_not_win(contest):
    held = contest(32)
    assert not held.won
    assert held.right.difference == pytest.approx(2 / 60)
    assert held.reason.endswith("no gain beyond chance")


def test_an_equal_reader_does_not_win(contest):
    assert not contest(30).won


@pytest.mark.parametrize(
    ("words", "measure"),
    [
        ("five years, says the Bank of England", "Hallucinated institutions"),
        ("five years and S$700", "Wrong figures"),
    ],
)
def test_a_single_wrong_name_or_figure_costs_the_win(
    make_system, make_answer, make_passage, words: str, measure: str
):
    found = make_passage()

    def reader(question: Question):
        said = words if question.id == "7" else "five years"
        return make_answer(f"{said} [1]", [found])

    def quotes(question: Question):
        return make_answer("five years [1]" if int(question.id) < 30 else "it depends [1]", [found])

    held, _ = hold_contest(
        make_system("reader", reader, [found]),
        QUESTIONS,
        "none",
        quotes=make_system("quotes", quotes, [found]),
        resamples=300,
    )
    assert not held.won
    assert f", but FAIL  quotes: {measure} 0.000 → 0.017" in held.reason


def test_a_reader_that_always_abstains_does_not_win(make_system, make_answer, make_passage):
    found = make_passage()
    held, _ = hold_contest(
        make_system("reader", lambda _: make_answer("", abstained=True), [found]),
        QUESTIONS,
        "none",
        quotes=make_system("quotes", lambda _: make_answer("it depends [1]", [found]), [found]),
        resamples=100,
    )
    assert not held.won


def test_a_reader_that_cannot_run_does_not_win(make_system, make_answer, tmp_path: Path):
    quotes = make_system("quotes", lambda _: make_answer("five years"))
    held, evaluation = hold_contest(tmp_path / "none", QUESTIONS, tmp_path, quotes=quotes, resamples=100)
    assert not held.won
    assert held.reason.startswith("reader did not run: ")
    assert evaluation.systems[1].status == "not run"


def test_there_must_be_questions():
    with pytest.raises(UsageError, match="no development question"):
        hold_contest("reader", [], "index")


def test_development_rows_are_chosen_where_rows_are_divided(tmp_path: Path):
    rows = ['{"question": "One?", "split": "dev"}', '{"question": "Two?", "split": "test"}']
    (tmp_path / "both.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "test.jsonl").write_text(rows[1], encoding="utf-8")
    (tmp_path / "none.jsonl").write_text('{"question": "One?"}\n{"question": "Two?"}', encoding="utf-8")
    assert [row.question for row in development_questions(tmp_path / "both.jsonl")] == ["One?"]
    assert len(development_questions(tmp_path / "none.jsonl")) == 2
    with pytest.raises(UsageError, match='mark some "split": "dev"'):
        development_questions(tmp_path / "test.jsonl")


class Holding:
    """An index of which only its documents are asked."""

    def __init__(self, ids: set[str]) -> None:
        self._ids = ids

    def documents(self) -> list[DocumentInfo]:
        return [DocumentInfo(each, each) for each in sorted(self._ids)]


def test_the_shipped_set_is_the_one_whose_documents_are_all_there():
    rows = [row for row in load_questions(eval_folder() / "primer.jsonl") if row.split == "dev"]
    ids = {gold.document for row in rows for gold in row.gold}
    assert shipped_questions(Holding(ids)) == eval_folder() / "primer.jsonl"
    assert shipped_questions(Holding({"notes.md"})) is None
    assert shipped_questions(Holding(ids - {rows[0].gold[0].document})) is None
