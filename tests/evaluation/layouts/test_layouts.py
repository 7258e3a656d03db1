import gzip
import json
import random
from pathlib import Path

import pytest

from rag_ft.errors import DataFormatError, PathNotFoundError, UsageError
from rag_ft.evaluation import evaluate
from rag_ft.evaluation.benchmark import ensure_index, is_exactly
from rag_ft.evaluation.layouts import LAYOUTS, load_benchmark
from rag_ft.indexing import build_index
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Gold, Question


def write(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


def lines(*rows: dict) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


# --- SQuAD 2.0

SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "The_Mint",
            "paragraphs": [
                {
                    "context": "The mint struck ten coins in May.",
                    "qas": [
                        {
                            "id": "s1",
                            "question": " How many coins? ",
                            "is_impossible": False,
                            "answers": [
                                {"text": "ten", "answer_start": 16},
                                {"text": "ten", "answer_start": 16},
                                {"text": "ten coins", "answer_start": 16},
                            ],
                        },
                        {"id": "s2", "question": "Who struck notes?", "is_impossible": True, "answers": []},
                    ],
                }
            ],
        }
    ],
}


def test_squad(tmp_path: Path) -> None:
    benchmark = load_benchmark("squad2", write(tmp_path / "dev.json", SQUAD))
    assert benchmark.questions == (
        Question(
            "How many coins?",
            id="s1",
            answer="ten",
            alternatives=("ten coins",),
            answerable=True,
            gold=(Gold("The_Mint", "1"),),
        ),
        Question("Who struck notes?", id="s2", answerable=False),
    )
    (passage,) = benchmark.given["s2"]
    assert passage.text == "The mint struck ten coins in May."
    (document,) = benchmark.documents
    assert document.text == passage.text
    assert document.paragraphs[0].label == "1"


def test_squads_own_measures_count_silence_as_the_right_no_answer(tmp_path, make_system, make_answer) -> None:
    benchmark = load_benchmark("squad2", write(tmp_path / "dev.json", SQUAD))

    def knows_when(question: Question):
        if question.id == "s2":
            return make_answer("", abstained=True)
        return make_answer("the ten coins struck")

    (system,) = evaluate(benchmark, [make_system("s", knows_when)], resamples=50).systems
    assert system.measures["squad_exact"].value == 0.5
    # "ten coins struck" against "ten coins": P 2/3, R 1, F 4/5; and 1 for the silence.
    assert system.measures["squad_f1"].value == pytest.approx((4 / 5 + 1) / 2)
    assert "R@1" not in system.measures  # the passages came with the questions


# --- CLAPnq

CLAPNQ = lines(
    {
        "id": "c1",
        "input": "where does the name come from",
        "passages": [
            {"title": "Name", "text": "The name is old . It comes from the market .", "sentences": []}
        ],
        "output": [{"answer": "It comes from the market", "selected_sentences": [], "meta": {}}],
    },
    {
        "id": 2,
        "input": "who won",
        "passages": [{"title": "Game", "text": "The game was long .", "sentences": []}],
        "output": [{"answer": None, "meta": None}],
    },
)


def test_clapnq(tmp_path: Path) -> None:
    benchmark = load_benchmark("clapnq", write(tmp_path / "dev.jsonl", CLAPNQ))
    first, second = benchmark.questions
    assert (first.answer, first.answerable, second.answer, second.answerable) == (
        "It comes from the market",
        True,
        None,
        False,
    )
    assert second.id == "2"
    assert first.gold == (Gold("c1#1"),)
    assert is_exactly(benchmark.given["c1"][0], first.gold[0])


def test_clapnqs_own_measures_by_hand(tmp_path: Path, make_system, make_answer) -> None:
    benchmark = load_benchmark("clapnq", write(tmp_path / "dev.jsonl", CLAPNQ))
    answers = {"c1": "it comes from a market [1]", "2": "This is unanswerable."}
    (system,) = evaluate(
        benchmark, [make_system("s", lambda question: make_answer(answers[question.id]))], resamples=50
    ).systems
    measured = {name: estimate.value for name, estimate in system.measures.items()}
    # Five words each, four in common and in order.
    assert measured["clapnq_rouge_l"] == pytest.approx(4 / 5)
    # SQuAD's normalisation drops the articles: all of it, comes, from, market is said.
    assert measured["clapnq_recall"] == 1.0
    assert measured["clapnq_rouge_lp"] == pytest.approx(4 / 5)
    assert measured["clapnq_length"] == len("it comes from a market")
    assert measured["clapnq_unanswerable"] == 1.0


# --- ObliQA

OBLIQA = [
    {
        "QuestionID": "o1",
        "Question": "Who must notify?",
        "Passages": [{"DocumentID": 7, "PassageID": "2.1", "Passage": "A firm must notify."}],
        "Group": 1,
    }
]
BOOK = [
    {"ID": "x", "DocumentID": 7, "PassageID": "2.", "Passage": ""},
    {"ID": "y", "DocumentID": 7, "PassageID": "2.1", "Passage": "A firm must notify."},
    {"ID": "z", "DocumentID": 7, "PassageID": "2.1.(1)", "Passage": "It may write."},
]


def test_obliqa_as_its_authors_lay_it_out(tmp_path: Path) -> None:
    write(tmp_path / "docs" / "7.json", BOOK)
    benchmark = load_benchmark("obliqa", write(tmp_path / "test.json", OBLIQA), tmp_path / "docs")
    assert benchmark.questions == (
        Question("Who must notify?", id="o1", answerable=True, gold=(Gold("obliqa/7", "2.1"),)),
    )
    (document,) = benchmark.documents
    assert document.info.id == "obliqa/7"
    # A heading without words is no passage; every span is its text.
    assert [
        (each.label, document.text[each.spans[0].start : each.spans[0].end]) for each in document.paragraphs
    ] == [("2.1", "A firm must notify."), ("2.1.(1)", "It may write.")]


def test_obliqa_as_json_lines(tmp_path: Path) -> None:
    questions = tmp_path / "dev.jsonl.gz"
    row = {
        "id": "o1",
        "q": "Who?",
        "answerable": True,
        "passages": [{"id": "7|2.1", "gold": 1}, {"id": "7|9", "gold": 0}],
    }
    questions.write_bytes(gzip.compress(lines(row).encode()))
    corpus = write(
        tmp_path / "corpus.jsonl", lines({"id": "u", "doc": 7, "pid": "2.1", "text": "A firm must."})
    )
    benchmark = load_benchmark("obliqa", questions, corpus)
    assert benchmark.questions[0].gold == (Gold("obliqa/7", "2.1"),)
    assert [document.info.id for document in benchmark.documents] == ["obliqa/7"]


def test_a_benchmarks_gold_is_its_label_to_the_letter(make_passage) -> None:
    gold = Gold("obliqa/7", "2.1")
    assert is_exactly(make_passage(document="obliqa/7", label="2.1"), gold)
    # A limb of it, and another book's paragraph, are other passages of the set.
    assert not is_exactly(make_passage(document="obliqa/7", label="2.1.(1)"), gold)
    assert not is_exactly(make_passage(document="obliqa/17", label="2.1"), gold)


# --- BEIR


def beir(
    folder: Path, qrels: str = "query-id\tcorpus-id\tscore\nq1\td2\t2\nq1\td9\t0\n"
) -> tuple[Path, Path]:
    write(
        folder / "queries.jsonl",
        lines({"_id": "q1", "text": "Which coin?"}, {"_id": "q2", "text": "Unjudged?"}),
    )
    corpus = write(
        folder / "corpus.jsonl",
        lines(
            {"_id": "d1", "title": "A", "text": "Paper notes."},
            {"_id": "d2", "title": "B", "text": "A gold coin."},
        ),
    )
    return write(folder / "qrels" / "test.tsv", qrels), corpus


def test_beir(tmp_path: Path) -> None:
    benchmark = load_benchmark("beir", *beir(tmp_path))
    assert benchmark.questions == (Question("Which coin?", id="q1", answerable=True, gold=(Gold("d2"),)),)
    assert [(each.info.id, each.info.title, each.text) for each in benchmark.documents] == [
        ("d1", "A", "Paper notes."),
        ("d2", "B", "A gold coin."),
    ]


def test_a_searched_set_is_indexed_once_and_measured(tmp_path: Path, fake_encoder, monkeypatch) -> None:
    benchmark = load_benchmark("beir", *beir(tmp_path))
    folder = tmp_path / "index"
    build_index(benchmark.documents, folder, fake_encoder).close()
    monkeypatch.setattr("rag_ft.retrieval.passage_index.load_encoder", lambda *_, **__: fake_encoder)
    generation = PassageIndex.load(folder).generation
    (system,) = evaluate(benchmark, index=folder, only="retrieval", resamples=50).systems
    assert system.settings["generation"] == generation
    assert system.measures["R@1"].value == 1.0
    assert system.rows[0].found[0].is_gold
    other = load_benchmark("beir", *beir(tmp_path / "other", "query-id\tcorpus-id\tscore\nq1\td1\t1\n"))
    (tmp_path / "other" / "corpus.jsonl").write_text(lines({"_id": "zz", "title": "", "text": "Else."}))
    changed = load_benchmark(
        "beir", tmp_path / "other" / "qrels" / "test.tsv", tmp_path / "other" / "corpus.jsonl"
    )
    ensure_index(other, folder)
    with pytest.raises(UsageError, match="lacks zz"):
        ensure_index(changed, folder)


def test_a_set_that_is_searched_needs_an_index_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--index"):
        evaluate(load_benchmark("beir", *beir(tmp_path)), only="retrieval")


# --- RGB

NEGATIVES = [f"idle {n}" for n in range(8)]


def rgb(path: Path, **row: object) -> Path:
    return write(path, lines({"id": 1, "query": "Who?", "answer": ["Ada"], "negative": NEGATIVES, **row}))


def texts(benchmark) -> list[str]:
    return [passage.text for passage in benchmark.given["1"]]


def test_rgb_takes_five_passages_by_its_noise(tmp_path: Path) -> None:
    file = rgb(tmp_path / "en.json", positive=[f"Ada {n}" for n in range(6)])
    for noise, idle in ((0.0, 0), (0.4, 2), (0.6, 3), (0.8, 4)):
        benchmark = load_benchmark("rgb", file, noise=noise)
        found = texts(benchmark)
        assert len(found) == 5
        assert sum(text.startswith("idle") for text in found) == idle
        assert len(benchmark.questions[0].gold) == 5 - idle
    # The script of the paper: five chosen in order, then shuffled after seeding with 2333.
    expected = ["Ada 0", "Ada 1", "idle 0", "idle 1", "idle 2"]
    random.Random(2333).shuffle(expected)  # noqa: S311
    assert texts(load_benchmark("rgb", file, noise=0.6)) == expected


def test_rgb_fills_up_where_too_few_answer_and_refuses_at_full_noise(tmp_path: Path) -> None:
    file = rgb(tmp_path / "en.json", positive=["Ada 0", "Ada 1"])
    assert sorted(texts(load_benchmark("rgb", file))) == ["Ada 0", "Ada 1", "idle 0", "idle 1", "idle 2"]
    rejection = load_benchmark("rgb", file, noise=1)
    assert sorted(texts(rejection)) == [f"idle {n}" for n in range(5)]
    assert rejection.questions[0].answerable is False


def test_rgb_integration_takes_one_of_each_group_first(tmp_path: Path) -> None:
    file = rgb(tmp_path / "en_int.json", positive=[["a1", "a2"], ["b1", "b2"]], answer=[["Ada", "A."], "Bob"])
    found = texts(load_benchmark("rgb", file, noise=0.6))
    assert len(found) == 5
    assert {text[0] for text in found if not text.startswith("idle")} == {"a", "b"}
    assert sum(text.startswith("idle") for text in found) == 3


def test_rgb_counterfactuals_say_the_wrong_thing(tmp_path: Path) -> None:
    file = rgb(tmp_path / "en_fact.json", positive=["Ada"] * 3, positive_wrong=["Eve"] * 3, fakeanswer="Eve")
    assert sorted(texts(load_benchmark("rgb", file, noise=0.4))) == ["Eve", "Eve", "Eve", "idle 0", "idle 1"]


@pytest.mark.parametrize(
    ("said", "accurate"),
    [
        ("It was ada and bob", 1.0),
        ("It was A. with Bob", 1.0),
        ("It was Ada", 0.0),
        ("I have insufficient information: Ada, Bob", 0.0),
    ],
)
def test_rgbs_accuracy_wants_every_part(
    tmp_path, make_system, make_answer, said: str, accurate: float
) -> None:
    file = rgb(tmp_path / "en.json", positive=["Ada and Bob"] * 5, answer=[["Ada", "A."], "Bob"])
    (system,) = evaluate(
        load_benchmark("rgb", file), [make_system("s", lambda _: make_answer(said))], resamples=50
    ).systems
    assert system.measures["rgb_accuracy"].value == accurate


def test_rgbs_rejection_counts_refusals(tmp_path, make_system, make_answer) -> None:
    file = rgb(tmp_path / "en.json", positive=["Ada"] * 5)
    systems = [
        make_system("silent", lambda _: make_answer("", abstained=True)),
        make_system("eager", lambda _: make_answer("Ada")),
    ]
    silent, eager = evaluate(load_benchmark("rgb", file, noise=1), systems, resamples=50).systems
    assert silent.measures["rgb_rejection"].value == 1.0
    assert eager.measures["rgb_rejection"].value == 0.0
    assert "rgb_accuracy" not in eager.measures


# --- reading given passages with the project's own pipeline


def test_the_pipeline_reads_what_a_set_gives(tmp_path: Path, fake_encoder, monkeypatch) -> None:
    monkeypatch.setattr("rag_ft.evaluation.given.load_encoder", lambda: fake_encoder)
    system = tmp_path / "s.yaml"
    system.write_text("name: quotes\nreader: quotes\nverify: false\n")
    benchmark = load_benchmark("squad2", write(tmp_path / "dev.json", SQUAD))
    evaluation = evaluate(benchmark, [system], resamples=50)
    (found,) = evaluation.systems
    assert found.status == "ran"
    assert found.rows[0].text == "The mint struck ten coins in May. [1]"
    assert evaluation.passages[found.rows[0].cited[0].passage].text == "The mint struck ten coins in May."
    assert found.settings["passages"] == "given by squad2"


# --- what is not in its layout


@pytest.mark.parametrize(
    ("layout", "content", "words"),
    [
        ("squad2", "[]", "SQuAD"),
        ("squad2", '{"data": []}', "no question"),
        ("squad2", "{", "not readable as JSON"),
        ("clapnq", '{"id": 1}\n', "line 1: 'passages' is missing"),
        ("clapnq", "[1]\n", "line 1: expected an object"),
        ("clapnq", "", "no question"),
        ("rgb", '{"id": 1, "query": "?"}\n', "is this RGB"),
    ],
)
def test_another_layout_is_named(tmp_path: Path, layout: str, content: str, words: str) -> None:
    with pytest.raises(DataFormatError, match=words):
        load_benchmark(layout, write(tmp_path / "q.json", content))


def test_wrong_calls_are_named(tmp_path: Path) -> None:
    file = write(tmp_path / "q.jsonl", CLAPNQ)
    with pytest.raises(UsageError, match="squad2, clapnq, obliqa, beir, rgb"):
        load_benchmark("trec", file)
    with pytest.raises(UsageError, match="--corpus"):
        load_benchmark("obliqa", file)
    with pytest.raises(UsageError, match="share from 0 to 1"):
        load_benchmark("rgb", file, noise=2)
    for layout in LAYOUTS:
        with pytest.raises(PathNotFoundError):
            load_benchmark(layout, tmp_path / "qrels" / "none.tsv", tmp_path / "none")
