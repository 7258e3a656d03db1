"""The report of the GPU benchmark, made from the stages' JSON alone.

    python benchmarks/gpu/report.py RESULTS.json

writes docs/results/gpu-speed.md; it refuses results of a dry run and of a CPU.
"""

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "results" / "gpu-speed.md"
PLAIN, LARGE = "plain bf16", "ours, large steps"
SAME, OTHER_SEED = "ours, as many examples a step", "plain bf16, another seed"
AIMED_SPEED, AIMED_SHARE = 4.0, 0.35
# Losses differ within noise where they differ by at most so many times what two seeds differ by.
NOISE = 1.5
Results = dict[str, Any]


def main() -> None:
    """Publish the results of a GPU."""
    results = json.loads(Path(sys.argv[1]).read_text())
    here = results.get("environment", {})
    if here.get("dry_run", True) or not here.get("is_gpu"):
        raise SystemExit(f"{sys.argv[1]}: a dry run, or no GPU: it is not published")
    PUBLISHED.parent.mkdir(parents=True, exist_ok=True)
    PUBLISHED.write_text(report(results))
    print(PUBLISHED)


def report(results: Results) -> str:
    """Return the report as Markdown."""
    return "\n".join(_report(results)) + "\n"


def _report(results: Results) -> Iterator[str]:
    here = results.get("environment", {})
    yield "# Training, generation and embedding on one device"
    yield ""
    yield "Made by `benchmarks/gpu/report.py` from the JSON of `benchmarks/gpu/run.py`; fresh weights, drawn"
    yield "tokens. Speeds are medians after a warm-up; tokens are real ones, padding not counted."
    yield ""
    if here.get("dry_run", True) or not here.get("is_gpu"):
        yield "**A dry run at toy size: it proves the script and says nothing of speed.**"
        yield ""
    yield f"- device: {here.get('device', 'not recorded')}"
    yield f"- rows: {here.get('lengths', 'not recorded')}"
    yield f"- versions: {', '.join(f'{k} {v}' for k, v in here.get('versions', {}).items())}"
    ceiling = results.get("ceilings", {})
    if ceiling:
        yield f"- ceiling, bf16 product: {_tera(ceiling['bf16_product_flops'])}"
        yield f"- ceiling, fp32 product: {_tera(ceiling['fp32_product_flops'])}"
        yield f"- ceiling, copy: {ceiling['copy_bytes_per_second'] / 1e12:.2f} TB/s"
    top = ceiling.get("bf16_product_flops")
    yield from _aims(results, top)
    for place in ("small-full", "small-lora", "base-full", "base-lora"):
        runs = _runs(results, place)
        if runs:
            yield from _training(runs, top)
    yield from _changes(results)
    yield from _profile(results)
    for name, title, key in (
        ("generation", "Answers a second, small shape, 4 best each", "answers_per_second"),
        ("embedding", "Passages embedded a second, MiniLM-L6's shape", "passages_per_second"),
    ):
        if name in results:
            yield from ("", f"## {title}, {results[name]['dtype']}", "", "| how | a second |", "|---|---:|")
            yield from (
                f"| {how.replace('_', ' ')} | {value:,.1f} |" for how, value in results[name][key].items()
            )


def _runs(results: Results, place: str) -> list[Results]:
    prefix = f"train/{place}/"
    return [
        {
            "name": name.removeprefix(prefix),
            "shape": stage["shape"],
            "method": stage["method"],
            **stage["run"],
        }
        for name, stage in results.items()
        if name.startswith(prefix)
    ]


def _aims(results: Results, ceiling: float | None) -> Iterator[str]:
    yield from ("", "## What was aimed at", "", "| aim | came | met |", "|---|---|---|")
    for place in ("base-full", "small-full"):
        runs = {run["name"]: run for run in _runs(results, place) if "error" not in run}
        plain, large, same, other = (runs.get(name) for name in (PLAIN, LARGE, SAME, OTHER_SEED))
        aim = f"{place}: {AIMED_SPEED:.0f} times the plain bf16 trainer's real tokens a second"
        if plain and large:
            times = large["tokens_per_second"] / plain["tokens_per_second"]
            yield _aim(aim, f"{times:.2f} times", times >= AIMED_SPEED)
        else:
            yield f"| {aim} | not measured | |"
        if place == "base-full":
            aim = f"{place}: {AIMED_SHARE:.0%} of the bf16 ceiling"
            if large and ceiling:
                share = large["flops_per_second"] / ceiling
                yield _aim(aim, f"{share:.1%}", share >= AIMED_SHARE)
            else:
                yield f"| {aim} | not measured | |"
        aim = f"{place}: the plain trainer's loss curve at equal examples, within noise"
        apart, noise = _apart(plain, same), _apart(plain, other)
        if apart is None or noise is None:
            yield f"| {aim} | not measured | |"
        else:
            came = f"{apart:.3f} apart; two seeds of the plain trainer {noise:.3f}"
            yield _aim(aim, came, apart <= NOISE * noise)


def _aim(aim: str, came: str, met: bool) -> str:
    return f"| {aim} | {came} | {'yes' if met else 'no'} |"


def _apart(first: Results | None, second: Results | None) -> float | None:
    """Return the mean absolute difference of two loss curves, at the examples of the first that both saw."""
    if first is None or second is None:
        return None
    line = second["curve"]
    gaps = []
    # The first logged loss is of one step.
    for examples, loss in first["curve"][1:]:
        for (left, low), (right, high) in pairwise(line):
            if left <= examples <= right:
                gaps.append(abs(loss - (low + (high - low) * (examples - left) / (right - left))))
                break
    return sum(gaps) / len(gaps) if gaps else None


def _training(runs: list[Results], ceiling: float | None) -> Iterator[str]:
    yield from ("", f"## {runs[0]['shape']}, {runs[0]['method']}", "")
    yield "| trainer | tokens/s | times plain bf16 | of the bf16 ceiling | peak GB | examples a step | loss |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    reference = next((run.get("tokens_per_second") for run in runs if run["name"] == PLAIN), None)
    for run in runs:
        if "error" in run:
            yield f"| {run['name']} | failed: {run['error']} | | | | | |"
            continue
        times = f"{run['tokens_per_second'] / reference:.2f}" if reference else ""
        share = f"{run['flops_per_second'] / ceiling:.1%}" if ceiling else ""
        yield (
            f"| {run['name']} | {run['tokens_per_second']:,.0f} | {times} | {share} | "
            f"{_peak(run)} | {run['examples_a_step']:.1f} | {_curve(run['curve'])} |"
        )


def _changes(results: Results) -> Iterator[str]:
    stages = [stage for name, stage in results.items() if name.startswith("change/")]
    if not stages:
        return
    yield from ("", "## One change at a time, small shape, full", "")
    yield "| change | added to | predicted | came | tokens/s | peak GB |"
    yield "|---|---|---|---:|---:|---:|"
    with_trainers = {run["name"]: run for run in _runs(results, "small-full")}
    stages += [
        {
            "change": SAME,
            "added_to": "our kernels",
            "predicted": "1.7 times: 40% of a random batch is padding",
        },
        {
            "change": LARGE,
            "added_to": "a budget of tokens",
            "predicted": "2 to 4 times: more tokens for every kernel launched",
        },
    ]
    runs = {**with_trainers, **{stage["change"]: stage["run"] for stage in stages if "run" in stage}}
    speeds = {name: run["tokens_per_second"] for name, run in runs.items() if "error" not in run}
    for stage in stages:
        run, before = runs.get(stage["change"]), speeds.get(stage["added_to"])
        head = f"| {stage['change']} | {stage['added_to']} | {stage['predicted']} |"
        if run is None or "error" in run:
            yield f"{head} {'not measured' if run is None else 'failed: ' + run['error']} | | |"
            continue
        times = f"{run['tokens_per_second'] / before:.2f} times" if before else ""
        yield f"{head} {times} | {run['tokens_per_second']:,.0f} | {_peak(run)} |"


def _profile(results: Results) -> Iterator[str]:
    if "profile" not in results:
        return
    busy = results["profile"]["device_busy"]
    yield from ("", "## Where two steps go, base shape, large steps", "")
    if busy is not None:
        yield from (f"The device has work for {busy:.0%} of the time.", "")
    yield from ("| operation | share | calls |", "|---|---:|---:|")
    for row in results["profile"]["operations"]:
        yield f"| `{row['name'][:60]}` | {row['share']:.1%} | {row['calls']} |"


def _curve(curve: list[list[float]]) -> str:
    """Return the loss after so many examples, at four places of the run."""
    places = [curve[round(i * (len(curve) - 1) / 3)] for i in range(4)]
    return ", ".join(f"{loss:.2f} @ {examples:,.0f}" for examples, loss in places)


def _peak(run: Results) -> str:
    return "" if run["peak_gigabytes"] is None else f"{run['peak_gigabytes']:.1f}"


def _tera(flops: float) -> str:
    return f"{flops / 1e12:,.1f} TFLOP/s"


if __name__ == "__main__":
    main()
