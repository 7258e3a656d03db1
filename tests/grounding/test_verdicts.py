from datetime import date

import pytest

from rag_ft.grounding import repair_citations, verdicts, verify
from rag_ft.schema import Alias, DocumentInfo, Verdict
from tests.grounding.passages import passage

RECORDS = passage(
    "A bank shall keep its customer files for a period of at least 5 years after the account closes."
)
THIRD = passage("No bank shall rely on a third party to conduct ongoing monitoring of its customers.", "2")
LIMIT = passage("The stock cap of a wallet is up to S$20,000 (previously S$5,000).", "3")
NAMED = passage(
    'A bank shall report to the Suspicious Transaction Reporting Office ("STRO") without delay.', "4"
)


def failures(answer: str, *passages: object, question: str = "", **options: object) -> list[tuple[str, str]]:
    found = verify(question, answer, passages, **options)  # type: ignore[arg-type]
    return [(verdict.kind, verdict.claim) for verdict in found if not verdict.ok]


@pytest.mark.parametrize(
    ("answer", "passages"),
    [
        (
            "A bank must retain customer files for at least five years after the account closes [1].",
            [RECORDS],
        ),
        ("Banks may not rely on third parties for ongoing monitoring of customers [1].", [THIRD]),
        ("The stock cap of a wallet is S$20,000 [1].", [LIMIT]),
        ("The stock cap of a wallet was previously S$5,000 [1].", [LIMIT]),
        ("A bank must report to STRO without delay [1].", [NAMED]),
        ("The bank reports to the Suspicious Transaction Reporting Office [1].", [NAMED]),
    ],
)
def test_what_a_passage_holds_passes(answer: str, passages: list[object]) -> None:
    assert failures(answer, *passages) == []


@pytest.mark.parametrize(
    ("answer", "passages", "kind"),
    [
        (
            "A bank must keep customer files for at least 5 days after the account closes [1].",
            [RECORDS],
            "figure",
        ),
        (
            "A bank must keep customer files for at most 5 years after the account closes [1].",
            [RECORDS],
            "figure",
        ),
        (
            "A bank need not keep customer files for 5 years after the account closes [1].",
            [RECORDS],
            "citation",
        ),
        ("A bank may rely on a third party to conduct ongoing monitoring [1].", [THIRD], "citation"),
        ("A bank need not rely on a third party to conduct ongoing monitoring [1].", [THIRD], "citation"),
        ("The stock cap of a wallet is S$5,000 [1].", [LIMIT], "figure"),
        ("A bank shall report to MAS without delay [1].", [NAMED], "institution"),
        ("A bank shall report to the Suspicious Transaction Office [1].", [NAMED], "institution"),
        (
            "A bank must keep customer files for 5 years after the account closes [2].",
            [RECORDS, THIRD],
            "citation",
        ),
        ("A bank must keep customer files for 5 years after the account closes [0].", [RECORDS], "citation"),
        ("A bank must keep customer files for 5 years after the account closes [2].", [RECORDS], "citation"),
        ("A bank must keep customer files for 5 years after the account closes.", [RECORDS], "citation"),
        ("Project Lagoon keeps customer files after the account closes [1].", [RECORDS], "institution"),
        ("", [RECORDS], "citation"),
    ],
)
def test_what_no_cited_passage_holds_fails(answer: str, passages: list[object], kind: str) -> None:
    assert kind in {found for found, _ in failures(answer, *passages)}


def test_the_questions_own_words_prove_nothing() -> None:
    question = "What must a bank report to the Central Bank of Scotland?"
    answer = "A bank shall report to the Central Bank of Scotland without delay [1]."
    assert ("institution", "Central Bank of Scotland") in failures(answer, NAMED, question=question)


def test_a_documents_alias_names_its_institution_there_only() -> None:
    ruled = passage("The Authority may exempt a licensee from the audit.", document="act.txt")
    answer = "The Monetary Authority of Singapore may exempt a licensee from the audit [1]."
    aliases = {"act.txt": (Alias("the Authority", "Monetary Authority of Singapore"),)}
    assert failures(answer, ruled, aliases=aliases) == []
    other = {"other.txt": aliases["act.txt"]}
    assert failures(answer, ruled, aliases=other) == [("institution", "Monetary Authority of Singapore")]


def test_roles_that_changed_places_fail() -> None:
    both = passage("Moneylenders are licensed by the Registry of Lenders and are not supervised by MAS.")
    answer = "Moneylenders are licensed by MAS and are not supervised by the Registry of Lenders [1]."
    assert {kind for kind, _ in failures(answer, both)} == {"institution"}


def test_a_notices_number_is_held_by_its_own_header() -> None:
    held = passage("A bank shall screen its customers.", "6.39", number="626", title="MAS Notice 626")
    assert (
        failures("Under paragraph 6.39 of MAS Notice 626, a bank must screen its customers [1].", held) == []
    )
    wrong = failures("Under paragraph 6.38 of MAS Notice 824, a bank must screen its customers [1].", held)
    assert ("figure", "Notice 824") in wrong
    assert ("figure", "paragraph 6.38") in wrong


def test_a_superseded_passage_fails_from_the_day_of_the_new_one() -> None:
    old = passage("A bank shall screen its customers.", number="626", revised=date(2024, 3, 28))
    new = DocumentInfo("new.pdf", "Notice 626", "notice", number="626", revised=date(2025, 6, 30))
    answer = "A bank shall screen its customers [1]."
    assert failures(answer, old, documents=[new]) == [("currency", "626 1")]
    assert failures(answer, old, documents=[new], as_of=date(2025, 1, 1)) == []
    assert failures(answer, old, as_of=date(2023, 1, 1)) == [("currency", "626 1")]


def test_a_verifier_that_breaks_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[Verdict]:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(verdicts, "check_figures", broken)
    found = verify("", "A bank shall keep its customer files [1].", [RECORDS])
    assert [verdict.ok for verdict in found] == [False]
    assert "RuntimeError" in found[0].evidence


def test_every_verdict_has_its_evidence() -> None:
    found = verify(
        "", "A bank must keep customer files for at least 5 years after the account closes [1].", [RECORDS]
    )
    assert {verdict.kind for verdict in found} == {"citation", "figure", "currency"}
    assert all(verdict.evidence for verdict in found)


@pytest.mark.parametrize(
    ("answer", "repaired"),
    [
        (
            "No bank shall rely on a third party for monitoring.",
            "No bank shall rely on a third party for monitoring [2].",
        ),
        ("No bank shall rely on a third party [1][2].", "No bank shall rely on a third party [2]."),
        ("No bank shall rely on a third party [2][7].", "No bank shall rely on a third party [2]."),
        ("Sandwiches are free [1].", "Sandwiches are free."),
        ("No bank shall rely on a third party. [2]", "No bank shall rely on a third party. [2]"),
    ],
)
def test_marks_are_mended_and_words_are_not(answer: str, repaired: str) -> None:
    assert repair_citations("", answer, [RECORDS, THIRD]) == repaired
