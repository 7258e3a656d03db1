from rag_ft.parsing.blocks import Block
from rag_ft.parsing.numbering import number_blocks


def tree(*blocks: Block | str, statute: bool = False) -> list[tuple[str, str]]:
    """Label and own words of each paragraph."""
    numbered = number_blocks([b if isinstance(b, Block) else Block(b) for b in blocks], statute)
    return [
        (p.label, " | ".join(numbered.text[s.start : s.end] for s in p.spans)) for p in numbered.paragraphs
    ]


def chapter(text: str) -> Block:
    return Block(text, "heading")


def test_limbs_of_limbs_are_cited_in_full() -> None:
    assert tree(
        chapter("6 WIDGETS"),
        "6.14A A maker shall obtain –",
        "(a) of a round widget –",
        "(i) its radius;",
        "(ii) its weight; and",
        "(b) of a square one –",
        "(i) its side.",
    ) == [
        ("6.14A", "A maker shall obtain –"),
        ("6.14A(a)", "of a round widget –"),
        ("6.14A(a)(i)", "its radius;"),
        ("6.14A(a)(ii)", "its weight; and"),
        ("6.14A(b)", "of a square one –"),
        ("6.14A(b)(i)", "its side."),
    ]


def test_the_ninth_letter_is_no_numeral_where_the_tenth_follows() -> None:
    limbs = [f"({letter}) limb {letter};" for letter in "abcdefghij"]
    assert tree("1.1 All of:", *limbs)[-2:] == [("1.1(i)", "limb i;"), ("1.1(j)", "limb j;")]


def test_a_numeral_after_the_eighth_letter_begins_a_list() -> None:
    limbs = [f"({letter}) limb {letter};" for letter in "abcdefgh"]
    assert tree("1.1 All of:", *limbs, "(i) first of h;", "(ii) second of h.")[-2:] == [
        ("1.1(h)(i)", "first of h;"),
        ("1.1(h)(ii)", "second of h."),
    ]


def test_numbers_of_guidelines_stand_by_themselves() -> None:
    found = tree(
        "6-13-1 One.",
        "6-13-2 Two, where –",
        "(a) this; and",
        chapter("14 Reports"),
        "14-A Inserted.",
        "14-1 First.",
    )
    assert [label for label, _ in found] == ["6-13-1", "6-13-2", "6-13-2(a)", "14-A", "14-1"]


def test_definitions_are_units_of_the_paragraph_that_introduces_them() -> None:
    found = tree(
        "2.1 In this Notice –",
        "“lid” means what closes a widget;",
        "“widget” means –",
        "(a) a round one; or",
        "(b) a square one;",
        "2.2 Other words mean what they say.",
    )
    assert found == [
        ("2.1", "In this Notice –"),
        ('2.1 "lid"', "“lid” means what closes a widget;"),
        ('2.1 "widget"', "“widget” means –"),
        ('2.1 "widget"(a)', "a round one; or"),
        ('2.1 "widget"(b)', "a square one;"),
        ("2.2", "Other words mean what they say."),
    ]


def test_words_after_the_limbs_go_back_to_the_paragraph() -> None:
    blocks = [
        Block("5.3 A maker shall watch any –", edge=72, indent=108),
        Block("(a) new widget; and", edge=108, indent=144),
        Block("(b) new lid,", edge=108, indent=144),
        Block("that is blue.", edge=108, indent=108),
    ]
    assert tree(*blocks)[0] == ("5.3", "A maker shall watch any – | that is blue.")


def test_annexes_count_anew_and_are_cited_by_name() -> None:
    found = tree(
        "1 First.", "2 Second.", chapter("Annex A: Widgets"), chapter("1. Lids"), "1.1. A lid closes."
    )
    assert [label for label, _ in found] == ["1", "2", "Annex A, 1.1"]


def test_a_body_that_counts_anew_is_cited_by_its_heading() -> None:
    found = tree(
        chapter("INTRODUCTION"),
        "1. About this copy.",
        "2. It is a copy:",
        "(a) of the text.",
        chapter("1 WIDGETS"),
        *(f"1.{n} Rule {n}." for n in range(1, 9)),
    )
    assert [label for label, _ in found][:4] == [
        "Introduction, 1",
        "Introduction, 2",
        "Introduction, 2(a)",
        "1.1",
    ]


def test_a_letter_may_leave_its_first_paragraph_without_a_number() -> None:
    found = tree(
        chapter("WIDGETS FOR ALL WHO MAKE THEM"),
        "This letter sets out what the maker of any widget is expected to do with it.",
        "2 The maker keeps it dry.",
    )
    assert [label for label, _ in found] == ["title page", "unnumbered 1", "2"]


def test_a_text_without_any_number_is_counted() -> None:
    assert tree("The first thing is said here.", "The second thing is said here.") == [
        ("1", "The first thing is said here."),
        ("2", "The second thing is said here."),
    ]


def test_words_under_a_numbered_heading_are_cited_by_it() -> None:
    found = tree(Block("1 Summary", "heading", level=200), "Widgets were made.", "They were good.")
    assert found == [("1 Summary", "Widgets were made. | They were good.")]


def test_amendment_tags_stay_outside_the_words() -> None:
    assert tree(
        "1.1 A widget is round. [MAS Notice 99 (Amendment) 2025]", "1.2 A lid is flat. [13/2007; 9/2013]"
    ) == [
        ("1.1", "A widget is round."),
        ("1.2", "A lid is flat."),
    ]


def test_sections_of_acts() -> None:
    found = tree(
        Block("Lids", "heading", level=5),
        "6. —(1) No lid may be sold.",
        "(3A) Except —",
        "(a) to a maker;",
        Block("Fees", "heading", level=5),
        "48AA. A fee is due.",
        Block("More fees", "heading", level=5),
        "48A. Another fee is due.",
        statute=True,
    )
    assert [label for label, _ in found] == ["s 6", "s 6(1)", "s 6(3A)", "s 6(3A)(a)", "s 48AA", "s 48A"]


def test_headings_of_numerals_are_context_and_no_limbs() -> None:
    blocks = [
        Block("6.4 A maker shall count.", edge=72, indent=108),
        Block("(I) Identification of Lids", edge=72, indent=108),
        Block("6.5 A maker shall name each lid.", edge=72, indent=108),
    ]
    numbered = number_blocks([chapter("6 WIDGETS"), *blocks])
    assert [p.label for p in numbered.paragraphs] == ["6.4", "6.5"]
    assert numbered.paragraphs[1].heading == ("6 WIDGETS", "(I) Identification of Lids")


def test_tables_and_footnotes_hang_on_their_paragraph() -> None:
    found = tree(
        "3.1.5 Capital is in Table 3.",
        Block("Table 3 - Capital\nKind\tAmount\nSmall\t5\nLarge\t9", "table", ref="Table 3"),
        Block("Capital means cash.", "footnote", ref="4"),
    )
    assert found[1] == ("3.1.5, Table 3", "Table 3 - Capital\nKind\tAmount | Small\t5 | Large\t9")
    assert found[2][0] == "3.1.5, Table 3, footnote 4"
