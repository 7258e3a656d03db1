import pytest

from rag_ft.gold import holds_quote, is_gold, is_gold_document, is_gold_paragraph, label_tokens
from rag_ft.schema import DocumentInfo, Gold

QUOTE = "keep the records for five years"


@pytest.mark.parametrize(
    ("label", "tokens"),
    [
        ("6.3(b)", ("6", "3", "b")),
        ("s 6(3A)", ("6", "3a")),
        ("Section 6 (3A)", ("6", "3a")),
        ("paragraph 6-13-2(a)", ("6", "13", "2", "a")),
        ("Annex A, 2.1", ("annex", "a", "2", "1")),
        ("Rule 7.2.1", ("7", "2", "1")),
        ("Rules", ("rules",)),
        ('2.1 "beneficial owner"', ("2", "1", "beneficial", "owner")),
    ],
)
def test_a_label_is_its_tokens(label: str, tokens: tuple[str, ...]) -> None:
    assert label_tokens(label) == tokens


@pytest.mark.parametrize(
    ("known", "number", "named", "expected"),
    [
        ("pdf/x.pdf", None, "pdf/x.pdf", True),
        ("corpus/pdf/x.pdf", None, "pdf/x.pdf", True),
        ("x.pdf", None, "corpus/pdf/x.pdf", True),
        ("pdf/xx.pdf", None, "x.pdf", False),
        ("pdf/x-tracked.pdf", None, "pdf/x.pdf", False),
        ("pdf/x.pdf", "626", "Notice 626", True),
        ("pdf/x.pdf", "MAS Notice 626", "626", True),
        ("pdf/x.pdf", "PSN01", "psn01", True),
        ("pdf/x.pdf", "626", "626A", False),
        ("pdf/x.pdf", None, "Notice 626", False),
    ],
)
def test_a_document_is_known_by_path_or_number(
    known: str, number: str | None, named: str, expected: bool
) -> None:
    assert is_gold_document(DocumentInfo(id=known, title="t", number=number), Gold(named)) is expected


@pytest.mark.parametrize(
    ("label", "paragraph", "with_quote", "without_quote"),
    [
        ("7.4(a)", "7.4(a)", True, True),
        ("para 7.4 (A)", "7.4(a)", True, True),
        ("7.4(a)(ii)", "7.4(a)", True, True),  # deeper
        ("7.4", "7.4(a)", True, False),  # the whole paragraph, where it holds the quote
        ("7.4(b)", "7.4(a)", False, False),  # a sibling never
        ("7", "7.4(a)", True, False),
        ("12", "12-13", True, True),
        ("13", "12-13", True, True),
        ("12-13", "12-13", True, True),
        ("14", "12-13", False, False),
        ("15", "14-1", False, False),  # a hyphen within a label is no range
        ("1", "14-1", False, False),
        ("3.1.5", "3.1.5, Table 3", True, True),
        ("Table 3", "3.1.5, Table 3", True, True),
        ("3.1.5, Table 3", "3.1.5, Table 3", True, True),
        ("Table 4", "3.1.5, Table 3", False, False),
        ("1", "1 Executive Summary", True, False),
        ('2.1 "cash"', "2.1", True, True),
        ("5(1)", "s 5(1)", True, True),
        ("51", "s 5(1)", False, False),
        ("2.1", "Annex A, 2.1", False, False),
    ],
)
def test_a_paragraph_is_its_label_or_kin_that_holds_the_quote(
    make_passage, label: str, paragraph: str, with_quote: bool, without_quote: bool
) -> None:
    found = make_passage(f"A bank must {QUOTE} at least.", label)
    assert is_gold_paragraph(found, Gold("d", paragraph, QUOTE)) is with_quote
    assert is_gold_paragraph(found, Gold("d", paragraph)) is without_quote


def test_kin_without_the_quote_does_not_count(make_passage) -> None:
    for label in ("7.4", "7.4(a)(i)"):
        assert not is_gold_paragraph(make_passage("Other words.", label), Gold("d", "7.4(a)", QUOTE))
    assert is_gold_paragraph(make_passage("Other words.", "7.4(a)"), Gold("d", "7.4(a)", QUOTE))


def test_headings_complete_a_label(make_passage) -> None:
    assert is_gold_paragraph(make_passage(label="2.1", heading="Annex A"), Gold("d", "Annex A, 2.1"))
    assert is_gold_paragraph(
        make_passage(f"They {QUOTE}.", "unnumbered 3", heading="1 Executive Summary"),
        Gold("d", "1 Executive Summary", QUOTE),
    )


def test_without_a_paragraph_the_quote_decides(make_passage) -> None:
    assert is_gold(make_passage(f"They {QUOTE}."), Gold("primer/records.md", None, QUOTE))
    assert not is_gold(make_passage("No such words."), Gold("primer/records.md", None, QUOTE))
    assert is_gold(make_passage("Any words."), Gold("primer/records.md"))
    assert not is_gold(make_passage(f"They {QUOTE}."), Gold("primer/other.md", None, QUOTE))


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("the  bank’s\n“senior management”", 'the bank\'s "senior management"', True),
        ("2010–2015", "2010-2015", True),
        ("co\u00adoperate", "cooperate", True),
        ("a licence:\nmoney-changing;\nstandard;", "a licence: (a) money-changing; (b) standard;", True),
        ("at least 5 years", "5 days", False),
        ("Bank", "bank", False),
        ("anything", " ", False),
    ],
)
def test_a_quote_is_held_whatever_its_typography(text: str, quote: str, expected: bool) -> None:
    assert holds_quote(text, quote) is expected


@pytest.mark.parametrize(
    ("text", "gold", "expected"),
    [
        ("(1) A firm must tell.\n(2) It must keep:\n(a) books; (b) notes.", "s 7A(2)", True),
        ("(1) A firm must tell.\n(2) It must keep:\n(a) books; (b) notes.", "s 7A(2)(b)", True),
        ("(1) A firm must tell.\n(2) It must keep books.", "s 7A(3)", False),
        ("(1) It must keep (a) books.\n(2) It must tell.", "s 7A(2)(a)", False),  # (a) belongs to (1)
    ],
)
def test_a_wider_passage_without_a_quote_counts_by_the_marks_it_holds(
    make_passage, text: str, gold: str, expected: bool
) -> None:
    assert is_gold_paragraph(make_passage(text, "s 7A"), Gold("d", gold)) is expected
