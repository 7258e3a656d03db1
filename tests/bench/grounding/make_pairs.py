"""Make pairs.jsonl, the grounding bench, out of base.jsonl and perturbations.jsonl.

Run it from anywhere: ``python tests/bench/grounding/make_pairs.py``. The same inputs always give the
same bytes, so ``--check`` can tell whether pairs.jsonl is what the hand-written files say.
"""

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RIGHT = "right"
ALIAS = "institution_alias"
WRONG_KINDS = (
    "institution_swap",
    "institution_near_miss",
    "figure",
    "unit",
    "date",
    "negation",
    "citation_moved",
    "unsupported",
)
KINDS = (RIGHT, ALIAS, *WRONG_KINDS)
MARK = re.compile(r"\[(\d+)\]")
PASSAGE_WORDS = range(25, 91)

Row = dict[str, Any]


def read_rows(path: Path) -> list[Row]:
    """Read one JSON object a line, in file order.

    Args:
        path: a UTF-8 JSONL file without empty lines.

    Returns:
        The rows as dictionaries.
    """
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def half_of(base_id: str) -> str:
    """Say which half a base and all its variants belong to.

    Args:
        base_id: the id of a base row, such as "g001".

    Returns:
        "build" or "held", by the parity of the last byte of the id's SHA-256.
    """
    return "held" if hashlib.sha256(base_id.encode()).digest()[-1] % 2 else "build"


def answer_faults(where: str, answer: str, base: Row) -> list[str]:
    """List what is wrong with the marks of an answer.

    Args:
        where: how to name the answer in a message.
        answer: the text with its marks.
        base: the base row, whose passages the marks must point to.

    Returns:
        One message a fault; empty if the answer is well formed.
    """
    known = {passage["mark"] for passage in base["passages"]}
    marks = [int(mark) for mark in MARK.findall(answer)]
    faults = [] if marks else [f"{where}: no mark in {answer!r}"]
    faults += [f"{where}: mark [{mark}] has no passage" for mark in marks if mark not in known]
    if not answer.endswith("."):
        faults.append(f"{where}: the answer does not end with a full stop")
    return faults


def base_faults(base: Row) -> list[str]:
    """List what is wrong with one base row.

    Args:
        base: a row of base.jsonl.

    Returns:
        One message a fault.
    """
    where = base["id"]
    marks = [passage["mark"] for passage in base["passages"]]
    faults = []
    if marks != list(range(1, len(marks) + 1)):
        faults.append(f"{where}: marks {marks} do not count from 1")
    if not 2 <= len(marks) <= 4:
        faults.append(f"{where}: {len(marks)} passages, expected 2 to 4")
    for passage in base["passages"]:
        words = len(passage["text"].split())
        if words not in PASSAGE_WORDS:
            faults.append(f"{where}: passage {passage['mark']} has {words} words, expected 25 to 90")
    return faults + answer_faults(where, base["answer"], base)


def variant_faults(variant: Row, bases: dict[str, Row]) -> list[str]:
    """List what is wrong with one perturbation.

    Args:
        variant: a row of perturbations.jsonl.
        bases: the base rows by id.

    Returns:
        One message a fault.
    """
    where = f"{variant['base']} {variant['kind']}"
    base = bases.get(variant["base"])
    if base is None:
        return [f"{where}: no such base"]
    faults = answer_faults(where, variant["answer"], base)
    if variant["kind"] not in KINDS:
        faults.append(f"{where}: unknown kind")
    if variant["ok"] != (variant["kind"] in (RIGHT, ALIAS)):
        faults.append(f"{where}: ok is {variant['ok']}, but only {RIGHT} and {ALIAS} rows are right")
    if variant["answer"] == base["answer"]:
        faults.append(f"{where}: the answer is the base's own")
    return faults


def faults_of(bases: list[Row], variants: list[Row]) -> list[str]:
    """List every fault of the hand-written files.

    Args:
        bases: rows of base.jsonl.
        variants: rows of perturbations.jsonl.

    Returns:
        One message a fault; empty if all is well.
    """
    by_id = {base["id"]: base for base in bases}
    faults = [fault for base in bases for fault in base_faults(base)]
    faults += [fault for variant in variants for fault in variant_faults(variant, by_id)]
    ids = Counter(base["id"] for base in bases)
    faults += [f"{name}: the id is used {times} times" for name, times in ids.items() if times > 1]
    answers = Counter((variant["base"], variant["answer"]) for variant in variants)
    faults += [
        f"{name}: repeated answer {answer!r}" for (name, answer), times in answers.items() if times > 1
    ]
    return faults


def pair(base: Row, number: int, kind: str, answer: str, ok: bool, trap: bool) -> Row:
    """Join a base with one answer.

    Args:
        base: the row with the question and the passages.
        number: 0 for the base's own answer, then 1, 2, ... in file order.
        kind: one of KINDS.
        answer: the text with its marks.
        ok: whether the cited passages hold the answer.
        trap: whether what was put in wrongly stands in the cited passage in another role.

    Returns:
        A row of pairs.jsonl.
    """
    return {
        "id": f"{base['id']}-{number:02d}",
        "base": base["id"],
        "kind": kind,
        "question": base["question"],
        "passages": base["passages"],
        "answer": answer,
        "ok": ok,
        "trap": trap,
        "half": half_of(base["id"]),
    }


def make_pairs(bases: list[Row], variants: list[Row]) -> list[Row]:
    """Lay out all pairs: each base's own answer, then its variants in file order.

    Args:
        bases: rows of base.jsonl.
        variants: rows of perturbations.jsonl.

    Returns:
        The rows of pairs.jsonl.
    """
    pairs: list[Row] = []
    for base in bases:
        pairs.append(pair(base, 0, RIGHT, base["answer"], ok=True, trap=False))
        own = [variant for variant in variants if variant["base"] == base["id"]]
        pairs += [
            pair(base, number, row["kind"], row["answer"], row["ok"], row.get("trap", False))
            for number, row in enumerate(own, start=1)
        ]
    return pairs


def counts_table(pairs: list[Row]) -> str:
    """Draw the Markdown table of pairs by half and kind that the README shows.

    Args:
        pairs: rows of pairs.jsonl.

    Returns:
        The table with a closing line break.
    """
    counts = Counter((row["half"], row["kind"]) for row in pairs)
    lines = [["half", *KINDS, "all"], ["---"] + ["---:"] * (len(KINDS) + 1)]
    for half in ("build", "held"):
        numbers = [counts[half, kind] for kind in KINDS]
        lines.append([half, *(str(number) for number in [*numbers, sum(numbers)])])
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def main() -> int:
    """Write pairs.jsonl, or with --check compare it, and print the counts.

    Returns:
        0 if all is well, 1 if an input has faults or the written file is out of date.
    """
    parser = argparse.ArgumentParser(description="Make pairs.jsonl from base.jsonl and perturbations.jsonl.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if pairs.jsonl is out of date"
    )
    arguments = parser.parse_args()
    bases, variants = read_rows(HERE / "base.jsonl"), read_rows(HERE / "perturbations.jsonl")
    faults = faults_of(bases, variants)
    if faults:
        sys.stderr.write("\n".join(faults) + "\n")
        return 1
    pairs = make_pairs(bases, variants)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in pairs)
    target = HERE / "pairs.jsonl"
    if arguments.check:
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            sys.stderr.write("pairs.jsonl is out of date: run make_pairs.py\n")
            return 1
    else:
        target.write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(counts_table(pairs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
