"""How long an answer takes: cold and warm, p50 and p95, each stage apart.

    python benchmarks/asking.py --index index/primer --questions data/eval/primer.jsonl
    python benchmarks/asking.py --index index/primer --questions data/eval/primer.jsonl --reader FOLDER

Cold is a new process that opens the index, its encoder and the reader and answers one
question; warm is the same pipeline asked question after question.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rag_ft.pipeline import open_pipeline
from rag_ft.question_rows import load_questions


def main() -> None:
    """Print a table of seconds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--reader", default="quotes")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--cold-runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    questions = [q.question for q in load_questions(options.questions) if q.split == options.split]
    result = {
        "cold process": percentiles([cold(options, q) for q in questions[: options.cold_runs]]),
        **warm(options, questions),
    }
    if options.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{len(questions)} questions, {options.cold_runs} cold runs, seconds, {os.cpu_count()} CPUs")
    for name, (p50, p95) in result.items():
        print(f"{name:16} p50 {p50:7.3f}  p95 {p95:7.3f}")


def cold(options: argparse.Namespace, question: str) -> float:
    """Time one `ragft ask` from start to exit."""
    command = [sys.executable, "-m", "rag_ft.cli", "ask", question, "--index", str(options.index), "--json"]
    started = time.perf_counter()
    subprocess.run([*command, "--reader", options.reader], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def warm(options: argparse.Namespace, questions: list[str]) -> dict[str, tuple[float, float]]:
    """Time each stage of a pipeline that is open; the first question is not counted."""
    pipeline = open_pipeline(options.index, options.reader)
    pipeline.ask(questions[0])
    answers = []
    totals = []
    for question in questions:
        started = time.perf_counter()
        answers.append(pipeline.ask(question))
        totals.append(time.perf_counter() - started)
    stages = {name: [a.timings[name] for a in answers] for name in answers[0].timings}
    return {"warm": percentiles(totals), **{f"  {name}": percentiles(row) for name, row in stages.items()}}


def percentiles(seconds: list[float]) -> tuple[float, float]:
    """Give p50 and p95."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else seconds * 19
    return statistics.median(seconds), cuts[18]


if __name__ == "__main__":
    main()
