"""Real tokens a second of the plain trainer and of ours, padding not counted, in one run.

    python benchmarks/training.py [--seconds 60] [--rounds 2] [--longest 1024] [--batch 4]

At flan-t5-small's shape with fresh untied weights and ragged rows of drawn tokens (inputs
of a sixteenth of `--longest` to all of it, targets of 8 to 64 tokens); no vocabulary and no
network are needed. Every run is a process of its own, so that its peak memory is its own;
the rounds alternate, so that a machine that changes its pace slows all alike. Prints a table.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

RUNS: dict[str, dict[str, Any]] = {
    "plain fp32": {"bf16": False},
    "plain bf16": {"bf16": True},
    "ours fp32": {"precision": "fp32"},
    "ours, random batches": {"sort_by_length": False},
    "ours": {},
    "plain fp32, LoRA": {"bf16": False, "lora": True},
    "ours, LoRA": {"lora": True},
}


def main() -> None:
    """Run everything in turn and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60, help="for each run of each round")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--longest", type=int, default=1024, help="the longest input, in tokens")
    parser.add_argument("--batch", type=int, default=4, help="examples a step")
    parser.add_argument("--toy", action="store_true", help="a toy shape: proves the script")
    parser.add_argument("--only", nargs="*", choices=list(RUNS), default=list(RUNS))
    parser.add_argument("--one", choices=list(RUNS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one, given)))
        return
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in given.only}
    for _ in range(given.rounds):
        for name in given.only:
            command = [sys.executable, __file__, *sys.argv[1:], "--one", name]
            done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
            found[name].append(json.loads(done.stdout.splitlines()[-1]))
            print(
                f"{name}: {found[name][-1]['tokens_per_second']:,.0f} tokens/s", file=sys.stderr, flush=True
            )
    print_table(found)


def measure(name: str, given: argparse.Namespace) -> dict[str, Any]:
    """Measure one run in this process."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from benchmarks.gpu.measure import ours, plain
    from benchmarks.gpu.workload import SMALL, TOY, ragged_rows
    from rag_ft.training.device import device_name

    shape = TOY if given.toy else SMALL
    settings = dict(RUNS[name])
    terms = {"lora": settings.pop("lora", False), "seconds": given.seconds, "every": 1}
    rows = ragged_rows(40 * given.batch, shape, given.longest, 64)
    if "bf16" in settings:
        result = plain(name, shape, rows, batch=given.batch, bf16=settings["bf16"], **terms)
    else:
        result = ours(name, shape, rows, batch_size=given.batch, **terms, **settings)
    # Every run is a process, so its peak is the process's.
    peak = result["peak_gigabytes"] or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {**result, "peak_gigabytes": peak, "device": device_name(), "shape": shape.name}


def print_table(found: dict[str, list[dict[str, Any]]]) -> None:
    """Print one line a trainer: real tokens by seconds, over all rounds."""
    first = next(iter(found.values()))[0]
    print(f"{first['shape']}, {first['device']}, {first['examples_a_step']:.0f} examples a step\n")
    print("| trainer | tokens/s | times plain fp32 | peak GB | steps | loss, first to last |")
    print("|---|---:|---:|---:|---:|---|")
    speeds = {name: _speed([part for run in runs for part in run["parts"]]) for name, runs in found.items()}
    for name, runs in found.items():
        reference = speeds.get("plain fp32, LoRA" if "LoRA" in name else "plain fp32")
        times = f"{speeds[name] / reference:.2f}" if reference else ""
        losses = runs[-1]["curve"]
        peak = max(run["peak_gigabytes"] for run in runs)
        steps = sum(run["steps"] for run in runs)
        print(
            f"| {name} | {speeds[name]:,.0f} | {times} | {peak:.1f} | {steps} | "
            f"{losses[0][1]:.2f} to {losses[-1][1]:.2f} |"
        )


def _speed(parts: list[tuple[float, float]]) -> float:
    return sum(tokens for tokens, _ in parts) / sum(seconds for _, seconds in parts)


if __name__ == "__main__":
    main()
