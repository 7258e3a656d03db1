from rag_ft.near_duplicates import NearDuplicates

LONG = "A harbour warden must inspect each empty berth within fourteen days after a vessel leaves it"


def test_the_same_text_is_found_whatever_its_case_and_spaces() -> None:
    seen = NearDuplicates()
    assert seen.find_or_add("first", LONG) is None
    assert seen.find(LONG.upper().replace(" ", "  ")) == "first"


def test_another_text_is_no_duplicate() -> None:
    seen = NearDuplicates()
    seen.find_or_add("first", LONG)
    assert seen.find("An orchard keeper must prune each pear tree before the first frost of the year") is None


def test_one_word_more_is_near_enough_and_half_the_words_are_not() -> None:
    seen = NearDuplicates(threshold=0.7)
    seen.find_or_add("first", LONG)
    assert seen.find(f"{LONG} again") == "first"
    assert seen.find(" ".join(LONG.split()[:8])) is None


def test_bags_of_words_do_not_mind_their_order() -> None:
    words = LONG.split()
    bags, pairs = NearDuplicates(0.9, shingle=1), NearDuplicates(0.9, shingle=2)
    for seen in (bags, pairs):
        seen.find_or_add("first", LONG)
    turned = " ".join(reversed(words))
    assert bags.find(turned) == "first"
    assert pairs.find(turned) is None


def test_what_is_a_duplicate_is_not_remembered() -> None:
    seen = NearDuplicates()
    seen.find_or_add("first", LONG)
    assert seen.find_or_add("second", LONG) == "first"
    assert seen.find(LONG) == "first"


def test_an_empty_text_is_only_like_another_empty_one() -> None:
    seen = NearDuplicates()
    seen.find_or_add("long", LONG)
    assert seen.find("") is None
