from pathlib import Path

import pytest

from rag_ft.evaluation.judges.institutions import named_institutions, unsupported_institutions
from rag_ft.evaluation.judges.names import institutions
from tests.evaluation.judges.bench import accused, sentences


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Banks are regulated by MAS.", ["Monetary Authority of Singapore"]),
        ("the Authority may approve it", ["Monetary Authority of Singapore"]),
        ("MAS' board and the Fed met", ["Monetary Authority of Singapore", "Federal Reserve"]),
        (
            "DBS Bank, OCBC and UOB",
            ["DBS Bank", "Oversea-Chinese Banking Corporation", "United Overseas Bank"],
        ),
        (
            "the Commercial Affairs Department of the Singapore Police Force",
            ["Commercial Affairs Department", "Singapore Police Force"],
        ),
        ("Maternal Surgery of Melbourne", ["Maternal Surgery of Melbourne"]),
        ("The Central bank of Scotland", ["described as central bank of scotland"]),
        ("MAS Bank", ["MAS Bank"]),
        ("Merlion Quantum Bank must file", ["Merlion Quantum Bank"]),
        ("The Monetary Authority of Scotland", ["Monetary Authority of Scotland"]),
        ("Reserve Bank of Ruritania's governor", ["Reserve Bank of Ruritania"]),
    ],
)
def test_who_is_named(text: str, keys: list[str]) -> None:
    assert [mention.key for mention in named_institutions(text)] == keys


@pytest.mark.parametrize(
    "text",
    [
        "MAS Notice 626 and the Guidelines to MAS Notice 824",
        "section 5 of the Monetary Authority of Singapore Act 1970",
        "the Insurance Act 1966 and the Finance Companies Act 1967",
        "A Major Payment Institution must hold base capital",
        "Every Bank in Singapore, and each Merchant Bank",
        "The Minister and the Board of Directors",
        "It stands in Part 3 of the Schedule.",
        "a bank, an authority and a court",
        "Prudential standards are high.",
    ],
)
def test_laws_roles_and_common_nouns_name_nobody(text: str) -> None:
    assert named_institutions(text) == ()


@pytest.mark.parametrize(
    ("answer", "passage", "missing"),
    [
        ("MAS licenses banks [1].", "The Monetary Authority of Singapore grants licences.", ()),
        ("MAS licenses banks.", "The Authority grants licences.", ()),
        ("The Bank of England licenses them.", "The Authority grants licences.", ("Bank of England",)),
        (
            "Central Bank of Singapore",
            "MAS is the central bank of Singapore.",
            ("Central Bank of Singapore",),
        ),
        ("It is the central bank of Singapore.", "MAS is the central bank of Singapore.", ()),
        ("Report to STRO.", "SUSPICIOUS TRANSACTION REPORTING OFFICE", ()),
        ("Report to FinCEN and STRO.", "File with STRO.", ("FinCEN",)),
        ("Zeta Fund Services pays.", "Zeta Fund Services Ltd shall pay.", ()),
        ("No name at all.", "", ()),
    ],
)
def test_who_is_named_without_support(answer: str, passage: str, missing: tuple[str, ...]) -> None:
    assert unsupported_institutions(answer, [passage]) == missing


def test_a_hyphen_that_does_not_break_is_a_hyphen() -> None:
    assert unsupported_institutions("The Auditor-General audits.", ["the Auditor\u2011General audits"]) == ()


def test_without_a_passage_every_name_is_unsupported() -> None:
    assert unsupported_institutions("MAS and the ECB", []) == ("MAS", "ECB")


def test_no_name_is_listed_twice() -> None:
    names = [name for listed in institutions() for name in listed]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_verbatim_sentence_never_counts_as_hallucinated(primer: Path) -> None:
    for sentence, paragraph in sentences(primer):
        assert unsupported_institutions(sentence, [paragraph]) == (), sentence


def test_error_rates_on_the_bench_it_was_not_built_against() -> None:
    rates = accused(unsupported_institutions)
    assert rates["right"] == rates["institution_alias"] == 0.0
    assert rates["institution_near_miss"] >= 0.97
    assert rates["institution_swap"] >= 0.87
