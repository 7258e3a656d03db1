from pathlib import Path

import pytest

from rag_ft.errors import ConfigError, DataFormatError, QuestionError, UsageError
from rag_ft.evaluation import Evaluation, SystemConfig, evaluate
from rag_ft.schema import Gold, Question

ROOT = Path(__file__).resolve().parents[2]
GOLD = Gold("primer/records.md", "1.1", "five years")
QUESTIONS = [
    Question("How long?", id="a", answer="five years", answerable=True, gold=(GOLD,), split="dev"),
    Question("How many?", id="b", answer="ten", answerable=True, gold=(GOLD,), split="test"),
    Question("Who rules Mars?", id="c", answerable=False, split="test"),
]


@pytest.fixture
def always_right(make_system, make_answer, make_passage):
    found = make_passage()

    def reply(question: Question):
        if not question.answerable:
            return make_answer("", abstained=True)
        return make_answer(f"{question.answer} [1]", [found])

    return make_system("right", reply, [found])


@pytest.fixture
def always_silent(make_system, make_answer):
    return make_system("silent", lambda _: make_answer("", abstained=True))


def test_two_systems_side_by_side(always_right, always_silent) -> None:
    evaluation = evaluate(QUESTIONS, [always_right, always_silent], seed=3, resamples=200)
    right, silent = evaluation.systems
    assert right.measures["gold_paragraph_cited"].value == 1.0
    assert right.measures["gold_paragraph_cited"].questions == 2
    assert right.measures["abstention_recall"].value == 1.0
    assert right.measures["coverage"].value == pytest.approx(2 / 3)
    assert right.measures["R@1"].value == 1.0
    assert right.measures["latency_p50"].value > 0
    assert silent.measures["coverage"].value == 0.0
    assert silent.measures["abstention_recall"].value == 1.0
    assert silent.measures["abstention_precision"].value == pytest.approx(1 / 3)
    assert "R@1" not in silent.measures
    differences = {each.measure: each for each in evaluation.comparisons}
    assert differences["coverage"].difference == pytest.approx(-2 / 3)
    assert "abstention_recall" in differences
    assert "R@1" not in differences
    assert evaluation.questions.answerable == 2
    assert evaluation.questions.unanswerable == 1


def test_what_is_found_survives_json(tmp_path: Path, always_right) -> None:
    evaluation = evaluate(QUESTIONS, [always_right], resamples=50)
    evaluation.save(tmp_path / "r.json")
    assert Evaluation.load(tmp_path / "r.json") == evaluation


def test_the_same_seed_gives_the_same_intervals(always_right) -> None:
    one, two = (evaluate(QUESTIONS, [always_right], seed=7, resamples=100) for _ in range(2))
    shares = [name for name in one.systems[0].measures if not name.startswith("latency")]
    assert [one.systems[0].measures[name] for name in shares] == [
        two.systems[0].measures[name] for name in shares
    ]


def test_only_retrieval_asks_the_search_alone(make_system, make_passage) -> None:
    def refuse(question: Question):
        raise AssertionError("no answer was to be asked for")

    evaluation = evaluate(
        QUESTIONS, [make_system("s", refuse, [make_passage()])], only="retrieval", resamples=50
    )
    (system,) = evaluation.systems
    assert set(system.measures) >= {"R@10", "AP@10", "nDCG@10", "RR@10", "Success@5"}
    assert "coverage" not in system.measures
    assert [row.seconds for row in system.rows] == [None] * 3


def test_a_system_that_searches_nothing_is_not_run_for_retrieval(always_silent) -> None:
    (system,) = evaluate(QUESTIONS, [always_silent], only="retrieval", resamples=50).systems
    assert (system.status, system.reason) == ("not run", "it searches nothing")


def test_what_cannot_run_here_is_named_with_its_reason(tmp_path: Path, always_silent) -> None:
    absent = SystemConfig(name="closed book", kind="closed-book", reader=str(tmp_path / "none" / "model"))
    no_index = SystemConfig(name="ours", index=tmp_path / "no-index")
    evaluation = evaluate(QUESTIONS, [absent, no_index, always_silent], resamples=50)
    assert [system.status for system in evaluation.systems] == ["not run", "not run", "ran"]
    assert "none/model" in (evaluation.systems[0].reason or "")
    assert "no-index" in (evaluation.systems[1].reason or "")
    assert evaluation.comparisons == ()


def test_a_question_that_fails_counts_as_no_answer(make_system) -> None:
    def fail(question: Question):
        raise QuestionError("too long")

    (system,) = evaluate(QUESTIONS, [make_system("failing", fail)], resamples=50).systems
    assert {row.error for row in system.rows} == {"too long"}
    assert system.measures["coverage"].value == 0.0


def test_texts_can_be_left_out(always_right) -> None:
    evaluation = evaluate(QUESTIONS, [always_right], keep_texts=False, resamples=50)
    (system,) = evaluation.systems
    kept = evaluation.passages[system.rows[0].cited[0].passage]
    assert (kept.document, kept.label, kept.text) == ("primer/records.md", "1.1", "")


def test_a_citation_is_judged_by_the_index_not_by_what_the_answer_says(
    make_system, make_answer, make_passage
) -> None:
    held, invented = make_passage("Other words."), make_passage("five years, said nobody", label="7.7")
    liar = make_system("liar", lambda _: make_answer("five years [1]", [invented]), [held])
    (system,) = evaluate(QUESTIONS[:1], [liar], resamples=50).systems
    assert system.rows[0].tallies["gold_document_cited"] == (0.0, 1.0)


def test_a_split_and_progress(always_silent) -> None:
    seen: list[tuple[str, int, int]] = []
    evaluation = evaluate(
        QUESTIONS, [always_silent], split="test", resamples=50, on_progress=lambda *step: seen.append(step)
    )
    assert [row.id for row in evaluation.questions.rows] == ["b", "c"]
    assert seen == [("silent", 1, 2), ("silent", 2, 2)]


def test_wrong_calls_are_refused(always_silent) -> None:
    with pytest.raises(UsageError, match="split 'train'"):
        evaluate(QUESTIONS, [always_silent], split="train")
    with pytest.raises(UsageError, match="'silent'"):
        evaluate(QUESTIONS, [always_silent, always_silent])
    with pytest.raises(DataFormatError, match="ids"):
        evaluate([Question("a?"), Question("b?")], [always_silent])


def test_system_files(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("name: five\nreader: quotes\nk: 5\nverify: false\n")
    assert SystemConfig.from_yaml(file) == SystemConfig(name="five", reader="quotes", k=5, verify=False)
    file.write_text("name: x\nk: 0\nkay: 3\n")
    with pytest.raises(ConfigError, match=r"k: .*kay: "):
        SystemConfig.from_yaml(file)
    with pytest.raises(ConfigError, match="closed-book system needs reader"):
        SystemConfig.checked({"name": "x", "kind": "closed-book"}, "x.yaml")


def test_results_that_are_none_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text('{"format": 1}')
    with pytest.raises(DataFormatError, match="not a result of ragft eval"):
        Evaluation.load(file)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "configs" / "systems").glob("*.yaml")), ids=lambda file: file.stem
)
def test_every_shipped_system_loads(file: Path) -> None:
    assert SystemConfig.from_yaml(file).name


def test_the_search_of_a_system_is_weighed_by_name() -> None:
    config = SystemConfig.checked({"name": "x", "search": {"dense_weight": 0.0}}, "x.yaml")
    assert config.search.dense_weight == 0.0
    assert config.as_words() == {"k": "5", "verify": "True", "dense weight": "0.0"}
    with pytest.raises(ConfigError, match="dense_wait"):
        SystemConfig.checked({"name": "x", "search": {"dense_wait": 0.0}}, "x.yaml")
