from hypothesis import given
from hypothesis import strategies as st

from rag_ft.sentences import split_sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_abbreviations_and_amounts_end_no_sentence():
    text = "A bank must, under s. 16 of the Act, pay S$5.5 million. No. 7 binds it too; it stays so."
    assert cut(text) == [
        "A bank must, under s. 16 of the Act, pay S$5.5 million.",
        "No. 7 binds it too; it stays so.",
    ]


def test_the_chapter_of_an_old_act_ends_no_sentence():
    text = "It has the meaning given by the Piers Act (Cap. 77). Another one follows."
    assert cut(text) == ["It has the meaning given by the Piers Act (Cap. 77).", "Another one follows."]


def test_a_line_break_ends_a_sentence():
    assert cut("A bank must:\n(a) look;\n(b) ask.") == ["A bank must:", "(a) look;", "(b) ask."]


@given(st.text(alphabet='aB.;\n (1)"', max_size=60))
def test_no_character_but_space_is_lost_and_order_is_kept(text: str):
    spans = split_sentences(text)
    assert "".join(text[s:e] for s, e in spans).split() == [] or all(s < e for s, e in spans)
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())
    assert list(spans) == sorted(spans)
