from dataclasses import replace

import pytest

from rag_ft.examples.drafts import SWAPPED
from rag_ft.examples.swaps import swap_institution
from rag_ft.schema import Example, ExamplePassage

ROW = Example(
    id="r1",
    question="Whom does MAS tell first?",
    passages=(
        ExamplePassage(
            "a", "Notice 77, 1: The Monetary\nAuthority of Singapore (“MAS”) tells wardens first.", True
        ),
        ExamplePassage(
            "b", "Notice 77, 2: MAS’s list is kept at the quay. MASTS are no concern of it.", False
        ),
    ),
    target="MAS tells wardens first [1].",
    abstain=False,
    source="notices/77.md",
    family="identity.who",
    template="identity.who.1",
)


def whole(example: Example) -> str:
    return "\n".join([example.question, example.target, *(p.text for p in example.passages)])


def test_every_name_and_alias_goes_in_question_passages_and_target() -> None:
    swapped = swap_institution(ROW, seed=0, share=1.0)
    assert swapped.template == f"identity.who.1{SWAPPED}"
    text = whole(swapped)
    assert "MASTS" in text
    assert "MAS " not in text.replace("MASTS", "")
    assert "MAS’s" not in text
    assert "Monetary\nAuthority of Singapore" not in text


def test_letters_become_letters_and_the_name_a_name() -> None:
    swapped = swap_institution(ROW, seed=0, share=1.0)
    letters = swapped.target.removesuffix(" tells wardens first [1].")
    assert letters.isupper()
    assert swapped.question == f"Whom does {letters} tell first?"
    name = swapped.passages[0].text.removeprefix("Notice 77, 1: The ").split(" (“")[0]
    assert len(name.split()) > 1
    assert f"(“{letters}”)" in swapped.passages[0].text


def test_ids_gold_and_marks_stay() -> None:
    swapped = swap_institution(ROW, seed=0, share=1.0)
    assert [(p.id, p.gold) for p in swapped.passages] == [("a", True), ("b", False)]
    assert swapped.target.endswith("[1].")
    assert swapped.id == ROW.id


def test_the_seed_decides_and_the_share_holds() -> None:
    rows = [replace(ROW, id=f"r{number}") for number in range(400)]
    swapped = [swap_institution(row, seed=1, share=0.25) for row in rows]
    changed = sum(one != other for one, other in zip(rows, swapped, strict=True))
    assert 70 <= changed <= 130
    assert swapped == [swap_institution(row, seed=1, share=0.25) for row in rows]
    assert len({row.target for row in swapped}) > 10


def test_what_no_gold_passage_names_is_not_swapped() -> None:
    passages = (
        replace(ROW.passages[0], gold=False),
        ExamplePassage("c", "Notice 77, 3: Tell wardens.", True),
    )
    row = replace(ROW, question="Under MAS Notice 77, who is told?", target="Wardens [2].", passages=passages)
    assert swap_institution(row, seed=0, share=1.0) == row


@pytest.mark.parametrize("row", [
    replace(
        ROW, question="Who rings?", target="One [1].", passages=(ExamplePassage("a", "One rings.", True),)
    ),
    replace(ROW, family="premise.body"),
], ids=["no institution", "made-up name"])  # fmt: skip
def test_a_row_without_a_name_or_about_a_made_up_one_stays(row: Example) -> None:
    assert swap_institution(row, seed=0, share=1.0) == row


def test_letters_that_the_text_gives_a_name_go_with_it() -> None:
    said = "The Monetary Authority of Singapore (MaS) rings first; wardens wait for MaS to end."
    made = replace(
        ROW, question="Who rings first?", target="The Monetary Authority of Singapore [1].",
        passages=(ExamplePassage("a", said, True),),
    )  # fmt: skip
    text = whole(swap_institution(made, seed=0, share=1.0))
    assert "Singapore" not in text
    assert "MaS" not in text


def test_an_act_keeps_the_name_that_its_number_repeats() -> None:
    said = "MASA1970, s 2: The Monetary Authority of Singapore Act 1970 binds MAS."
    assert swap_institution(replace(ROW, passages=(ExamplePassage("a", said, True),)), 0, 1.0).question == (
        ROW.question
    )
