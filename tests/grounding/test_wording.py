from rag_ft.grounding.wording import find_swapped_words, find_turned_word

PASSAGE = "A warden must ring the bell at dusk."


def test_a_claim_without_words_turns_and_swaps_nothing() -> None:
    assert find_turned_word("?", PASSAGE) is None
    assert find_swapped_words("?", PASSAGE) is None


def test_a_denied_duty_is_turned_round() -> None:
    assert find_turned_word("A warden must not ring the bell at dusk.", PASSAGE) == (
        "the passage says “nothing” where the answer says “not”"
    )
