"""Denials, opposites, exceptions and lists, each alone."""

from rag_ft.grounding.clauses import read_clauses
from rag_ft.grounding.denials import find_denied_state, find_outsider, find_unheld_denial
from rag_ft.grounding.exceptions import with_exceptions
from rag_ft.grounding.limbs import write_out
from rag_ft.grounding.opposites import find_opposite


def test_each_limb_of_a_list_gets_its_lead_in() -> None:
    assert write_out("A bank must: (a) ask the customer; and (b) check the answer.") == (
        "A bank must ask the customer.\nA bank must check the answer."
    )
    assert write_out("See section 4 (a) of the Act.") == "See section 4 (a) of the Act."


def test_a_denial_needs_a_passage_that_denies() -> None:
    passage = "Tipping-off is an offence under the Act."
    assert find_unheld_denial("Tipping-off is not an offence.", passage) is not None
    assert find_unheld_denial("A branch need not file.", "A branch is exempt from filing.") is None
    assert find_unheld_denial("Reports go only to the office.", "Reports go to the office.") is not None


def test_a_state_that_the_passage_denies_is_not_held() -> None:
    passage = "No criminal proceedings follow for the same breach once a penalty is ordered."
    assert find_denied_state("Criminal proceedings follow for the same breach.", passage) is not None
    assert find_denied_state("No criminal proceedings follow.", passage) is None


def test_what_is_said_only_of_some_is_not_said_of_others() -> None:
    passage = "Only a corporation can apply for a dealing licence."
    assert find_outsider("An individual may apply for a dealing licence.", passage) is not None
    assert find_outsider("A corporation may apply for a dealing licence.", passage) is None


def test_an_opposite_among_the_same_words_is_a_contradiction() -> None:
    passage = "Compensation stops at the total or the cap, whichever is lower."
    assert find_opposite("It stops at the total or the cap, whichever is higher.", passage) is not None
    assert find_opposite("It stops at the total or the cap, whichever is lower.", passage) is None


def test_the_contrary_of_a_rule_holds_for_what_it_leaves_out() -> None:
    clauses = with_exceptions(read_clauses("All banks must file a return, other than branches."))
    exempt = [clause for clause in clauses if clause.force == "exempts"]
    assert ["branch" in clause.words and "return" in clause.words for clause in exempt] == [True]
