"""What both judges are measured on: the primer's sentences, and the half of the bench they never saw."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench" / "grounding" / "pairs.jsonl"

Judge = Callable[[str, Sequence[str]], Sequence[str]]


def sentences(primer: Path) -> Iterator[tuple[str, str]]:
    """Give each sentence of the primer with its paragraph."""
    for file in sorted(primer.glob("*.md")):
        for paragraph in file.read_text(encoding="utf-8").split("\n\n"):
            for sentence in re.split(r"(?<=[.;])\s+", paragraph):
                yield sentence, paragraph


def accused(judge: Judge) -> dict[str, float]:
    """Give the share of each kind of answer that a judge finds wrong.

    Rows where the wrong name or figure stands in the passage in another role are no matter of these judges.
    """
    found: dict[str, list[bool]] = {}
    for line in BENCH.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["half"] != "held" or row.get("trap"):
            continue
        marks = {int(mark) for mark in re.findall(r"\[(\d+)\]", row["answer"])}
        passages = [passage["text"] for passage in row["passages"] if passage["mark"] in marks]
        found.setdefault(row["kind"], []).append(bool(judge(row["answer"], passages)))
    return {kind: sum(each) / len(each) for kind, each in found.items()}
