# ruff: noqa: E501  a case reads as one line of a table
from collections.abc import Callable
from dataclasses import replace

import pytest

from rag_ft.examples.assembling import Grounding, LeftOut, assemble, cited, part_passages
from rag_ft.examples.document_names import name_document, name_provision
from rag_ft.examples.drafts import Draft
from rag_ft.schema import DocumentInfo, Example, Hit, Passage

Make = Callable[..., Passage]
RULE = "A harbour warden must ring the brass bell at the head of the quay at dusk."
OTHER_ACT = DocumentInfo(id="acts/piers.md", title="Piers Act 2012", kind="act")


def draft(gold: Passage, **fields: object) -> Draft:
    made = Draft(
        id="d1",
        question="Under section 6(3) of the Harbour Wardens Act 2011, what must a harbour warden do?",
        answer=RULE,
        gold=(gold,),
        quotes=(RULE,),
        source=gold.document.id,
        family="duty.what",
        template="duty.what.1",
        names="provision",
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def hits(*passages: Passage) -> list[Hit]:
    return [Hit(passage, 1.0 / rank, rank) for rank, passage in enumerate(passages, start=1)]


def filler(passage: Make, count: int = 6) -> list[Passage]:
    words = ["lamps", "ropes", "cranes", "tides", "gulls", "piers"]
    return [
        passage(
            f"The keeper of the {words[n]} counts the {words[n]} of the port every morning.",
            label=f"s {20 + n}",
        )
        for n in range(count)
    ]


def test_a_question_that_names_its_section_is_answered_there_only(passage: Make) -> None:
    gold = passage(RULE, label="s 6(3)")
    twin = passage(RULE, label="s 9(1)")
    answers, others = part_passages(draft(gold), [twin, gold])
    assert answers == [gold]
    assert others == [twin]


def test_the_paragraph_above_answers_where_it_holds_the_words_and_else_is_dropped(passage: Make) -> None:
    gold = passage("A warden must —", "ring the brass bell at dusk; and", label="s 6(3)(a)")
    above = passage(
        "A warden must —", "(a) ring the brass bell at dusk; and", "(b) light the lamp.", label="s 6(3)"
    )
    note = passage(
        "This subsection has applied to wardens since the year 2011.", label="s 6(3)(a), footnote 1"
    )
    made = draft(gold, quotes=("A warden must —", "ring the brass bell at dusk; and"))
    answers, others = part_passages(made, [above, note, gold])
    assert answers == [above, gold]
    assert others == []


def test_a_question_that_names_its_document_is_not_answered_by_another(passage: Make) -> None:
    gold = passage(RULE)
    elsewhere = replace(passage(RULE, label="s 7"), document=OTHER_ACT)
    same = passage(f"{RULE} It must be heard at sea.", label="s 8")
    answers, others = part_passages(draft(gold, names="document"), [elsewhere, same, gold])
    assert answers == [same, gold]
    assert others == [elsewhere]


def test_where_nothing_is_named_a_passage_that_might_answer_is_in_neither_part(passage: Make) -> None:
    gold = passage(RULE)
    likely = replace(
        passage("At dusk the harbour warden must ring a brass bell at the quay head.", label="s 2"),
        document=OTHER_ACT,
    )
    far = replace(
        passage("A pier must be swept of ice before noon each winter day.", label="s 3"), document=OTHER_ACT
    )
    answers, others = part_passages(draft(gold, names="nothing"), [likely, far, gold])
    assert answers == [gold]
    assert others == [far]


def test_a_heading_is_no_distractor(passage: Make) -> None:
    heading = passage("76. —", label="Accounts")
    assert part_passages(draft(passage(RULE)), [heading]) == ([], [])


def test_gold_that_search_missed_stands_last(passage: Make) -> None:
    gold = passage(RULE)
    made = assemble(draft(gold), hits(*filler(passage)), Grounding(shuffled=0.0), seed=0)
    assert isinstance(made, Example)
    assert [p.gold for p in made.passages][-1]
    assert made.target == f"{RULE.rstrip('.')} [{len(made.passages)}]."


def test_passages_keep_search_order_or_are_shuffled(passage: Make) -> None:
    gold = passage(RULE)
    found = hits(*filler(passage, 3), gold, *filler(passage, 6)[3:])
    kept = assemble(draft(gold), found, Grounding(shuffled=0.0), seed=0)
    assert isinstance(kept, Example)
    order = [hit.passage.id for hit in found]
    assert [p.id for p in kept.passages] == sorted((p.id for p in kept.passages), key=order.index)
    orders = {
        tuple(p.id for p in example.passages)
        for seed in range(10)
        if isinstance(example := assemble(draft(gold), found, Grounding(shuffled=1.0), seed), Example)
    }
    assert len(orders) > 4


def test_why_no_example_can_be_made(passage: Make) -> None:
    gold, rest = passage(RULE), filler(passage)
    grounding = Grounding()
    assert assemble(draft(gold), hits(gold, rest[0]), grounding, 0) is LeftOut.DISTRACTORS
    assert assemble(draft(gold), hits(gold, *rest), replace(grounding, budget=80), 0) is LeftOut.BUDGET
    assert assemble(draft(gold), hits(gold, *rest), replace(grounding, answer_budget=9), 0) is LeftOut.BUDGET
    wrong = draft(gold, answer="A harbour warden must ring the brass bell 70 times.")
    assert assemble(wrong, hits(gold, *rest), grounding, 0) is LeftOut.UNVERIFIED
    named = replace(draft(gold), answer=None, gold=(), absent="Keeper of the Lamps")
    assert assemble(named, hits(gold, *rest), grounding, 0) is LeftOut.NAMED


@pytest.mark.parametrize(
    ("answer", "marks", "target"),
    [
        ("A bank keeps records.", [3], "A bank keeps records [3]."),
        ("A bank keeps records", [4, 2], "A bank keeps records [2] [4]."),
        ("Records [2] for years [1].", [4, 1], "Records [1] for years [4]."),
        ("Help!", [1], "Help! [1]."),
    ],
)
def test_marks_of_the_gold_become_marks_of_the_row(answer: str, marks: list[int], target: str) -> None:
    assert cited(answer, marks) == target


@pytest.mark.parametrize(
    ("info", "formal", "casual"),
    [
        (DocumentInfo("a", "Harbour Wardens Act 2011", kind="act"), "the Harbour Wardens Act 2011", "the Harbour Wardens Act"),
        (DocumentInfo("a", "Bells", kind="notice", number="77"), "MAS Notice 77", "Notice 77"),
        (DocumentInfo("a", "G", kind="guideline", number="Guidelines to 77"), "the Guidelines to MAS Notice 77", "the Guidelines to Notice 77"),
        (DocumentInfo("a", "G", kind="guideline", number="PS-G09"), "the MAS Guidelines PS-G09", "Guidelines PS-G09"),
        (DocumentInfo("a", "C", kind="circular", number="MAS/PD/1"), "MAS Circular PD/1", "Circular MAS/PD/1"),
        (DocumentInfo("a", "Tides explained", kind="faq"), "“Tides explained”", "“Tides explained”"),
    ],
)  # fmt: skip
def test_documents_have_a_formal_and_a_casual_name(info: DocumentInfo, formal: str, casual: str) -> None:
    name = name_document(info)
    assert name is not None
    assert (name.formal, name.casual) == (formal, casual)


def test_a_file_name_is_no_name() -> None:
    assert name_document(DocumentInfo("a", "notice-77-tracked")) is None


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("s 6(3A)(b)", "section 6(3A)(b)"),
        ('s 2(1) "berth"', "section 2(1)"),
        ("6.3(b)", "paragraph 6.3(b)"),
        ("6-6-4(d)", "paragraph 6-6-4(d)"),
        ("Annex A, 8.1", "paragraph 8.1 of Annex A"),
        ("reg 5", "regulation 5"),
        ("(2)(b)", None),
        ("title page", None),
    ],
)
def test_a_provision_is_named_where_its_label_is_a_number(
    passage: Make, label: str, words: str | None
) -> None:
    assert name_provision(passage(RULE, label=label)) == words
