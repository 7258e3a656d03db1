import pytest

from rag_ft.evaluation.correctness import is_misleading, is_right
from rag_ft.evaluation.judges.wording import share_of_words, stems
from rag_ft.schema import Gold, Question

ROW = Question(
    "How long must records be kept?",
    answer="At least 5 years after the business ends",
    gold=(Gold("n", "12.3", "a period of not less than five years following the end of business relations"),),
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Records are kept for at least five years after the business ends [1].", True),
        ("a period of not less than five years following the end of business relations [1]", True),
        ("At least 6 years after the business ends", False),
        ("5 years", True),  # short, and all of it stands in the reference
        ("5 years, unless MAS says otherwise in writing", False),  # most of it does not
        ("5 days after the business ends", False),
        ("It depends on the risk.", False),
        ("", False),
    ],
)
def test_figures_must_be_there_and_most_of_the_words(answer: str, expected: bool) -> None:
    assert is_right(ROW, answer) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("No, banks are exempt", True),
        ("Banks are exempt.", True),
        ("Yes, banks are exempt", False),
        ("banks", False),
    ],
)
def test_yes_is_not_no(answer: str, expected: bool) -> None:
    assert is_right(Question("Need they a licence?", answer="No, banks are exempt"), answer) is expected


def test_any_alternative_will_do() -> None:
    row = Question("Which notice?", answer="Notice 626", alternatives=("Notice 824",))
    assert is_right(row, "Notice 824")
    assert not is_right(row, "Notice 314")


def test_without_a_reference_nobody_can_tell() -> None:
    assert is_right(Question("q?"), "anything") is None


def test_words_by_hand() -> None:
    assert stems("The banks must require requirements") == {"bank", "requir"}
    assert share_of_words("keep records", "records kept long") == 0.5
    assert share_of_words("of the", "anything") == 1.0
    assert share_of_words("no exception", "exception") == 0.5


def test_the_rule_itself_is_right_where_its_paragraph_is_gold(make_passage) -> None:
    row = Question("May a consultant sit in?", answer="No; outsiders are kept out")
    rule = make_passage("Consultants and other third parties are not permitted to attend the interview.")
    assert is_right(row, "Third parties are not permitted to attend the interview [1].", [rule])
    assert not is_right(row, "Third parties are not permitted to attend the interview [1].")
    assert not is_right(row, "The interview takes place in the office of the Authority [1].", [rule])
    figured = Question("How long?", answer="12 months, as a rule")
    assert not is_right(figured, "Third parties are not permitted to attend.", [rule])


def test_figures_are_compared_as_figures_not_as_words() -> None:
    row = Question("What is the cap?", answer="$580 billion.")
    assert is_right(row, "The total must not at any time exceed $580,000,000,000 in law")
    assert not is_right(row, "The total must not at any time exceed $580 million in law")


def test_what_misleads_and_what_is_beside_the_point(make_passage) -> None:
    here = make_passage("A bank keeps records.", document="n")
    row = Question("How long?", answer="5 years", gold=(Gold("n", "12.3"),))

    def misleads(answer: str, document: str = "n", asked: Question = row) -> bool:
        cited = make_passage(here.text, document=document)
        return is_misleading(asked, answer, [cited], right=is_right(asked, answer, []) is True)

    assert not misleads("5 years [1].")
    assert not misleads("A bank keeps records [1].")  # beside the point
    assert misleads("A bank keeps records [1].", document="elsewhere")
    assert misleads("6 years [1].")
    assert not misleads("Paragraph 6 says so [1].")  # no period, so not another one
    assert misleads("5 years [1].", asked=Question("How long?", answerable=False))
