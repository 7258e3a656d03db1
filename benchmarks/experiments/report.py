"""The failure analysis answered with figures, from the results of `run.py` alone.

    python benchmarks/experiments/report.py RESULTS.json DATA [--out FILE]

Scores the answers with the project's evaluation, pools seeds, compares rows, and concludes by rule.
Writes docs/results/failure-analysis.md; what a dry run gave goes only where --out says, never there.
Runs where all of ragft is installed: verbatim quotes are asked the same questions for comparison.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.experiments.frozen import FrozenQuestion, read_questions  # noqa: E402
from benchmarks.experiments.plan import CONTRASTS, DRY, GPU, Row  # noqa: E402
from benchmarks.experiments.scoring import (  # noqa: E402
    AnswersGiven,
    Counted,
    compare,
    count_answers,
    count_held,
    estimate,
    pool,
    quotes,
)
from rag_ft.network import go_offline  # noqa: E402

PUBLISHED = ROOT / "docs" / "results" / "failure-analysis.md"
QUOTES = "verbatim quotes"
# Heading, measure, whether higher is better; `citation_f1` is made of recall and precision.
COLUMNS = (
    ("right", "right", True),
    ("wrong institution", "hallucinated_institution", False),
    ("coverage", "coverage", True),
    ("abstained of unanswerable", "abstention_recall", True),
    ("held-back score", "held_score", True),
)
Results = dict[str, Any]


def main() -> None:
    """Write the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path)
    parser.add_argument("data", type=Path, help="folder that prepare.py made")
    parser.add_argument("--out", type=Path, default=PUBLISHED)
    options = parser.parse_args()
    go_offline()
    results = json.loads(options.results.read_text())
    check_place(results, options.out)
    frozen = read_questions(options.data / "questions.json.gz")
    counted = {**count_rows(results, frozen), QUOTES: count_answers(quotes(frozen), frozen)}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(report(results, counted))
    print(options.out)


def check_place(results: Results, out: Path) -> None:
    """Refuse to publish a dry run."""
    if results["dry_run"] and PUBLISHED.parent in out.resolve().parents:
        raise SystemExit(f"{out}: a dry run is not published: name another file with --out")


def rows_of(results: Results) -> Sequence[Row]:
    """Return the matrix that was run."""
    return DRY.rows if results["dry_run"] else GPU.rows


def count_rows(results: Results, frozen: Sequence[FrozenQuestion]) -> dict[str, Counted]:
    """Count every row that has run, its seeds pooled."""
    counted: dict[str, Counted] = {}
    for row in rows_of(results):
        done = [results["stages"].get(f"{row.base}/{row.name}/{seed}") for seed in row.seeds]
        seeds = [
            {
                **count_answers(AnswersGiven(row.name, stage["answers"], frozen), frozen),
                **count_held(stage["held"], row),
            }
            for stage in done
            if stage is not None
        ]
        if seeds:
            counted[row.name] = pool(seeds)
    return counted


def report(results: Results, counted: dict[str, Counted]) -> str:
    """Return the report as Markdown."""
    return "\n".join(_report(results, counted)) + "\n"


def _report(results: Results, counted: dict[str, Counted]) -> Iterator[str]:
    yield "# What made the predecessor fail, and what mends it"
    yield ""
    yield "Made by `benchmarks/experiments/report.py` from the JSON of `benchmarks/experiments/run.py`."
    yield ""
    if results["dry_run"]:
        yield "**A dry run at toy size: it proves the scripts. No figure below says anything of any cause.**"
        yield ""
    yield "The bases are T5 v1.1 models of our own, from fresh weights. **They are not Flan-T5**: what holds"
    yield "of them need not hold of models a hundred times as well trained."
    devices = sorted({stage["device"] for stage in results["stages"].values()})
    yield ""
    yield f"- device: {', '.join(devices) or 'none yet'}"
    questions = results["data"]["files"]["questions.json.gz"]
    named = ", ".join(f"{rows} of `data/eval/{name}.jsonl`" for name, rows in questions["sets"].items())
    yield f"- test questions: {named}; each with the passages that search returned, the same for every row"
    yield f"- held-back examples: {results['data']['files']['examples-held.jsonl.gz']['rows']}"
    yield from _bases(results)
    yield from _matrix(results, counted)
    yield from _conclusions(counted)
    yield from _data(results)
    yield from _missing(results)


def _bases(results: Results) -> Iterator[str]:
    yield from ("", "## Bases", "")
    yield "| base | parameters | text seen, tokens | seconds | held-out loss, first to last |"
    yield "|---|---:|---:|---:|---|"
    for name, stage in results["stages"].items():
        if not name.endswith("/base"):
            continue
        account, curve = stage["account"], [loss for _, loss in stage["held_out"]]
        losses = f"{curve[0]:.2f} to {curve[-1]:.2f}" if curve else "not judged"
        yield (
            f"| {name.removesuffix('/base')} | {account['parameters'] / 1e6:.1f} M | "
            f"{stage['text_tokens']:,} | {account['seconds']:,.0f} | {losses} |"
        )


def _matrix(results: Results, counted: dict[str, Counted]) -> Iterator[str]:
    yield from ("", "## The matrix", "", "Shares with 95% intervals over questions; seeds are pooled.", "")
    heads = [head for head, _, _ in COLUMNS]
    yield f"| row | seeds | {' | '.join(heads)} | citation F1 |"
    yield f"|---|---:|{'---|' * len(heads)}---|"
    seeds = {
        row.name: sum(f"{row.base}/{row.name}/{seed}" in results["stages"] for seed in row.seeds)
        for row in rows_of(results)
    }
    for name, each in counted.items():
        cells = [_share(each, measure) for _, measure, _ in COLUMNS]
        yield f"| {name} | {seeds.get(name, '')} | {' | '.join(cells)} | {_citation_f1(each)} |"
    yield ""
    yield "`wrong institution` is over answers given: read it beside `coverage`. Answers are unverified, as"
    yield "the reader gave them; what `ragft ask` would then refuse is not refused here."


def _share(counted: Counted, measure: str) -> str:
    found = estimate(counted, measure)
    return "" if found is None else f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"


def _citation_f1(counted: Counted) -> str:
    recall, precision = (estimate(counted, f"citation_{side}") for side in ("recall", "precision"))
    if recall is None or precision is None:
        return ""
    total = recall.value + precision.value
    return f"{2 * recall.value * precision.value / total:.2f}" if total else "0.00"


def _conclusions(counted: dict[str, Counted]) -> Iterator[str]:
    yield from ("", "## Which causes held", "")
    yield "A cause held where mending it gains and the 95% interval of the paired gain leaves nought out;"
    yield "`not shown`: these questions cannot tell; `the reverse`: mending it made things worse."
    yield ""
    yield "| cause | from | to | gain in right | | change in wrong institutions | |"
    yield "|---|---|---|---|---|---|---|"
    for contrast in CONTRASTS:
        head = f"| {contrast.cause} | {contrast.failing} | {contrast.mended} |"
        if contrast.failing not in counted or contrast.mended not in counted:
            yield f"{head} not run | | | |"
            continue
        cells: list[str] = []
        for measure, higher in (("right", True), ("hallucinated_institution", False)):
            found = compare(
                counted[contrast.failing], counted[contrast.mended], measure, higher_is_better=higher
            )
            if found is None:
                cells += ["nothing to count", ""]
                continue
            gap = found.difference
            cells += [f"{gap.difference:+.2f} [{gap.low:+.2f}, {gap.high:+.2f}]", found.verdict]
        yield f"{head} {' | '.join(cells)} |"


def _data(results: Results) -> Iterator[str]:
    files, licences = results["data"]["files"], results["data"]["licences"]
    yield from (
        "",
        "## What was trained on",
        "",
        "| file | rows | sets | may be passed on |",
        "|---|---:|---|---|",
    )
    for file, about in files.items():
        if file.startswith(("examples-", "texts")):
            free = all(licences.get(name, {}).get("redistributable", False) for name in about["sets"])
            sets = ", ".join(f"{name} {rows}" for name, rows in sorted(about["sets"].items()))
            yield f"| {file.split('.')[0]} | {about['rows']} | {sets} | {'yes' if free else 'no'} |"
    yield ""
    yield "A reader may go into the project only from the row on redistributable data, whose base saw only"
    yield "such texts, and only where it beats verbatim quotes by `ragft gate` (docs/gpu.md)."


def _missing(results: Results) -> Iterator[str]:
    wanted = [f"{row.base}/{row.name}/{seed}" for row in rows_of(results) for seed in row.seeds]
    left = [name for name in wanted if name not in results["stages"]]
    if left:
        yield from ("", f"Not run yet: {'; '.join(left)}.")
    for name, error in results.get("errors", {}).items():
        # What kind of fault alone: its words may name folders of the machine.
        yield from ("", f"Failed: {name}: {error.strip().splitlines()[-1].partition(':')[0]}.")


if __name__ == "__main__":
    main()
