"""The report of the GPU benchmark, made from the stages' JSON alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def write_report(out: Path, published: Path) -> Path:
    """Write OUT/report.md, and `published` where the device was a GPU; return which was written last."""
    results = {path.stem: json.loads(path.read_text()) for path in sorted(out.glob("*.json"))}
    text = "\n".join(_report(results)) + "\n"
    (out / "report.md").write_text(text)
    if not results.get("environment", {}).get("is_gpu"):
        return out / "report.md"
    published.parent.mkdir(parents=True, exist_ok=True)
    published.write_text(text)
    return published


def _report(results: dict[str, Any]) -> Iterator[str]:
    here = results.get("environment", {})
    yield "# Training, generation and embedding on one device"
    yield ""
    yield "Made by `python benchmarks/gpu/run.py` from its JSON; fresh weights, drawn tokens. Figures are"
    yield "taken after a warm-up; tokens are real ones, padding not counted."
    yield ""
    if not here.get("is_gpu"):
        yield "**A dry run on a CPU at toy size: it proves the script and says nothing of speed.**"
        yield ""
    yield f"- device: {here.get('device', 'not recorded')}"
    yield f"- rows: {here.get('lengths', 'not recorded')}"
    yield f"- versions: {', '.join(f'{k} {v}' for k, v in here.get('versions', {}).items())}"
    ceiling = results.get("ceilings", {})
    if ceiling:
        yield f"- ceiling, bf16 product: {_tera(ceiling['bf16_product_flops'])}"
        yield f"- ceiling, fp32 product: {_tera(ceiling['fp32_product_flops'])}"
        yield f"- ceiling, copy: {ceiling['copy_bytes_per_second'] / 1e12:.2f} TB/s"
    for name in ("train-small-full", "train-small-lora", "train-base-full", "train-base-lora"):
        if name in results:
            yield from _training(results[name], ceiling.get("bf16_product_flops"))
    yield from _changes(results)
    if "profile" in results:
        yield from (
            "",
            "## Where a step goes, base shape",
            "",
            "| operation | share | calls |",
            "|---|---:|---:|",
        )
        for row in results["profile"]["operations"]:
            yield f"| `{row['name'][:60]}` | {row['share']:.1%} | {row['calls']} |"
    for name, title, key in (
        ("generation", "Answers a second, small shape", "answers_per_second"),
        ("embedding", "Passages embedded a second, MiniLM-L6's shape", "passages_per_second"),
    ):
        if name in results:
            yield from ("", f"## {title}", "", "| how | a second |", "|---|---:|")
            yield from (
                f"| {how.replace('_', ' ')} | {value:,.1f} |" for how, value in results[name][key].items()
            )
    missing = [
        name for name in ("environment", "ceilings", "train-base-full", "generation") if name not in results
    ]
    if missing:
        yield from ("", f"Not run yet: {', '.join(missing)}.")


def _training(stage: dict[str, Any], ceiling: float | None) -> Iterator[str]:
    yield from ("", f"## {stage['shape']}, {stage['method']}", "")
    yield "| trainer | tokens/s | times plain bf16 | of the bf16 ceiling | peak GB | examples a step | loss |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    reference = next((r["tokens_per_second"] for r in stage["runs"] if r.get("name") == "plain bf16"), None)
    for run in stage["runs"]:
        if "error" in run:
            yield f"| failed | {run['error']} | | | | | |"
            continue
        times = f"{run['tokens_per_second'] / reference:.2f}" if reference else ""
        share = f"{run['flops_per_second'] / ceiling:.1%}" if ceiling else ""
        yield (
            f"| {run['name']} | {run['tokens_per_second']:,.0f} | {times} | {share} | "
            f"{run['peak_gigabytes']:.1f} | {run['examples_a_step']:.1f} | {_curve(run['curve'])} |"
        )


def _changes(results: dict[str, Any]) -> Iterator[str]:
    stages = [results[name] for name in sorted(results) if name.startswith("change-")]
    if not stages:
        return
    yield from ("", "## One change at a time, small shape, full", "")
    yield "| change | added to | predicted | came | tokens/s | peak GB |"
    yield "|---|---|---|---:|---:|---:|"
    runs = [*results.get("train-small-full", {}).get("runs", []), *(stage["run"] for stage in stages)]
    speeds = {run["name"]: run["tokens_per_second"] for run in runs if "error" not in run}
    for stage in stages:
        run, before = stage["run"], speeds.get(stage["added_to"])
        head = f"| {stage['change']} | {stage['added_to']} | {stage['predicted']} |"
        if "error" in run:
            yield f"{head} failed: {run['error']} | | |"
            continue
        times = f"{run['tokens_per_second'] / before:.2f} times" if before else ""
        yield f"{head} {times} | {run['tokens_per_second']:,.0f} | {run['peak_gigabytes']:.1f} |"


def _curve(curve: list[list[float]]) -> str:
    """Return the loss after so many examples, at four places of the run."""
    places = [curve[round(i * (len(curve) - 1) / 3)] for i in range(4)]
    return ", ".join(f"{loss:.2f} @ {examples:,.0f}" for examples, loss in places)


def _tera(flops: float) -> str:
    return f"{flops / 1e12:,.1f} TFLOP/s"
