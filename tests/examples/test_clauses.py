import pytest

from rag_ft.examples.clauses import read_clause, stands_alone, with_article


def test_a_condition_before_the_rule_is_parted_from_it() -> None:
    clause = read_clause(
        "Where a vessel leaks oil, the harbour warden shall close the berth to other vessels."
    )
    assert clause is not None
    assert (clause.subject, clause.modal, clause.condition) == (
        "the harbour warden",
        "must",
        "where a vessel leaks oil",
    )
    assert clause.predicate == "close the berth to other vessels"
    assert clause.sentence == (
        "Where a vessel leaks oil, the harbour warden must close the berth to other vessels."
    )


def test_a_condition_after_the_rule_keeps_its_marker() -> None:
    clause = read_clause("A harbour warden may move a vessel if its owner has not paid the fee.")
    assert clause is not None
    assert (clause.predicate, clause.marker, clause.back) == (
        "move a vessel",
        "if",
        "its owner has not paid the fee",
    )
    assert clause.rule == "a harbour warden may move a vessel if its owner has not paid the fee"


def test_a_denial_far_from_its_verb_is_left_alone() -> None:
    between = "by virtue of any promise made by a clerk of the port or on behalf of one " * 2
    assert read_clause(f"The warden shall not, {between.strip()}, be bound to open a berth.") is None


def test_what_no_one_may_do_is_what_one_must_not_do() -> None:
    clause = read_clause("No ferry company shall carry fireworks on a night crossing.")
    assert clause is not None
    assert clause.rule == "a ferry company must not carry fireworks on a night crossing"


def test_words_between_modal_and_verb_stay_where_they_are() -> None:
    clause = read_clause("The Port Council may, by notice in the port gazette, close a quay.")
    assert clause is not None
    assert clause.inserted == "by notice in the port gazette"
    assert clause.sentence == "The Port Council may, by notice in the port gazette, close a quay."


@pytest.mark.parametrize(
    "sentence",
    [
        "The wardens of the quay.",
        "It must be painted.",
        "The Council (as it may be called) has a seal.",
        "A warden must where a ship sinks, ring the bell.",
        "Part 4 — a warden must ring the bell.",
    ],
)
def test_what_is_no_rule_for_certain_is_left_alone(sentence: str) -> None:
    assert read_clause(sentence) is None


def test_on_or_after_is_not_cut_in_two() -> None:
    clause = read_clause("A warden must mark every berth closed on or after the first storm.")
    assert clause is not None
    assert clause.marker is None


def test_pointers_out_of_the_sentence_are_seen() -> None:
    assert stands_alone("a bank must keep its records", None)
    assert not stands_alone("a bank mentioned in subsection (2)")
    assert not stands_alone("take possession of any of the books")
    assert not stands_alone("grant an exemption under this section")


@pytest.mark.parametrize(
    ("noun", "phrase"), [("use", "a use"), ("MPI", "an MPI"), ("order", "an order"), ("unit", "a unit")]
)
def test_an_article_goes_by_sound(noun: str, phrase: str) -> None:
    assert with_article(noun) == phrase
