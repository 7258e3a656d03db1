"""Passages that come with their questions stand in for an index in all that a pipeline asks of one."""

import math

import pytest

from rag_ft.evaluation.answerers import PipelineSystem
from rag_ft.evaluation.benchmark import Benchmark, given_passage
from rag_ft.evaluation.given import GivenPassages
from rag_ft.evaluation.systems import SystemConfig
from rag_ft.schema import Question


@pytest.fixture
def given() -> GivenPassages:
    passages = (
        given_passage("a", "Coins", "The coin of Valdora is made of copper."),
        given_passage("b", "Notes", "Paper notes are printed in Merivale; no coin is."),
    )
    question = Question("What is the coin of Valdora made of?", id="q")
    return GivenPassages(Benchmark("hand", (question,), given={"q": passages}))


def test_a_stem_is_as_rare_as_the_passages_that_lack_it(given: GivenPassages) -> None:
    assert given.rarity("coin") == pytest.approx(math.log(1 + 2 / 2.5))
    assert given.rarity("copper") == pytest.approx(math.log(1 + 2 / 1.5))
    assert given.rarity("silver") == pytest.approx(math.log(1 + 2 / 0.5))


def test_a_pipeline_answers_from_given_passages(
    given: GivenPassages, fake_encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag_ft.evaluation.given.load_encoder", lambda: fake_encoder)
    system = PipelineSystem(SystemConfig(name="quotes", reader="quotes"), given)
    answer = system.answer(Question("What is the coin of Valdora made of?", id="q"))
    assert answer.text.startswith("The coin of Valdora is made of copper")
    assert [citation.passage_id for citation in answer.citations] == ["a"]
