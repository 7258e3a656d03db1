"""Measure training, generation and embedding on a GPU, in stages that can be gone on with.

    python benchmarks/gpu/run.py --out runs/gpu [--minutes 8] [--earlier FILE] [--wheels FOLDER] [--dry-run]

Needs torch, transformers, peft and accelerate; neither faiss nor a hub nor a network, and no
data: rows are drawn. What else ragft's training imports travels as wheels
(`benchmarks/gpu/wheels.sh` fetches them, 3 MB). Every stage adds its result to
OUT/results.json when it is done; a stage whose result is there, or in the `--earlier` file of
another call, is not run again. OUT/report.md is made anew after each. `--dry-run` proves all
of it on a CPU at toy size. `benchmarks/gpu/report.py` publishes the results of a GPU.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Run the stages that are missing, as far as the minutes go."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of results")
    parser.add_argument(
        "--dry-run", action="store_true", help="toy sizes; proves the script, measures nothing"
    )
    parser.add_argument("--minutes", type=float, default=8.0, help="start no stage after so many minutes")
    parser.add_argument("--earlier", type=Path, help="results.json of another call, to go on from")
    parser.add_argument("--wheels", type=Path, help="folder of wheels of what is not installed here")
    parser.add_argument("--only", nargs="*", help="beginnings of the names of the stages to run")
    options = parser.parse_args()
    started = time.perf_counter()
    prepare(options.wheels)

    from benchmarks.gpu.report import report
    from benchmarks.gpu.stages import DRY, GPU, all_stages, environment

    options.out.mkdir(parents=True, exist_ok=True)
    path, size = options.out / "results.json", DRY if options.dry_run else GPU
    results = load(path) or load(options.earlier)
    check_same_device(results.get("environment"), environment(size))
    for name, stage in all_stages(size, options.out).items():
        if name in results or (options.only and not name.startswith(tuple(options.only))):
            continue
        if time.perf_counter() - started > options.minutes * 60:
            print(f"{name}: not started, {options.minutes} minutes are over; run again to go on", flush=True)
            break
        begun = time.perf_counter()
        result = stage()
        results[name] = {**result, "stage_seconds": round(time.perf_counter() - begun, 1)}
        replace_text(path, json.dumps(results, indent=1))
        replace_text(options.out / "report.md", report(results))
        print(f"{name}: {results[name]['stage_seconds']} s", flush=True)


def prepare(wheels: Path | None) -> None:
    """Go offline, install the wheels into a folder of their own, and put the repository on the path."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    if wheels is not None:
        # Not below OUT: what lies there is brought back.
        site = Path(tempfile.gettempdir()) / "ragft-benchmark-site"
        install = ["install", "--quiet", "--no-index", "--no-deps", "--upgrade", "--target", str(site)]
        found = map(str, sorted(wheels.glob("*.whl")))
        subprocess.run([sys.executable, "-m", "pip", *install, *found], check=True)
        # Last on the path: what the machine has itself comes first.
        sys.path.append(str(site))
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(site)]))
    sys.path.insert(0, str(ROOT))


def load(path: Path | None) -> dict[str, Any]:
    """Read results, none where there are none yet."""
    found: dict[str, Any] = json.loads(path.read_text()) if path is not None and path.is_file() else {}
    return found


def check_same_device(earlier: dict[str, Any] | None, here: dict[str, Any]) -> None:
    """Refuse to go on from another device's results: figures of one report are of one device."""
    for key in ("device", "dry_run"):
        if earlier is not None and earlier[key] != here[key]:
            raise SystemExit(f"{key}: the results are of {earlier[key]!r}, here it is {here[key]!r}")


def replace_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.write_text(text)
    partial.replace(path)


if __name__ == "__main__":
    main()
