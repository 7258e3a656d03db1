"""What letters stand for, as a text says it."""

import pytest

from rag_ft.acronyms import is_defined, is_spelt_out


@pytest.mark.parametrize(
    ("letters", "text", "spelt_out", "defined"),
    [
        ("FCB", "The letters FCB stand for Fruit and Corn Board.", True, True),
        ("FCB", "The Fruit and Corn Board meets in May.", True, False),
        ("FCB", "The Fruit and Corn Board (the “FCB”) meets in May.", True, True),
        ("FCB", "FCB finds corn bad.", False, False),
        ("FCB", "“FCB” means the fruit and corn board;", True, True),
        ("FCB", "The fruit and corn board (FCB) meets.", True, True),
        ("FCB", "A far cry but no meaning.", False, False),
        ("D-SIB", "A domestic systemically important bank is a D-SIB.", True, True),
        ("ACIP", "It is the AML/CFT Industry Partnership.", True, True),
        ("FCB", "", False, False),
    ],
)
def test_letters_and_their_words(letters: str, text: str, spelt_out: bool, defined: bool) -> None:
    assert is_spelt_out(letters, text) is spelt_out
    assert is_defined(letters, text) is defined
