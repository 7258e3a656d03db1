import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag_ft.example_rows import load_examples
from rag_ft.examples import ExampleMaker, Grounding, check_examples, make_examples
from rag_ft.examples.gate import is_grounded
from rag_ft.examples.selection import Selection
from rag_ft.indexing import build_index
from rag_ft.prompts import ABSTENTION, parse_marks
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Gold, Question
from tests.conftest import FakeEncoder
from tests.examples.conftest import HARBOUR

KEEP = Grounding(left_out=0.0)


def test_every_answer_cites_a_gold_passage_of_its_row(small_index: PassageIndex) -> None:
    examples = make_examples(small_index, grounding=KEEP)
    assert len(examples) >= 15
    assert all(is_grounded(example) for example in examples if not example.abstain)
    assert {example.family for example in examples if example.abstain} <= {"premise.approval", "premise.text"}


def test_a_duty_becomes_a_question_with_its_cited_answer(small_index: PassageIndex) -> None:
    (example,) = [e for e in make_examples(small_index, grounding=KEEP) if e.family == "duty.deadline"]
    assert "inspect each empty berth" in example.question
    assert "14 days" not in example.question
    (mark,) = parse_marks(example.target)
    assert example.target.startswith("A harbour warden must inspect each empty berth within 14 days")
    assert example.passages[mark - 1].text.startswith("Harbour Wardens Act 2011, 1.3: ")


def test_distractors_are_what_search_returned(small_index: PassageIndex) -> None:
    for example in make_examples(small_index, grounding=Grounding(left_out=0.0, shuffled=0.0)):
        found = [hit.passage.id for hit in small_index.search(example.question, k=10)]
        ranks = [found.index(passage.id) for passage in example.passages if passage.id in found]
        assert ranks == sorted(ranks)
        distractors = [passage for passage in example.passages if not passage.gold]
        assert 2 <= len(distractors) <= (5 if example.abstain else 4)
        assert all(passage.id in found for passage in distractors)


def test_gold_left_out_makes_an_abstention(small_index: PassageIndex) -> None:
    examples = make_examples(small_index, grounding=Grounding(left_out=1.0))
    assert examples
    for example in examples:
        assert example.abstain
        assert example.target == ABSTENTION
        assert not any(passage.gold for passage in example.passages)


def test_the_same_seed_gives_the_same_rows_and_another_does_not(small_index: PassageIndex) -> None:
    assert make_examples(small_index, seed=3) == make_examples(small_index, seed=3)
    assert make_examples(small_index, seed=3) != make_examples(small_index, seed=4)


def test_a_limit_is_a_sample_of_the_same_rows(small_index: PassageIndex) -> None:
    every = make_examples(small_index)
    assert make_examples(small_index, limit=4) == every[:4]


def test_peoples_questions_are_grounded_or_left_out(small_index: PassageIndex, questions_file: Path) -> None:
    maker = ExampleMaker(small_index, questions_file, structure=False, grounding=KEEP)
    examples = {example.question: example for example in maker.examples()}
    assert set(examples) == {"What does a week at a berth cost?", "Who owns the lighthouse?"}
    cost = examples["What does a week at a berth cost?"]
    (mark,) = parse_marks(cost.target)
    assert cost.target == f"$450 [{mark}]."
    assert "2.1: A vessel owner must pay" in cost.passages[mark - 1].text
    assert examples["Who owns the lighthouse?"].target == ABSTENTION
    assert maker.skipped == {"no answer, or its gold is not in the index": 1}


def test_what_does_not_fit_the_budget_is_left_out_whole(small_index: PassageIndex) -> None:
    examples = make_examples(small_index, grounding=Grounding(left_out=0.0, budget=190))
    report = check_examples(examples)
    assert examples
    assert report.cut == 0
    assert all(len(example.passages) <= 4 for example in examples)


def test_the_command_writes_rows_that_load_again(
    small_index: PassageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag_ft.cli.app import app

    monkeypatch.setattr(PassageIndex, "load", staticmethod(lambda *_, **__: small_index))
    output = tmp_path / "made.jsonl"
    result = CliRunner().invoke(
        app, ["examples", "--index", "any", "-o", str(output), "--preview", "2", "--json"]
    )
    assert result.exit_code == 0, result.output
    assert list(load_examples(output)) == make_examples(small_index)
    report = json.loads(result.output[result.output.rindex("\n{") :])
    assert report["rows"] == len(make_examples(small_index))


def test_no_training_row_holds_what_answers_in_development(small_index: PassageIndex) -> None:
    maker = ExampleMaker(small_index, dev_share=0.6, grounding=KEEP)
    examples = list(maker.examples())
    dev = [example for example in examples if maker.is_dev(example)]
    train = [example for example in examples if not maker.is_dev(example)]
    assert dev
    assert train
    assert {example.source for example in dev}.isdisjoint(example.source for example in train)
    held_out = {example.source for example in dev}
    sources = {passage.id: passage.document.id for passage in small_index.passages()}
    assert not any(sources[passage.id] in held_out for example in train for passage in example.passages)


def test_the_command_writes_the_development_part_apart(
    small_index: PassageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag_ft.cli.app import app

    monkeypatch.setattr(PassageIndex, "load", staticmethod(lambda *_, **__: small_index))
    train, dev = tmp_path / "train.jsonl", tmp_path / "dev.jsonl"
    options = ["--index", "any", "-o", str(train), "--dev", str(dev), "--dev-share", "0.5"]
    result = CliRunner().invoke(app, ["examples", *options])
    assert result.exit_code == 0, result.output
    sources = [{example.source for example in load_examples(path)} for path in (train, dev)]
    assert all(sources)
    assert sources[0].isdisjoint(sources[1])
    rows = len(list(load_examples(train)))
    assert any(line.split()[1:4:2] == ["act", str(rows)] for line in result.output.splitlines())


def test_what_rests_on_a_held_out_document_too_is_left_out(small_index: PassageIndex) -> None:
    """A question of two documents, one of which is held out, is asked in neither part but the first's."""
    both = Question(
        "When may a berth and a cold store be looked at?",
        answer="A berth within 14 days and a store where there is rot [1] [2].",
        gold=(Gold("harbour.md", "1.3"), Gold("orchards.md", "1.3")),
    )
    seen = set()
    for seed in range(8):
        maker = ExampleMaker(small_index, [both], dev_share=0.6, seed=seed, grounding=KEEP)
        examples = list(maker.examples())
        train = [example for example in examples if not maker.is_dev(example)]
        held_out = {example.source for example in examples if maker.is_dev(example)}
        sources = {passage.id: passage.document.id for passage in small_index.passages()}
        assert not any(sources[passage.id] in held_out for example in train for passage in example.passages)
        seen.update(maker.skipped)
    assert "it rests on a document held out for development as well" in seen


def test_what_mas_wrote_has_the_first_claim_on_a_family(tmp_path: Path) -> None:
    notice = HARBOUR.replace("kind: act", 'kind: notice\nnumber: "77"').replace("harbour warden", "pilot")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "act.md").write_text(HARBOUR, encoding="utf-8")
    (tmp_path / "docs" / "notice.md").write_text(notice, encoding="utf-8")
    index = build_index([tmp_path / "docs"], tmp_path / "index", FakeEncoder())
    few = Selection(fewest=1, template_share=0.0, family_share=0.0)
    for seed in range(3):
        maker = ExampleMaker(index, seed=seed, selection=few, grounding=KEEP, rows_a_paragraph=20)
        sources = {e.family: e.source for e in maker.examples()}
        assert sources["duty.deadline"].endswith("notice.md")
        assert sources["power.trigger"].endswith("notice.md")
