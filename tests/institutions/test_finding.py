import pytest

from rag_ft.institutions import (
    KNOWN_INSTITUTIONS,
    Institution,
    find_institutions,
    find_other_names,
    inline_aliases,
    same_name,
)
from rag_ft.schema import Alias

MAS = "Monetary Authority of Singapore"


def names(text: str, *aliases: Alias) -> list[str]:
    return [m.name for m in find_institutions(text, aliases) if m.kind != "document" and not m.in_document]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ask MAS, FATF and BIS.",
            [MAS, "Financial Action Task Force", "Bank for International Settlements"],
        ),
        ("MAS and the Police must act.", [MAS, "the Police"]),
        ("MAS’s view and MAS' view", [MAS, MAS]),
        ("DBS Bank Ltd. merged with Acme Payments Pte. Ltd. today", ["DBS Bank", "Acme Payments Pte. Ltd"]),
        (
            "the Ministry of Trade and Industry and the High Court",
            ["Ministry of Trade and Industry", "High Court"],
        ),
        ("the Ministry of Culture, Community and Youth", ["Ministry of Culture, Community and Youth"]),
        ("the Securities and Exchange Commission", ["Securities and Exchange Commission"]),
        ("HSBC Bank (Singapore) Limited", ["HSBC Bank (Singapore) Limited"]),
        ("the People's Bank of China", ["People's Bank of China"]),
        ("MAS Managing Director Ravi Example spoke", [MAS]),
        ("audited by the Auditor-General", ["Auditor-General"]),
        ("Bank records must be kept by a Bank.", []),
        ("Singapore-incorporated Reporting Banks", []),
    ],
)
def test_names_found(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "near_miss",
    [
        "Central Bank of Singapore",
        "Monetary Authority of Scotland",
        "MONETARY AUTHORITY OF SCOTLAND",
        "MAS Bank",
        "MAS Melbourne",
        "Monetary Policy Authority of Singapore",
        "Singapore Monetary Authority",
        "Monetary Authority Singapore",
        "Malaysia's Ministry of Finance",
        "Ministry of Finance Malaysia",
        "Maternal Surgery of Melbourne",
        "Internal Revenue Service of Singapore",
        "central bank of scotland",
    ],
)
def test_a_near_miss_is_its_own_name(near_miss: str) -> None:
    assert names(f"It is said that the {near_miss} decides.") == [near_miss]
    assert not any(same_name(near_miss, known.name) for known in KNOWN_INSTITUTIONS)


def test_an_alias_stands_for_its_name_and_ends_with_its_document() -> None:
    alias = Alias("the Authority", "Monetary Authority of Singapore established by section 3 of an Act")
    assert names("The Authority may direct a bank.", alias) == [MAS]
    assert names("The Authority may direct a bank.") == ["the Authority"]


def test_an_alias_of_no_institution_is_left_aside() -> None:
    assert names("CDD is done.", Alias("CDD", "customer due diligence")) == []


def test_the_name_of_a_document_is_not_its_issuer_acting() -> None:
    found = find_institutions("SEC Notice 626 applies")
    assert [(m.name, m.kind, m.in_document) for m in found] == [
        ("Securities and Exchange Commission", "authority", True),
        ("SEC Notice 626", "document", False),
    ]


def test_spans_give_the_name_as_written() -> None:
    text = "If so, the Monetary Authority of Scotland's view and MAS Bank’s view differ."
    found = find_institutions(text)
    assert [text[m.span.start : m.span.end] for m in found] == [m.text for m in found]
    assert [m.text for m in found] == ["Monetary Authority of Scotland", "MAS Bank"]


def test_a_persons_list_is_known_too() -> None:
    extra = (Institution("Quiet Lagoon", "company", ("QLG",)),)
    found = find_institutions("QLG and Quiet Lagoon", (), extra)
    assert {m.name for m in found} == {"Quiet Lagoon"}


def test_aliases_that_a_text_defines() -> None:
    text = (
        'Report to the Suspicious Transaction Reporting Office ("STRO"). '
        "“Authority” means the Monetary Authority of Singapore."
    )
    assert inline_aliases(text) == (
        Alias("STRO", "Suspicious Transaction Reporting Office"),
        Alias("Authority", MAS),
    )


def test_other_names_are_documents_and_capitalised_phrases() -> None:
    found = find_other_names("Project Ubin began. The Banking Act 1970 says so. Records count.")
    assert [(m.text, m.kind) for m in found] == [("Project Ubin", "name"), ("Banking Act 1970", "document")]


def test_no_spelling_belongs_to_two_institutions() -> None:
    spellings = [s for each in KNOWN_INSTITUTIONS for s in (each.name, *each.aliases)]
    assert len(spellings) == len(set(spellings))
