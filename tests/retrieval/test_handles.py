"""What a question names."""

from datetime import date

import pytest

from rag_ft.retrieval.handles import HandleFinder, Handles
from rag_ft.schema import DocumentInfo

INFOS = [
    DocumentInfo("a", "Notice 626", "notice", number="626", issued=date(2025, 6, 30)),
    DocumentInfo("b", "Guidelines to Notice 824", "guideline", number="824"),
    DocumentInfo("c", "Payment Services Act 2019", "act"),
    DocumentInfo("d", "Statement on Policy - April 2016", "statement", issued=date(2016, 4, 14)),
    DocumentInfo("e", "Statement on Policy - April 2020", "statement", issued=date(2020, 3, 30)),
    DocumentInfo("f", "Token Notice", "notice", number="PSN02"),
    DocumentInfo("g", "Monetary Authority of Singapore Act 1970", "act"),
]


def find(question: str) -> Handles:
    return HandleFinder(INFOS).find(question)


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("What does Notice 626 say?", {0}),
        ("What does MAS Notice No. 626 say?", {0}),
        ("May a bank lend S$626?", set()),
        ("What does notice 6261 say?", set()),
        ("What does psn02 ask?", {5}),
        ("Is it in the payment services act?", {2}),
        ("Is it in the PS Act or the PSA?", {2}),
        ("What is the capital under the MAS Act?", {6}),
        ("What did MAS do in April 2016?", {3}),
        ("In the 2016 slowdown, what was done in April?", {3}),
        ("What was decided in March 2020?", {4}),
        ("What was decided in April 2020?", {4}),
        ("may a bank lend in 2016?", set()),
        ("What of Notices 626 and 824?", {0, 1}),
    ],
)
def test_documents(question: str, documents: set[int]) -> None:
    assert find(question).documents == documents


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("What does paragraph 6.3(b) say?", (("6", "3", "b"),)),
        ("Is section 204 an offence?", (("204",),)),
        ("See 6.3(b).", (("6", "3", "b"),)),
        ("What is in Annex A?", (("annex", "a"),)),
        ("Is S$20,000 (net) enough?", ()),
        ("Two banks share 20 per cent", ()),
    ],
)
def test_labels(question: str, labels: tuple[tuple[str, ...], ...]) -> None:
    assert find(question).labels == labels


def test_a_marked_up_copy_is_asked_for_in_so_many_words() -> None:
    assert find("In the marked-up version, what does red mean?").marked_up
    assert not find("What does Notice 626 mark?").marked_up


@pytest.mark.parametrize(
    ("question", "letters"),
    [
        ("What does FCB stand for?", ("FCB",)),
        ("What is D-SIB short for?", ("D-SIB",)),
        ("What is the full name of the ACIP?", ("ACIP",)),
        ("What does FCB ask of a grower?", ()),
        ("What does it stand for?", ()),
    ],
)
def test_letters_whose_meaning_is_asked_for(question: str, letters: tuple[str, ...]) -> None:
    assert find(question).letters == letters
