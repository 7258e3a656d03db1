from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from rag_ft.examples.agreement import agree, is_plural
from rag_ft.examples.balance import AbstentionBalance
from rag_ft.examples.drafts import Draft
from rag_ft.examples.selection import Dropped, HeldOut, Selection, select_drafts
from rag_ft.examples.splits import choose_dev, family_of
from rag_ft.schema import DocumentInfo, Passage, Question

NOUNS = (
    "quay berth ferry lamp bell anchor rope crane barge buoy hull mast sail deck oar tide chart gull pier"
).split()


def draft(number: int, **fields: object) -> Draft:
    noun, other = NOUNS[number % 19], NOUNS[number // 19 % 19]
    made = Draft(
        id=f"d{number}",
        question=f"What is the {noun} of the {other} for?",
        answer=f"The {noun} of the {other} is for {number} people.",
        gold=(),
        quotes=(),
        source=f"doc{number % 10}",
        family=f"family{number % 5}",
        template=f"family{number % 5}.1",
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def select(drafts: list[Draft], selection: Selection | None = None, held_out: HeldOut | None = None):
    dropped: Counter[Dropped] = Counter()
    kept = list(select_drafts(drafts, selection or Selection(), held_out, lambda why: dropped.update([why])))
    return kept, dropped


def test_a_question_is_asked_once() -> None:
    first, again = draft(1), draft(1, id="other", answer="Something else altogether.")
    kept, dropped = select([first, again])
    assert kept == [first]
    assert dropped == {Dropped.TWICE: 1}


def test_of_two_rows_nearly_alike_the_first_stays() -> None:
    long = "Under the Harbour Act, must a warden who finds a vessel adrift ring the bell and light the lamp"
    one = draft(1, question=f"{long}?", answer="Yes, he must do so.")
    two = draft(2, question=f"{long} too?", answer="Yes, he must do so.")
    kept, dropped = select([one, two], Selection(near=0.7))
    assert kept == [one]
    assert dropped == {Dropped.NEARLY_TWICE: 1}


def test_one_answer_is_given_three_times() -> None:
    drafts = [draft(number, answer="At dusk.") for number in range(8)]
    kept, dropped = select(drafts)
    assert len(kept) == 3
    assert dropped == {Dropped.SAME_ANSWER: 5}


def test_few_rows_of_a_template() -> None:
    drafts = [draft(number, template="same.1", family=f"f{number}") for number in range(60)]
    kept, dropped = select(drafts, Selection(fewest=5))
    assert len(kept) == 5
    assert dropped == {Dropped.TEMPLATE: 55}


def test_people_follow_no_template() -> None:
    drafts = [draft(number, template="", family="people") for number in range(60)]
    assert len(select(drafts, Selection(fewest=5))[0]) == 60


def test_nothing_held_out_leaks(passage: Callable[..., Passage]) -> None:
    tested = passage("The quay opens at dawn.", label="s 1")
    held_out = HeldOut(
        [Question("When does the northern quay open to fishing boats?")], frozenset({tested.id})
    )
    asked = draft(1, question="To fishing boats, when does the northern quay open?")
    answered = draft(2, gold=(tested,))
    other = draft(3)
    kept, dropped = select([asked, answered, other], held_out=held_out)
    assert kept == [other]
    assert dropped == {Dropped.LEAK_QUESTION: 1, Dropped.LEAK_PARAGRAPH: 1}


def test_development_takes_whole_families() -> None:
    drafts = [draft(number) for number in range(100)]
    families = [(f"doc{number}", f"family{number // 2}") for number in range(10)]
    chosen = choose_dev(drafts, families, share=0.2, seed=1)
    assert len(chosen) == 2
    numbers = {int(source.removeprefix("doc")) // 2 for source in chosen}
    assert len(numbers) == 1
    assert choose_dev(drafts, families, share=0.2, seed=1) == chosen
    assert choose_dev(drafts, families, share=0.0, seed=1) == frozenset()
    assert len({choose_dev(drafts, families, share=0.2, seed=seed) for seed in range(12)}) > 2


def test_versions_and_guidelines_of_a_notice_are_one_family() -> None:
    notice = DocumentInfo(id="a", title="Notice 77 of 2011", kind="notice", number="77")
    guide = DocumentInfo(id="b", title="Guide", kind="guideline", number="Guidelines to 77")
    other = DocumentInfo(id="c", title="Notice 78", kind="notice", number="78")
    assert family_of(notice) == family_of(guide) == "77"
    assert family_of(other) == "78"


@pytest.mark.parametrize(("unanswerable", "low", "high"), [(0, 0.24, 0.3), (5, 0.24, 0.3), (9, 0.24, 0.3)])
def test_abstentions_keep_to_their_share(unanswerable: int, low: float, high: float) -> None:
    """Of ten drafts, some are unanswerable; whatever their share, the rows' share is kept."""
    balance = AbstentionBalance(left_out=0.2, fewest=0.25, most=0.3, seed=0)
    for number in range(3000):
        made = draft(number, answer=None) if number % 10 < unanswerable else draft(number)
        if balance.takes(made):
            balance.count(abstains=made.answer is None or balance.leaves_out(made))
    assert low <= balance.abstentions / balance.rows <= high


def test_nothing_is_left_out_where_nobody_wants_it() -> None:
    balance = AbstentionBalance(left_out=0.0, fewest=0.25, most=0.3, seed=0)
    for number in range(200):
        assert not balance.leaves_out(draft(number))
        balance.count(abstains=False)


@pytest.mark.parametrize(
    ("subject", "plural"),
    [
        ("the Guidelines to Notice 77", True),
        ("a warden that keeps keys", False),
        ("the owner and the master", True),
        ("the Harbour and Piers Act 2011", False),
        ("ferry companies", True),
        ("the business", False),
        ("every owner of vessels", False),
        ("PEPs", True),
    ],
)
def test_plurals_are_told_by_their_head(subject: str, plural: bool) -> None:
    assert is_plural(subject) == plural


def test_verbs_agree_before_and_after_their_subject() -> None:
    assert agree("What does the Guidelines say?", "the Guidelines") == "What do the Guidelines say?"
    assert agree("The Guidelines uses MIR.", "the Guidelines") == "The Guidelines use MIR."
    assert (
        agree("Paragraph 3 of the Guidelines says so.", "the Guidelines")
        == "Paragraph 3 of the Guidelines says so."
    )
    assert agree("What does a warden do?", "a warden") == "What does a warden do?"
