"""One passage of our own for each family: the question asked of it, and the answer."""
# ruff: noqa: E501  a case reads as one line of a table

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from rag_ft.examples.drafts import Ask
from rag_ft.examples.families import FINDERS, TEMPLATES
from rag_ft.examples.families.figures import false_figure
from rag_ft.examples.families.names import spelt_out
from rag_ft.examples.families.reading import Reading
from rag_ft.examples.structure import template_slots, write
from rag_ft.schema import DocumentInfo, Passage

ACT = DocumentInfo(id="acts/harbour.md", title="Harbour Wardens Act 2011", kind="act")
NOTICE = DocumentInfo(id="notices/77.md", title="Notice 77", kind="notice", number="77")
GUIDE = DocumentInfo(id="guides/77.md", title="Guide", kind="guideline", number="Guidelines to 77")
STATEMENT = DocumentInfo(
    id="text/s.txt",
    title="MAS Monetary Policy Statement - April 2013",
    kind="statement",
    issued=date(2013, 4, 12),
)

# family, document, slices of the passage, words of the question, the answer.
CASES = [
    ("duty.what", ACT, ("A harbour warden must ring the bell at dusk.",), "section 6(3)", "A harbour warden must ring the bell at dusk."),
    ("duty.condition", ACT, ("Where a vessel leaks oil, the harbour warden shall close the berth.",), "where a vessel leaks oil", "Where a vessel leaks oil, the harbour warden must close the berth."),
    ("duty.actor", ACT, ("A harbour warden must ring the bell at dusk.",), "ring the bell at dusk", "A harbour warden must ring the bell at dusk."),
    ("duty.trigger", ACT, ("A harbour warden must ring the bell if fog comes in.",), "ring the bell", "A harbour warden must ring the bell if fog comes in."),
    ("duty.deadline", ACT, ("A harbour warden must inspect each berth within 14 days after a vessel leaves it.",), "inspect each berth", "A harbour warden must inspect each berth within 14 days after a vessel leaves it."),
    ("duty.duration", ACT, ("A harbour warden must keep the tide book for at least 6 years.",), "keep the tide book", "A harbour warden must keep the tide book for at least 6 years."),
    ("prohibition.what", ACT, ("No ferry company shall carry fireworks on a night crossing.",), "carry fireworks on a night crossing", "No, a ferry company must not carry fireworks on a night crossing."),
    ("prohibition.unless", ACT, ("A vessel owner must not paint a hull unless the tide is out.",), "paint a hull", "A vessel owner must not paint a hull unless the tide is out."),
    ("prohibition.approval", ACT, ("A vessel owner must not sink a hull without the approval of the Council.",), "sink a hull", "A vessel owner must not sink a hull without the approval of the Council."),
    ("power.what", ACT, ("The Council may close a quay to fishing boats.",), "section 6(3)", "The Council may close a quay to fishing boats."),
    ("power.condition", ACT, ("Where ice forms, the Council may close a quay.",), "where ice forms", "Where ice forms, the Council may close a quay."),
    ("power.actor", ACT, ("The Council may close a quay to fishing boats.",), "close a quay to fishing boats", "The Council may close a quay to fishing boats."),
    ("power.trigger", ACT, ("The Council may close a quay if ice forms.",), "close a quay", "The Council may close a quay if ice forms."),
    ("power.manner", ACT, ("The Council may, by notice in the gazette, close a quay.",), "close a quay", "The Council may, by notice in the gazette, close a quay."),
    ("expectation.what", GUIDE, ("A ferry company should train its crews each spring.",), "section 6(3)", "A ferry company should train its crews each spring."),
    ("expectation.condition", GUIDE, ("Where a crew is new, a ferry company should train it.",), "where a crew is new", "Where a crew is new, a ferry company should train it."),
    ("relief.what", ACT, ("A picker need not wear gloves in a plum orchard.",), "wear gloves", "No, a picker need not wear gloves in a plum orchard."),
    ("definition.meaning", ACT, ("“berth” means a place at a quay where one vessel may lie.",), "“berth”", "“berth” means a place at a quay where one vessel may lie."),
    ("definition.includes", ACT, ("“berth” includes a mooring and a buoy.",), "“berth”", "“berth” includes a mooring and a buoy."),
    ("definition.elsewhere", ACT, ("“tide” has the meaning given by section 4 of the Tides Act 2009.",), "“tide”", "“tide” has the meaning given by section 4 of the Tides Act 2009."),
    ("definition.term", ACT, ("“berth” means a place at a quay where one vessel may lie.",), "a place at a quay where one vessel may lie", "That is “berth”."),
    ("figure.amount", ACT, ("A vessel owner must pay a fee of $450 for a berth.",), "a fee of a certain amount for a berth", "A vessel owner must pay a fee of $450 for a berth."),
    ("figure.percent", ACT, ("The fee must not rise by more than 12% at once.",), "more than a certain percentage", "The fee must not rise by more than 12% at once."),
    ("figure.period", ACT, ("An appeal lies within 21 days of the decision.",), "within a certain time of the decision", "An appeal lies within 21 days of the decision."),
    ("figure.frequency", ACT, ("The lamp must be cleaned monthly by the warden.",), "at certain intervals", "The lamp must be cleaned monthly by the warden."),
    ("figure.false", ACT, ("An appeal lies within 21 days of the decision.",), "within 51 days", "No, an appeal lies within 21 days of the decision."),
    ("figure.true", ACT, ("An appeal lies within 21 days of the decision.",), "within 21 days", "Yes, an appeal lies within 21 days of the decision."),
    ("list.acts", ACT, ("A harbour warden must:", "(a) ring the bell;", "(b) light the lamp; and", "(c) bar the gate."), "harbour warden", "A harbour warden must: ring the bell; light the lamp; and bar the gate."),
    ("list.grounds", ACT, ("The Council may close a quay if:", "(a) ice forms; or", "(b) a storm is near."), "close a quay", "The Council may close a quay if: ice forms; or a storm is near."),
    ("list.things", ACT, ("A harbour warden must record the following particulars:", "(a) the draught;", "(b) the flag."), "particulars", "A harbour warden must record the following particulars: the draught; and the flag."),
    ("list.member", ACT, ("A harbour warden must:", "(a) ring the bell;", "(b) light the lamp; and", "(c) bar the gate."), "light the lamp", "Yes, a harbour warden must light the lamp."),
    ("name.letters", NOTICE, ("Every quay keeps a marine incident register (“MIR”) in its office.",), "MIR", "MIR stands for marine incident register."),
    ("name.short", NOTICE, ("Every quay keeps a marine incident register (“MIR”) in its office.",), "“marine incident register”", "It is MIR."),
    ("identity.what", NOTICE, ("A tide gauge is an instrument that measures the height of the sea.",), "a tide gauge", "A tide gauge is an instrument that measures the height of the sea."),
    ("identity.who", NOTICE, ("The Harbour Office publishes the tide tables of every port.",), "publishes the tide tables of every port", "The Harbour Office publishes the tide tables of every port."),
    ("penalty.fine", ACT, ("Any person who damages a quay shall be guilty of an offence and shall be liable on conviction to a fine not exceeding $7,000.",), "", "Any person who damages a quay is guilty of an offence and is liable on conviction to a fine not exceeding $7,000."),
    ("penalty.daily", ACT, ("Any person who damages a quay is guilty of an offence and is liable on conviction to a fine not exceeding $7,000 and, in the case of a continuing offence, to a further fine not exceeding $90 for every day.",), "section 6(3)", "A continuing offence carries a further fine not exceeding $90 for every day."),
    ("penalty.offence", ACT, ("A person who damages a quay is guilty of an offence.",), "a person who damages a quay", "Yes, a person who damages a quay is guilty of an offence."),
    ("policy.decision", STATEMENT, ("MAS will therefore keep the slope of the policy band as it is.",), "April 2013", "MAS will keep the slope of the policy band as it is."),
    ("policy.forecast", STATEMENT, ("Core inflation is expected to come in at about 3.5% this year.",), "core inflation", "Core inflation is expected to come in at about 3.5% this year."),
    ("policy.figure", STATEMENT, ("Core inflation averaged 2.5% over the winter.",), "core inflation", "Core inflation averaged 2.5% over the winter."),
    ("premise.body", ACT, ("Where ice forms, the Minister may close a quay.",), "where ice forms", None),
    ("premise.approval", ACT, ("A vessel owner must not paint a hull at night.",), "paint a hull at night", None),
    ("premise.text", ACT, ("A harbour warden must ring the bell at dusk.",), "ring the bell at dusk", None),
    ("premise.decision", STATEMENT, ("MAS will keep the slope of the policy band as it is.",), "April 2013", None),
    ("reference.subject", ACT, ("Subject to subsection (4), a warden must ring the bell.",), "section 6(3)", "It is subject to subsection (4)."),
    ("reference.despite", ACT, ("Despite section 9, a warden must ring the bell.",), "section 6(3)", "It applies despite section 9."),
    ("scope.applies", NOTICE, ("This Notice applies to ferry companies in the northern ports.",), "MAS Notice 77", "It applies to ferry companies in the northern ports."),
    ("scope.when", NOTICE, ("This Notice applies where a ferry carries more than a crew.",), "MAS Notice 77", "It applies where a ferry carries more than a crew."),
    ("scope.exempt", ACT, ("Subsection (1) does not apply to rowing boats.",), "section 6(1) of the Harbour Wardens Act 2011", "It does not apply to rowing boats."),
    ("scope.unless", ACT, ("This section does not apply if the quay is frozen.",), "section 6 of the Harbour Wardens Act 2011", "It does not apply if the quay is frozen."),
    ("scope.power", NOTICE, ("This Notice is issued under section 8 of the Harbour Wardens Act 2011 and binds every quay.",), "MAS Notice 77", "MAS Notice 77 is issued under section 8 of the Harbour Wardens Act 2011."),
    ("scope.purpose", ACT, ("The purpose of this Act is to keep the quays of the country safe.",), "the purpose of the Harbour Wardens Act 2011", "The purpose of this Act is to keep the quays of the country safe."),
    ("date.effective", NOTICE, ("This Notice shall take effect from 4 May 2012.",), "MAS Notice 77", "This Notice takes effect from 4 May 2012."),
    ("date.revised", NOTICE, ("3 March 2011 Last revised on 9 June 2014 (see endnotes)",), "Notice 77", "It was last revised on 9 June 2014."),
    ("told.rule", NOTICE, ("Section 8 of the Harbour Wardens Act 2011 prohibits fireworks on every quay.",), "section 8 of the Harbour Wardens Act 2011", "Section 8 of the Harbour Wardens Act 2011 prohibits fireworks on every quay."),
    ("told.duty", NOTICE, ("Section 8 of the Harbour Wardens Act 2011 requires a warden to ring the bell.",), "a warden", "Section 8 of the Harbour Wardens Act 2011 requires a warden to ring the bell."),
    ("told.where", NOTICE, ("Wardens ring the bell at dusk (section 8(2) of the Harbour Wardens Act 2011).",), "wardens ring the bell at dusk", "Section 8(2) of the Harbour Wardens Act 2011 says so."),
    ("truth.duty", ACT, ("A harbour warden must ring the bell at dusk.",), "ring the bell at dusk", "Yes, a harbour warden must ring the bell at dusk."),
    ("truth.choice", ACT, ("A harbour warden must ring the bell at dusk.",), "ring the bell at dusk", "No, a harbour warden must ring the bell at dusk."),
    ("status.deemed", ACT, ("Where a notice is posted at the quay, the notice is deemed to have been given.",), "where a notice is posted at the quay", "Where a notice is posted at the quay, the notice is deemed to have been given."),
]  # fmt: skip


def read(info: DocumentInfo, slices: tuple[str, ...], passage: Callable[..., Passage]) -> Reading:
    is_definition = slices[0].startswith("“")
    made = replace(
        passage(*slices), document=info, role="definition" if is_definition else "paragraph",
        term=slices[0][1:].split("”")[0] if is_definition else None,
    )  # fmt: skip
    return Reading(made, {}, {})


def asks_of(reading: Reading, family: str) -> list[Ask]:
    return [ask for finder in FINDERS for ask in finder(reading) if ask.family == family]


@pytest.mark.parametrize(
    ("family", "info", "slices", "words", "answer"), CASES, ids=[case[0] for case in CASES]
)
def test_a_family_asks_and_answers(
    family: str,
    info: DocumentInfo,
    slices: tuple[str, ...],
    words: str,
    answer: str | None,
    passage: Callable[..., Passage],
) -> None:
    reading = read(info, slices, passage)
    (ask,) = asks_of(reading, family)
    # Every seed may draw another template: each that fits must make a whole question.
    drafts = {draft.template: draft for seed in range(40) if (draft := write(ask, reading.passage, seed))}
    assert drafts
    for draft in drafts.values():
        assert words.casefold() in draft.question.casefold()
        assert draft.question[0].isupper()
        assert draft.question.rstrip().endswith(("?", "."))
        assert "{" not in draft.question
        assert draft.answer == answer
    if answer is None:
        assert ask.absent


def test_every_family_has_a_case_and_several_phrasings() -> None:
    assert {case[0] for case in CASES} == set(TEMPLATES)
    assert len(TEMPLATES) >= 25
    for family, templates in TEMPLATES.items():
        assert len(set(templates)) >= 3, family
        assert all(template_slots(template) for template in templates)


def test_a_question_out_of_its_section_names_the_section(passage: Callable[..., Passage]) -> None:
    reading = read(ACT, ("The Council may close a quay mentioned in subsection (2) if ice forms.",), passage)
    (ask,) = asks_of(reading, "power.trigger")
    for seed in range(20):
        draft = write(ask, reading.passage, seed)
        assert draft is not None
        assert "section 6(3) of the Harbour Wardens Act 2011" in draft.question


def test_a_term_that_is_defined_twice_is_asked_with_its_section(passage: Callable[..., Passage]) -> None:
    once = read(ACT, ("“berth” means a place at a quay.",), passage)
    twice = Reading(replace(once.passage, label='s 6(3) "berth"'), {}, {"berth": 2})
    (ask,) = asks_of(twice, "definition.meaning")
    draft = write(ask, twice.passage, 0)
    assert draft is not None
    assert (
        draft.question
        == "What does “berth” mean for the purposes of section 6(3) of the Harbour Wardens Act 2011?"
    )


def test_one_limb_of_several_is_not_asked_as_the_whole(passage: Callable[..., Passage]) -> None:
    made = replace(passage("Where fog comes in, a warden must —", "ring the bell; and"), document=ACT)
    reading = Reading(made, {made.spans[:-1]: "and"}, {})
    (ask,) = asks_of(reading, "duty.condition")
    draft = write(ask, made, 0)
    assert draft is not None
    assert draft.names == "provision"


@pytest.mark.parametrize(
    ("figure", "other"), [("S$20,000", "S$50,000"), ("14 days", "34 days"), ("0.5%", "0.2%")]
)
def test_a_false_figure_looks_like_the_true_one(figure: str, other: str) -> None:
    assert false_figure(figure) == other


def test_a_figure_without_digits_or_of_one_has_no_false_one() -> None:
    assert false_figure("three months") is None
    assert false_figure("1 year") is None


@pytest.mark.parametrize(
    ("letters", "before", "name"),
    [
        ("MIR", "keeps a marine incident register", "marine incident register"),
        ("MOS", "asked the Ministry of Transport", None),
        ("MoT", "asked the Ministry of Transport", "Ministry of Transport"),
        ("PEPs", "who are politically exposed persons", "politically exposed persons"),
        ("BA", "under the Banking Act 1970", "Banking Act 1970"),
        ("X", "the crossing", None),
    ],
)
def test_letters_are_spelt_out_by_their_initials(letters: str, before: str, name: str | None) -> None:
    assert spelt_out(letters, before) == name


def test_a_duty_of_one_spoken_of_before_names_its_provision(passage: Callable[..., Passage]) -> None:
    reading = read(ACT, ("The quay is frozen in winter. The ferry company must ring the bell.",), passage)
    for family in ("truth.duty", "truth.choice"):
        (ask,) = asks_of(reading, family)
        for seed in range(20):
            draft = write(ask, reading.passage, seed)
            assert draft is not None
            assert "section 6(3)" in draft.question
    assert not asks_of(reading, "duty.actor")


def test_nobody_is_asked_whether_every_warden_may_choose(passage: Callable[..., Passage]) -> None:
    (ask,) = asks_of(
        read(ACT, ("Every harbour warden must ring the bell at dusk.",), passage), "truth.choice"
    )
    assert ask.slots["subject"] == "any harbour warden"
    assert ask.answer == "No, every harbour warden must ring the bell at dusk."


def test_what_is_an_offence_is_no_duty(passage: Callable[..., Passage]) -> None:
    said = "A warden who sleeps on the quay shall be guilty of an offence and shall be liable to a fine."
    reading = read(ACT, (said,), passage)
    assert not any(ask.family.startswith(("truth", "duty")) for finder in FINDERS for ask in finder(reading))


def test_an_answer_with_an_open_bracket_was_cut(passage: Callable[..., Passage]) -> None:
    reading = read(ACT, ("A harbour warden must ring the bell at dusk.",), passage)
    (ask,) = asks_of(reading, "truth.duty")
    assert write(replace(ask, answer="Yes, a warden must ring the bell (Cap."), reading.passage, 0) is None
