from collections.abc import Callable

from rag_ft.examples.statements import link_words, read_definition, read_statements
from rag_ft.schema import Passage

Make = Callable[..., Passage]


def test_slices_come_back_out_of_the_text(passage: Make) -> None:
    assert passage("A warden must —", "ring the bell; and").slices == (
        "A warden must —",
        "ring the bell; and",
    )


def test_a_duty_among_others_is_joined_to_its_lead_in(passage: Make) -> None:
    limb = passage("A warden must —", "ring the bell; and")
    (statement,) = read_statements(limb, link_words([limb]))
    assert statement.text == "A warden must ring the bell."
    assert statement.quotes == ("A warden must —", "ring the bell; and")


def test_one_of_two_choices_is_no_duty(passage: Make) -> None:
    limb = passage("A warden must —", "ring the bell; or")
    assert read_statements(limb, link_words([limb])) == ()


def test_one_ground_of_several_stands_but_one_condition_of_several_does_not(passage: Make) -> None:
    ground = passage("The Council may close a quay if —", "a storm is forecast; or")
    (statement,) = read_statements(ground, link_words([ground]))
    assert statement.text == "The Council may close a quay if a storm is forecast."
    condition = passage("The Council may close a quay if —", "a storm is forecast; and")
    assert read_statements(condition, link_words([condition])) == ()


def test_the_link_of_a_limb_is_learnt_from_its_sibling(passage: Make) -> None:
    first = passage("A warden must —", "ring the bell;")
    second = passage("A warden must —", "light the lamp; and")
    assert second.spans[:-1] == first.spans[:-1]
    (statement,) = read_statements(first, link_words([first, second]))
    assert statement.text == "A warden must ring the bell."


def test_a_list_keeps_its_limbs(passage: Make) -> None:
    (statement,) = read_statements(
        passage("A warden must:", "(a) ring the bell;", "(b) light the lamp; and", "(c) bar the gate."), {}
    )
    assert statement.lead == "A warden must"
    assert statement.items == ("ring the bell", "light the lamp", "bar the gate")
    assert statement.text == "A warden must: ring the bell; light the lamp; and bar the gate."


def test_a_list_within_a_list_is_left_alone(passage: Make) -> None:
    nested = passage("A warden must:", "(a) ring —", "(i) the bell;", "(b) light the lamp.")
    assert read_statements(nested, {}) == ()


def test_words_without_a_full_stop_are_no_sentence(passage: Make) -> None:
    found = read_statements(passage("A warden must ring the bell. Joint Berths"), {})
    assert [statement.text for statement in found] == ["A warden must ring the bell."]


def test_a_definition_leaves_its_lead_in_behind(passage: Make) -> None:
    read = read_definition(
        passage("In this Act —", "“berth” means a place at a quay; and", role="definition", term="berth")
    )
    assert read is not None
    assert read.text == "“berth” means a place at a quay."


def test_a_limb_whose_verb_comes_after_the_list_is_left_alone(passage: Make) -> None:
    first = passage("A warden must, within a day after —", "a vessel comes in; and")
    assert read_statements(first, link_words([first])) == ()


def test_a_case_of_several_within_a_limb_is_no_sentence(passage: Make) -> None:
    lead = ("A warden may close a berth if —", "it is right, having regard to —", "in any other case —")
    limb = passage(*lead, "the safety of the quay; and")
    assert read_statements(limb, {limb.spans[:-1]: "and"}) == ()
    assert read_statements(limb, {limb.spans[:-1]: "or"}) == ()
