from pathlib import Path

import pytest

from rag_ft.parsing.assembling import assemble
from rag_ft.parsing.blocks import Block, Source
from rag_ft.schema import Document, Kind, Reference


def heading(text: str) -> Block:
    return Block(text, "heading")


def read(*blocks: Block | str, statute: bool = False) -> Document:
    made = tuple(b if isinstance(b, Block) else Block(b) for b in blocks)
    return assemble(Source(made, statute=statute), Path("a.txt"), "a.txt")


def test_a_notice_says_what_it_is() -> None:
    info = read(
        "MAS Notice 626",
        "28 March 2024",
        "Last revised on 30 June 2025",
        heading("NOTICE TO BANKS"),
        heading("FINANCIAL SERVICES AND MARKETS ACT 2022"),
        heading("PREVENTION OF LEAKS – BANKS"),
        heading("1 INTRODUCTION"),
        "1.1 This Notice is issued under section 16 of the Financial Services and Markets Act 2022 "
        "(“FSM Act”) and applies to all banks in Singapore, as defined elsewhere.",
        "1.2 This Notice shall take effect from 1 April 2024.",
    ).info
    assert (info.kind, info.number, info.title) == (
        "notice",
        "626",
        "MAS Notice 626: Prevention of Leaks – Banks",
    )
    assert (str(info.issued), str(info.revised), str(info.effective)) == (
        "2024-03-28",
        "2025-06-30",
        "2024-04-01",
    )
    assert info.applies_to == ("banks in Singapore",)
    assert info.issued_under == ("Financial Services and Markets Act 2022, s 16",)
    assert str(info.version) == "2025-06-30"


@pytest.mark.parametrize(
    ("head", "kind", "number"),
    [
        ("GUIDELINES TO MAS NOTICE 824 ON LEAKS", "guideline", "Guidelines to 824"),
        ("Guideline No: PS-G01", "guideline", "PS-G01"),
        ("Circular No: MAS/PD/2024/10/04", "circular", "MAS/PD/2024/10/04"),
        ("MAS Notice PSN01A", "notice", "PSN01A"),
        ("Notice FSM-N14", "notice", "FSM-N14"),
        ("Consultation Paper on the Guidelines on Leaks", "consultation", None),
        ("Frequently Asked Questions on Notice 626", "faq", None),
        ("Code on Collective Leaks", "code", None),
        ("MAS Monetary Policy Statement - April 2016", "statement", None),
        ("Project Widget: a report", "information", None),
    ],
)
def test_kinds_and_numbers(head: str, kind: Kind, number: str | None) -> None:
    info = read(head, "1.1 A widget is round.").info
    assert (info.kind, info.number) == (kind, number)


def test_aliases_are_collected() -> None:
    document = read(
        "1.1 The Monetary Authority of Singapore (the “Authority”) and the Financial Action Task Force "
        "(“FATF”) speak of customer due diligence (“CDD”) under the Payment Services Act 2019 (“PS Act”).",
        "1.2 Where a maker (“acquiring maker”) buys.",
        "2.1 In this Notice –",
        "“STRO” means the Suspicious Transaction Reporting Office, Commercial Affairs Department;",
        "“STR” means suspicious transaction report;",
        "“lid” means what closes a widget.",
    )
    assert {(alias.alias, alias.name) for alias in document.aliases} == {
        ("Authority", "Monetary Authority of Singapore"),
        ("FATF", "Financial Action Task Force"),
        ("CDD", "customer due diligence"),
        ("PS Act", "Payment Services Act 2019"),
        ("STRO", "Suspicious Transaction Reporting Office"),
        ("STR", "suspicious transaction report"),
    }


def references(document: Document, label: str) -> list[tuple[str | None, str | None]]:
    (paragraph,) = [p for p in document.paragraphs if p.label == label]
    return [(reference.document, reference.paragraph) for reference in paragraph.references]


def test_references_are_resolved_where_the_document_tells() -> None:
    document = read(
        "1.1 This is under the Financial Services and Markets Act 2022 (“FSM Act”).",
        "6.3 A maker shall act, under paragraph 6.4 and paragraphs 6.3(b) or (c), when –",
        "(a) section 16 of the Financial Services and Markets Act 2022 says so;",
        "(b) section 28N(1) of the FSM Act says so;",
        "(c) paragraph 2.1 of MAS Notice TCA-N03 says so, or MAS Notice 824 does;",
        "6.4 See Appendix 1.",
    )
    assert references(document, "6.3") == [(None, "6.4"), (None, "6.3(b)"), (None, "6.3(c)")]
    assert references(document, "6.3(a)") == [("Financial Services and Markets Act 2022", "s 16")]
    assert references(document, "6.3(b)") == [("Financial Services and Markets Act 2022", "s 28N(1)")]
    assert references(document, "6.3(c)") == [("MAS Notice TCA-N03", "2.1"), ("MAS Notice 824", None)]
    assert references(document, "6.4") == [(None, "Appendix 1")]


def test_subsections_and_subparagraphs_are_completed_from_where_they_stand() -> None:
    act = read(
        Block("Lids", "heading", level=5),
        "6. —(1) A lid closes.",
        "(2) Subsection (1)(a) does not apply.",
        statute=True,
    )
    assert references(act, "s 6(2)") == [(None, "s 6(1)(a)")]
    notice = read(
        "6.14 A maker shall –", "(a) for lids –", "(i) count them; or", "(ii) failing subparagraph (i), ask;"
    )
    assert references(notice, "6.14(a)(ii)") == [(None, "6.14(a)(i)")]


def test_a_reference_keeps_the_words_it_was_read_from() -> None:
    document = read("1.1 See paragraph 1.2.", "1.2 Here.")
    assert document.paragraphs[0].references == (Reference("paragraph 1.2", None, "1.2"),)


def test_amendment_tags_date_the_paragraph_they_close() -> None:
    document = read(
        "2.1 In this Notice –",
        "“lid” means a cover;",
        Block("[MAS Notice 626 (Amendment) 2025]", "aside"),
        "“pot” means a jar.",
        "6.6 A maker shall –",
        "(a) count.",
        Block("[MAS Notice 626 (Amendment) 2025]", "aside"),
        "6.7 Deleted with effect from 1 August 2025.",
        heading("Endnotes on History of Amendments"),
        "1. MAS Notice 626 (Amendment) 2025 with effect from 1 July 2025.",
    )
    effective = {p.label: str(p.effective) for p in document.paragraphs if p.effective}
    assert effective == {
        '2.1 "lid"': "2025-07-01",
        "6.6": "2025-07-01",
        "6.6(a)": "2025-07-01",
        "6.7": "2025-08-01",
    }
