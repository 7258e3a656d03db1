import json
from datetime import date
from pathlib import Path

from rag_ft.plain_json import answer_row, as_plain
from rag_ft.schema import Answer, Citation, Question


def answer() -> Answer:
    cited = Citation(1, "p", "a.md", None, "1.1", (3, 4), None, "five years", fetched=date(2025, 6, 30))
    return Answer("How long?", "five years [1]", False, None, (cited,), (), None, (), "quotes", "1")


def test_an_answer_is_json_with_what_it_says_of_itself() -> None:
    plain = as_plain(answer())
    assert json.loads(json.dumps(plain)) == plain
    assert plain["is_grounded"] is False
    assert plain["citations"][0]["fetched"] == "2025-06-30"
    assert plain["citations"][0]["pages"] == [3, 4]


def test_a_row_of_answers_names_its_question_and_day_first() -> None:
    row = answer_row(Question("How long?", id="a", as_of=date(2025, 1, 2)), answer())
    assert list(row.items())[:3] == [("id", "a"), ("as_of", "2025-01-02"), ("question", "How long?")]
    assert as_plain({"at": (Path("a"),)}) == {"at": ["a"]}
