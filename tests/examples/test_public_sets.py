"""Adaptors on rows of our own in the form of the public files."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from rag_ft.errors import DataFormatError, PathNotFoundError, UsageError
from rag_ft.examples import ExampleMaker, Grounding, public_rows
from rag_ft.examples.gate import is_grounded
from rag_ft.examples.public_index import index_public_sets
from rag_ft.examples.public_sets import SETS, public_files, read_public_set
from rag_ft.prompts import ABSTENTION
from rag_ft.retrieval.passage_index import PassageIndex
from tests.conftest import FakeEncoder

NAMES = [f"{first}{second}" for first in "ABCDE" for second in "abcdef"]
QUAY = "The northern quay was built of granite in 1861 by the mason Ada Flint."


def row(number: int = 0, **fields: Any) -> dict[str, Any]:
    made = {
        "id": f"r{number}",
        "q": "who built the northern quay",
        "passages": [{"id": "1", "text": QUAY, "gold": 1}],
        "a": "Ada Flint",
        "alts": ["Ada Flint", "the mason Ada Flint"],
        "answerable": True,
        "title": "Northern_Quay",
    }
    return {**made, **fields}


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    path = folder / f"{name}.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(each) + "\n" for each in rows)
    return path


def test_a_span_is_taken_where_people_agree_on_it() -> None:
    assert public_rows.span(row()) == ("who built the northern quay", "Ada Flint")
    assert public_rows.span(row(alts=["Ada Flint", "granite"])) is None
    assert public_rows.span(row(a="Flin", alts=["Flin"])) is None
    assert public_rows.span(row(a=None, alts=[], answerable=False)) == ("who built the northern quay", None)


def test_a_sentence_of_a_policy_is_taken_with_its_site_named() -> None:
    text = "We keep your berth number for two years. We sell nothing."
    made = row(
        q="How long is my berth number kept?", title="quay.example",
        a="We keep your berth number for two years.", passages=[{"id": "1", "text": text, "gold": 1}],
    )  # fmt: skip
    assert public_rows.site_span(made) == (
        "About the privacy policy of quay.example: How long is my berth number kept?",
        "We keep your berth number for two years.",
    )
    assert public_rows.site_span({**made, "a": "your berth number"}) is None
    assert public_rows.site_span({**made, "q": "Do you collect lamps?"}) is None


def test_cited_sentences_are_kept_and_comments_are_not() -> None:
    two = [
        {"id": "1", "text": "A bell must ring.", "gold": 1},
        {"id": "2", "text": "It must be brass.", "gold": 1},
    ]
    answer = "A warden must ring the bell [1]. The bell must be brass. [2] This means safety for all [1]."
    assert public_rows.cited(row(passages=two, a=answer)) == (
        "who built the northern quay",
        "A warden must ring the bell [1]. The bell must be brass [2].",
    )
    assert public_rows.cited(row(passages=two, a="A warden must ring the bell [1].")) is None
    assert public_rows.cited(row(passages=two, a="It is clear. A bell [1]. A lamp [2].")) is None


def test_an_answer_is_taken_only_from_passages_that_are_whole_and_not_about_them() -> None:
    heading = [{"id": "1", "text": "Duties of wardens. Bells and lamps of the quay", "gold": 1}]
    open_end = [{"id": "1", "text": "A warden must do the following:", "gold": 1}]
    answer = "A warden must ring the bell [1]."
    assert public_rows.cited(row(a=answer)) is not None
    assert public_rows.cited(row(passages=open_end, a=answer)) is None
    assert public_rows.cited(row(passages=heading, a=answer)) is None
    assert public_rows.cited(row(a="The source says that a warden must ring the bell [1].")) is None


def test_a_short_answer_of_two_passages_stands_in_their_words() -> None:
    two = [{"id": "1", "text": QUAY, "gold": 1}, {"id": "2", "text": "Flint was paid in silver.", "gold": 1}]
    made = row(passages=two, a="Ada Flint, who was paid in silver.")
    assert public_rows.both(made) == ("who built the northern quay", "Ada Flint, who was paid in silver.")
    assert public_rows.both({**made, "a": "Ada Flint, who died of a broken heart."}) is None
    assert public_rows.both({**made, "q": "who owns the northern lighthouse"}) is None
    assert public_rows.both({**made, "q": "Is the northern quay Ada Flint’s?"}) is None
    assert public_rows.both({**made, "a": "Yes, Ada Flint did, for silver."}) is None


def test_a_question_that_leans_on_its_passage_is_not_taken() -> None:
    assert public_rows.named_span(row(q="How many were built?")) is None
    assert public_rows.named_span(row(q="What did Ada build?")) is not None
    assert public_rows.named_span(row(q="What did Ada build in 1999?")) is None
    assert public_rows.searched_span(row(q="who built the northern quay")) is not None
    assert public_rows.searched_span(row(q="who wrote the southern hymn")) is None
    assert public_rows.searched_span(row(q="who built the northern quay this year")) is None
    apart = [{"id": "1", "text": "The northern quay was built. Ada Flint ate lunch.", "gold": 1}]
    assert public_rows.searched_span(row(q="who built the northern quay", passages=apart, title="")) is None


def test_a_verdict_needs_every_word_of_its_question_in_the_article() -> None:
    made = row(q="is the northern quay built of granite", a="yes", alts=["yes"])
    assert public_rows.article_verdict(made) == ("is the northern quay built of granite", "Yes")
    denied = {**made, "a": "no", "alts": ["no"]}
    assert public_rows.article_verdict(denied) is None
    unbuilt = [{"id": "1", "text": "The northern quay was not built of granite.", "gold": 1}]
    assert public_rows.article_verdict({**denied, "passages": unbuilt}) is not None
    assert public_rows.article_verdict({**made, "passages": unbuilt}) is None
    unsaid = "is the northern quay of granite a ruin"
    assert public_rows.article_verdict({**made, "q": unsaid}) is None
    assert public_rows.article_verdict({**denied, "q": unsaid}) is None


def test_a_verdict_without_conditions_is_yes_or_no() -> None:
    made = row(a="yes", alts=["yes"], scenario="I own a boat.", q="May I moor here?", conditions=[])
    assert public_rows.verdict(made) == ("I own a boat. May I moor here?", "Yes")
    assert public_rows.verdict({**made, "conditions": [{"text": "yes", "conditions": ["at night"]}]}) is None
    assert public_rows.verdict({**made, "alts": ["yes", "no"]}) is None
    assert public_rows.verdict(row(label="maybe", alts=[])) is None


def test_a_case_is_judged_by_a_sentence_about_it() -> None:
    rule = [{"id": "1", "text": "You may moor a boat here at night.", "gold": 1}]
    made = row(a="yes", alts=["yes"], scenario="I own a boat.", q="May I moor it at night?", passages=rule)
    assert public_rows.scenario_verdict(made) == ("I own a boat. May I moor it at night?", "Yes")
    assert public_rows.scenario_verdict({**made, "q": "May I paint my hull in spring?"}) is None
    assert public_rows.scenario_verdict({**made, "a": None, "answerable": False}) is not None


def test_a_short_gold_passage_answers_where_nobody_wrote_an_answer() -> None:
    assert public_rows.passage(row(a=None)) == ("who built the northern quay", QUAY)
    assert public_rows.passage(row(a=None, q="who paid for the northern quay in winter")) is None
    assert public_rows.passage(row(a=None, q="give examples of who built the northern quay")) is None
    headed = [{"id": "1", "text": f"Quays and piers. {QUAY}", "gold": 1}]
    assert public_rows.passage(row(a=None, passages=headed)) is None
    listed = [{"id": "1", "text": "It must: (a) float; (b) steer.", "gold": 1}]
    assert public_rows.passage(row(a=None, passages=listed)) is None
    assert public_rows.passage(row(a=None, answerable=False)) == ("who built the northern quay", None)


def test_answerable_is_read_and_never_the_missing_answer() -> None:
    assert public_rows.irrelevant(row(a=None, answerable=True)) is None
    assert public_rows.irrelevant(row(a=None, answerable=False)) == ("who built the northern quay", None)


def test_a_set_becomes_documents_with_numbered_paragraphs(tmp_path: Path) -> None:
    rows = [
        row(0, q="who built the Quay"),
        row(1, q="when was the Quay built", a="1861", alts=["1861"]),
        row(2, title="Lamp", q="why Ada"),
    ]
    read = read_public_set(write(tmp_path, "squad2_train11", rows))
    assert {document.info.title for document in read.documents} == {"Northern Quay", "Lamp"}
    quay = next(document for document in read.documents if document.info.title == "Northern Quay")
    (paragraph,) = quay.paragraphs
    (span,) = paragraph.spans
    assert quay.text[span.start : span.end] == QUAY
    asked = {question.question.question: question.question for question in read.questions}
    assert set(asked) == {"Who built the Quay?", "When was the Quay built?", "Why Ada?"}
    (gold,) = asked["When was the Quay built?"].gold
    assert (gold.document, gold.paragraph) == (quay.info.id, "1")


def test_a_sample_does_not_hang_on_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [row(number, q=f"what is Quay {NAMES[number]}") for number in range(30)]
    one = read_public_set(write(tmp_path, "xquad_en", rows), rows=5).questions
    other = read_public_set(write(tmp_path, "xquad_en", rows[::-1]), rows=5).questions
    assert len(one) == 5
    assert [q.question.id for q in one] == [q.question.id for q in other]


def test_rulebooks_stand_behind_their_questions(tmp_path: Path) -> None:
    corpus = [
        {"id": "1", "doc": 7, "pid": "4.1", "text": "A warden must ring the bell each evening at dusk."},
        {"id": "2", "doc": 7, "pid": "4.2", "text": "BELLS"},
        {"id": "3", "doc": 7, "pid": "4.3", "text": "A bell must be cast of brass and hung above the quay."},
    ]
    write(tmp_path, "obliqa_corpus", corpus)
    gold = [{"id": "7|4.1", "text": corpus[0]["text"], "gold": 1}]
    read = read_public_set(
        write(tmp_path, "obliqa_dev", [row(q="When must a warden ring the bell?", a=None, passages=gold)])
    )
    (document,) = read.documents
    assert [paragraph.label for paragraph in document.paragraphs] == ["4.1", "4.3"]


def test_known_files_are_found_and_others_are_refused(tmp_path: Path) -> None:
    squad = write(tmp_path, "squad2_train11", [row()])
    (tmp_path / "README.md").write_text("no rows here")
    assert public_files([tmp_path]) == [squad]
    with pytest.raises(UsageError, match="no public set there"):
        public_files([tmp_path / "README.md"])
    with pytest.raises(PathNotFoundError):
        public_files([tmp_path / "nowhere"])
    with pytest.raises(UsageError, match="no public set has this name"):
        read_public_set(tmp_path / "README.md")
    (tmp_path / "boolq_dev.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(DataFormatError, match="boolq_dev"):
        read_public_set(tmp_path / "boolq_dev.jsonl.gz")


def test_public_questions_are_grounded_by_a_search_of_their_own_passages(
    tmp_path: Path, small_index: PassageIndex
) -> None:
    nouns = "granite brass timber slate copper marble".split()
    rows = [
        row(
            number, q=f"what is hall {number} made of", a=noun, alts=[noun], title=f"Hall {number}",
            passages=[{"id": "1", "text": f"Hall {number} is made of {noun} on every side.", "gold": 1}],
        )
        for number, noun in enumerate(nouns)
    ]  # fmt: skip
    silent = row(
        9, q="who painted the ceiling of Hall 9", a=None, alts=[], answerable=False, title="Hall 9",
        passages=[{"id": "1", "text": "The ninth hall has a high ceiling and a floor of oak.", "gold": 0}],
    )  # fmt: skip
    write(tmp_path, "squad2_train11", [*rows, silent])
    public = index_public_sets([tmp_path], tmp_path / "index", encoder=FakeEncoder())
    maker = ExampleMaker(
        small_index,
        structure=False,
        public=public,
        held_out=(),
        grounding=Grounding(left_out=0.0),
        swapped=0.0,
    )
    examples = {example.question: example for example in maker.examples()}
    made = examples["What is hall 2 made of?"]
    assert is_grounded(made)
    assert made.target.startswith("timber [")
    assert made.family == "public.squad2_train11"
    ceiling = examples["Who painted the ceiling of Hall 9?"]
    assert ceiling.target == ABSTENTION
    assert any("ninth hall" in passage.text for passage in ceiling.passages)


def test_every_set_of_the_shared_folder_has_its_adaptor(shared: Path) -> None:
    names = {path.name.removesuffix(".jsonl.gz") for path in (shared / "qa").glob("*.jsonl.gz")}
    assert names - {"obliqa_corpus"} == set(SETS)
