import gc
from pathlib import Path

import pytest
import torch

from rag_ft.schema import Example, ExamplePassage
from tests.tiny import WORDS, build_tiny_t5

WHO = ("bank", "insurer", "broker", "trustee", "lender", "adviser", "dealer", "issuer")


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Tiny products are slower on many threads, and sums differ with their number."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    # Each run collects garbage once; what the imports left is none.
    gc.freeze()
    yield
    torch.set_num_threads(before)


def make_examples(count: int) -> list[Example]:
    """Questions whose answers stand in one of two passages; every fourth must be refused."""
    examples = []
    for i in range(count):
        who, amount = WHO[i % len(WHO)], f"S${(i + 3) * 500:,}"
        gold = ExamplePassage(f"g{i}", f"Notice 626, {i + 1}: A {who} must keep {amount}.", True)
        other = ExamplePassage(
            f"o{i}", f"Notice 824, {i + 1}: A {WHO[(i + 1) % len(WHO)]} must report.", False
        )
        abstain = i % 4 == 3
        passages = (other,) if abstain else ((gold, other) if i % 2 else (other, gold))
        mark = 0 if abstain else 1 + passages.index(gold)
        answer = f"A {who} must keep {amount} [{mark}]."
        target = "The passages do not answer this question." if abstain else answer
        examples.append(
            Example(f"e{i}", f"What must a {who} keep?", passages, target, abstain, "test", "amount", "t1")
        )
    return examples


def words_of(examples: list[Example]) -> list[str]:
    return [text for e in examples for text in (e.question, e.target, *(p.text for p in e.passages))]


@pytest.fixture(scope="session")
def examples() -> list[Example]:
    return make_examples(16)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, examples: list[Example]) -> Path:
    """An untied tiny T5 without dropout, its vocabulary learned from the examples."""
    return build_tiny_t5(tmp_path_factory.mktemp("tiny") / "base", [*WORDS, *words_of(examples)])
