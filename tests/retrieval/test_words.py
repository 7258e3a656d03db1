"""What BM25 counts."""

from rag_ft.retrieval.words import stems, with_pairs


def test_stems_join_forms_of_a_word_and_drop_what_says_nothing() -> None:
    assert stems("The banks are monitoring their customers") == ["bank", "monitor", "custom"]


def test_figures_and_labels_stay_whole() -> None:
    assert stems("paragraph 6.3(b): S$20,000") == ["paragraph", "6.3", "b", "s", "20,000"]


def test_pairs_follow_the_words() -> None:
    assert with_pairs(["benefici", "owner", "bank"]) == [
        "benefici",
        "owner",
        "bank",
        "benefici_owner",
        "owner_bank",
    ]
    assert with_pairs([]) == []
