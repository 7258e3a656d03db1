"""How often the verifier is wrong, check by check, on the pairs of tests/bench/grounding.

    python benchmarks/verifier.py            totals of both halves
    python benchmarks/verifier.py --show     the built-against half's mistakes, one by one

Rows of the half "held" are never printed: nobody has built against them.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from rag_ft.grounding import verify
from rag_ft.schema import DocumentInfo, Passage, Span

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "bench" / "grounding" / "pairs.jsonl"


def main() -> None:
    """Print the share of wrong verdicts by kind and half."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true")
    show = parser.parse_args().show
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    total: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    for row in rows:
        verdicts = verify(row["question"], row["answer"], passages(row))
        passed = all(verdict.ok for verdict in verdicts)
        total[row["half"], row["kind"]] += 1
        if passed != row["ok"]:
            wrong[row["half"], row["kind"]] += 1
            if show and row["half"] == "build":
                said = [f"{v.kind} {v.claim!r}: {v.evidence}" for v in verdicts if not v.ok] or ["passed"]
                print(row["id"], row["kind"], row["answer"], *said, sep="\n    ")
    for (half, kind), count in sorted(total.items()):
        print(
            f"{half:6} {kind:22} {wrong[half, kind]:4} wrong of {count:4}  {wrong[half, kind] / count:6.1%}"
        )


def passages(row: dict) -> list[Passage]:
    """Make the passages of a pair: one document, marks as labels."""
    info = DocumentInfo("bench", "Bench")
    return [
        Passage(str(p["mark"]), info, str(p["mark"]), "", (Span(0, len(p["text"])),), p["text"])
        for p in row["passages"]
    ]


if __name__ == "__main__":
    main()
