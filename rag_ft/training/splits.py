"""A development part held out of the examples, with nothing of it left in training."""

import hashlib
from collections.abc import Sequence

from rag_ft.prompts import one_line
from rag_ft.schema import Example


def hold_out(
    examples: Sequence[Example], share: float, limit: int, seed: int
) -> tuple[list[Example], list[Example]]:
    """Divide examples into a training and a development part.

    Examples that share their gold passages, or without any their question, stay together,
    so that nothing asked in development was answered in training. Which groups are held
    out depends on their hash and the seed alone, not on the order or on other examples.

    Args:
        examples: All examples.
        share: The share to hold out, 0 to 1.
        limit: The most examples to hold out.
        seed: Draws other groups.

    Returns:
        Training and development examples, each in the order given; development is empty
        where there are fewer than two groups or the share comes to none.
    """
    groups: dict[str, list[int]] = {}
    for position, example in enumerate(examples):
        groups.setdefault(_group(example), []).append(position)
    wanted = min(limit, round(share * len(examples)))
    held: set[int] = set()
    drawn = sorted(groups, key=lambda group: hashlib.sha256(f"{seed}:{group}".encode()).digest())
    for group in drawn[: len(groups) - 1]:
        if len(held) >= wanted:
            break
        if len(held) + len(groups[group]) <= max(limit, wanted):
            held.update(groups[group])
    train = [example for position, example in enumerate(examples) if position not in held]
    return train, [examples[position] for position in sorted(held)]


def _group(example: Example) -> str:
    gold = sorted(passage.id for passage in example.passages if passage.gold)
    return " ".join(gold) if gold else one_line(example.question).casefold()
