"""Our own questions: whole, honestly split, and in no training set."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from rag_ft.errors import ModelUnavailableError
from rag_ft.examples import make_examples
from rag_ft.gold import holds_quote, is_gold_document, is_gold_paragraph, label_tokens
from rag_ft.indexing import build_index
from rag_ft.parsing import read_document
from rag_ft.question_rows import load_questions
from rag_ft.retrieval.encoder import load_encoder
from rag_ft.schema import Gold, Passage, Question
from tests.conftest import FakeEncoder

ROOT = Path(__file__).resolve().parents[2]
FILES = {name: ROOT / "data" / "eval" / f"{name}.jsonl" for name in ("primer", "corpus")}
FEWEST = {"primer": 120, "corpus": 80}
KEYS = {"id", "question", "answer", "answerable", "gold", "split", "style", "why", "as_of"}
# The eight test questions of the predecessor and its three spot questions, by what they ask about.
TOPICS = (
    r"base capital .*major payment|major payment.*(?:base )?capital",
    r"capital adequacy returns?",
    r"enhanced (?:customer due diligence|CDD|measures)",
    r"data breach",
    r"penetration|test.* hack|hack.* test",
    r"robo",
    r"(?:change my mind|cancel).*(?:fund|investment)|(?:fund|investment).*(?:cancel|cooling)",
    r"recovery time|back (?:up|online)",
    r"What does MAS stand for",
    r"Singapore'?s currency",
    r"Who regulates banks",
)
# Likeness of sorted words, 0 to 100, from which two questions are one: read around it, the one
# pair above asked the same, and the next (76 and below) asked for something else.
SAME_WORDS = 80
# Cosine of MiniLM from which two questions are paraphrases; read in the same way.
SAME_MEANING = 0.9


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in FILES[name].read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def questions() -> dict[str, list[Question]]:
    return {name: load_questions(path) for name, path in FILES.items()}


@pytest.fixture(scope="module")
def every(questions: dict[str, list[Question]]) -> list[Question]:
    return [question for name in FILES for question in questions[name]]


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_whole(name: str) -> None:
    assert len(rows(name)) >= FEWEST[name]
    for row in rows(name):
        assert row.keys() <= KEYS, row["id"]
        assert row["style"] in ("lay", "lawyer"), row["id"]
        assert row["split"] in ("dev", "test"), row["id"]
        if row["answerable"]:
            assert row["answer"], row["id"]
            assert row["gold"], row["id"]
            assert all(gold["document"] and gold["paragraph"] for gold in row["gold"]), row["id"]
        else:
            assert row["answer"] is None, row["id"]
            assert row["gold"] == [], row["id"]
            assert row["why"], row["id"]


def test_ids_and_questions_stand_once(every: list[Question]) -> None:
    assert [item for item, n in Counter(question.id for question in every).items() if n > 1] == []
    assert [
        item for item, n in Counter(question.question.casefold() for question in every).items() if n > 1
    ] == []


@pytest.mark.parametrize("name", FILES)
def test_a_third_has_no_answer_in_each_split_and_style(questions, name: str) -> None:
    for by in (lambda _: "all", lambda question: question.split, lambda question: question.style):
        shares = defaultdict(list)
        for question in questions[name]:
            shares[by(question)].append(not question.answerable)
        for key, unanswerable in shares.items():
            assert 0.25 <= sum(unanswerable) / len(unanswerable) <= 0.42, (name, key)


@pytest.mark.parametrize("name", FILES)
def test_a_document_lies_in_one_split(questions, name: str) -> None:
    """Versions of a document and its marked-up copy are one family."""
    splits: dict[str, set[str | None]] = defaultdict(set)
    for question in questions[name]:
        for gold in question.gold:
            family = re.sub(r"-(?:tracked|\d{4}-\d{2}-\d{2})\b", "", gold.document)
            is_statement = "mas-mps" in gold.document  # each statement of policy is its own
            splits[gold.document if is_statement else family].add(question.split)
    assert {family: found for family, found in splits.items() if len(found) > 1} == {}
    assert {split for found in splits.values() for split in found} == {"dev", "test"}


@pytest.mark.parametrize("topic", TOPICS)
def test_the_predecessors_topics_are_asked(every: list[Question], topic: str) -> None:
    assert any(re.search(topic, question.question, re.IGNORECASE) for question in every)


def test_no_question_of_one_split_is_asked_again_in_the_other(every: list[Question]) -> None:
    dev = [question for question in every if question.split == "dev"]
    test = [question for question in every if question.split == "test"]
    assert near_duplicates(dev, [question.question for question in test]) == []


def near_duplicates(asked: list[Question], others: list[str]) -> list[tuple[str, str, float]]:
    """Return id, other text and likeness of every pair that asks the same in nearly the same words."""
    likeness = process.cdist(
        [question.question for question in asked],
        others,
        scorer=fuzz.token_sort_ratio,
        processor=lambda text: re.sub(r"[^a-z0-9$. ]", " ", text.casefold()),
        score_cutoff=SAME_WORDS,
    )
    return [
        (asked[i].id, others[j], float(likeness[i, j]))
        for i, j in zip(*likeness.nonzero(), strict=True)
        # Numbers and short names decide: another year or acronym is another question, a day more is not.
        if agree(numbers(asked[i].question), numbers(others[j]))
        and agree(acronyms(asked[i].question), acronyms(others[j]))
    ]


def agree(these: set[str], those: set[str]) -> bool:
    return these <= those or those <= these


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def acronyms(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z]{2,}\b", text))


def test_the_search_for_near_duplicates_finds_them(every: list[Question]) -> None:
    asked = [next(question for question in every if question.question == "Who regulates banks in Singapore?")]
    again = ["In Singapore, who regulates the banks?", "who regulates banks in singapore"]
    assert [text for _, text, _ in near_duplicates(asked, [*again, "What is a bank?"])] == again


# --- gold that stands where it is said to


def found_gold(passages: list[Passage], gold: Gold) -> bool:
    return any(is_gold_document(p.document, gold) and is_gold_paragraph(p, gold) for p in passages)


@pytest.fixture(scope="module")
def primer_index(tmp_path_factory):
    # What is found depends on no encoder here, and the fake one costs nothing.
    index = build_index([ROOT / "data" / "primer"], tmp_path_factory.mktemp("index"), FakeEncoder())
    yield index
    index.close()


def test_the_primers_gold_stands_in_the_primer(questions, primer_index) -> None:
    passages = list(primer_index.passages())
    missing = [
        (question.id, gold.document, gold.paragraph)
        for question in questions["primer"]
        for gold in question.gold
        if not found_gold(passages, gold)
    ]
    assert missing == []
    for question in questions["primer"]:
        for gold in question.gold:
            texts = [p.text for p in passages if is_gold_document(p.document, gold)]
            assert any(holds_quote(text, gold.quote or "") for text in texts), question.id


@pytest.mark.slow
def test_the_corpuss_gold_stands_in_the_corpus(questions, shared) -> None:
    """Every gold label, or a deeper one, is one of the parsed document."""
    labels: dict[str, list[tuple[str, ...]]] = {}
    missing = []
    for question in questions["corpus"]:
        for gold in question.gold:
            if gold.document not in labels:
                document = read_document(shared / "corpus" / gold.document, gold.document)
                labels[gold.document] = [label_tokens(paragraph.label) for paragraph in document.paragraphs]
            wanted = label_tokens(gold.paragraph or "")
            if not any(label[: len(wanted)] == wanted for label in labels[gold.document]):
                missing.append((question.id, gold.document, gold.paragraph))
    assert missing == []


# --- training sets


def test_no_training_row_of_the_primer_repeats_a_question(every: list[Question], primer_index) -> None:
    examples = make_examples(primer_index)
    assert len(examples) > 30
    assert near_duplicates(every, [example.question for example in examples]) == []


@pytest.mark.slow
def test_no_training_row_of_the_primer_paraphrases_a_question(every: list[Question], primer_index) -> None:
    try:
        encoder = load_encoder(offline=True)
    except ModelUnavailableError as error:
        pytest.skip(f"no encoder to tell paraphrases by: {error}")
    trained = sorted({example.question for example in make_examples(primer_index)})
    cosines = encoder.encode([question.question for question in every]) @ encoder.encode(trained).T
    found = [
        (every[i].id, trained[j], float(cosines[i, j]))
        for i, j in zip(*(cosines >= SAME_MEANING).nonzero(), strict=True)
        if numbers(every[i].question) == numbers(trained[j])
    ]
    assert found == []
