"""The development questions: the gold quote stands whole in a passage with the gold label."""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag_ft.chunking import make_passages
from rag_ft.parsing import read_document
from rag_ft.schema import Passage

FEWEST_RIGHT = 23


def plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').replace("‑", "-").split())


def count(texts: Sequence[str]) -> list[int]:
    """More tokens than the encoder's tokenizer finds in any of these documents."""
    return [len(re.findall(r"\w{1,4}|[^\w\s]", text)) + 2 for text in texts]


@cache
def passages(path: Path) -> tuple[Passage, ...]:
    return tuple(make_passages(read_document(path, path.name), count))


def is_labelled(label: str, gold: str) -> bool:
    first, dash, last = gold.partition("-")
    if dash and first.isdigit() and last.isdigit() and label.isdigit():
        return int(first) <= int(label) <= int(last)
    return label == gold


def test_gold_quotes_stand_whole_in_passages_of_the_gold_label(shared: Path) -> None:
    corpus = shared / "corpus"
    rows = [
        json.loads(line)
        for line in (corpus / "questions_seen.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    wrong = []
    for row in (row for row in rows if row["answerable"]):
        for gold in row["gold"]:
            holding = [
                p for p in passages(corpus / gold["document"]) if plain(gold["quote"]) in plain(p.text)
            ]
            if not any(is_labelled(passage.label, gold["paragraph"]) for passage in holding):
                wrong.append((row["id"], gold["paragraph"], [p.label for p in holding][:5]))
    answerable = sum(row["answerable"] for row in rows)
    assert answerable - len(wrong) >= FEWEST_RIGHT, wrong
