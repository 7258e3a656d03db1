from hypothesis import given
from hypothesis import strategies as st

from rag_ft.parsing.statutes import split_run_in


def test_limbs_that_run_on_are_parted() -> None:
    assert split_run_in(
        "7. —(1) Every licence must state — ( a ) the name; and ( b ) the date. [4/2021] (2) It expires."
    ) == [
        "7. —(1) Every licence must state —",
        "(a) the name; and",
        "(b) the date. [4/2021]",
        "(2) It expires.",
    ]


def test_limbs_of_limbs_are_parted() -> None:
    text = "9. A maker must — (a) where it — (i) lends; or (ii) sells, pay; and (b) close."
    assert split_run_in(text) == [
        "9. A maker must —",
        "(a) where it —",
        "(i) lends; or",
        "(ii) sells, pay; and",
        "(b) close.",
    ]


def test_references_are_not_parted() -> None:
    text = (
        "3. —(1) Subject to subsections (2) and (3), section 5(1)(a) and paragraph (b) apply. (2) They end."
    )
    assert split_run_in(text) == [
        "3. —(1) Subject to subsections (2) and (3), section 5(1)(a) and paragraph (b) apply.",
        "(2) They end.",
    ]


def test_definitions_are_parted_and_count_their_limbs_anew() -> None:
    text = (
        "2. In this Act — “lid” means — (a) a round one; or (b) a flat one; "
        "“pot”, “pan” and “jar” have the meanings given in section 3; “tin” means — (a) a box;"
    )
    assert split_run_in(text) == [
        "2. In this Act —",
        "“lid” means —",
        "(a) a round one; or",
        "(b) a flat one;",
        "“pot”, “pan” and “jar” have the meanings given in section 3;",
        "“tin” means —",
        "(a) a box;",
    ]


@given(
    st.lists(st.sampled_from(["(a)", "(b)", "(1)", "(i)", "lid;", "and", "—", "section 3", "“pot” means"]))
)
def test_only_white_space_is_lost(words: list[str]) -> None:
    text = " ".join(words)
    assert " ".join(split_run_in(text)).split() == text.split()
