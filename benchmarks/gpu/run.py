"""Measure training, generation and embedding on a GPU, in stages that can be gone on with.

    python benchmarks/gpu/run.py --out runs/gpu [--minutes 9] [--wheels wheels-gpu] [--dry-run]

Needs torch, transformers, peft and accelerate; neither faiss nor a hub nor a network. What
else ragft imports travels as wheels (`benchmarks/gpu/wheels.sh` fetches them). Every stage
writes OUT/STAGE.json when it is done; a stage whose file is there is not run again. At the
end OUT/report.md is made from the files, and docs/results/gpu-speed.md where the device was
a GPU. `--dry-run` proves all of it on a CPU at toy size.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

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
    parser.add_argument("--minutes", type=float, default=9.0, help="start no stage after so many minutes")
    parser.add_argument("--wheels", type=Path, help="folder of wheels of what is not installed here")
    parser.add_argument("--only", nargs="*", help="names of the stages to run")
    options = parser.parse_args()
    started = time.perf_counter()
    prepare(options.wheels, options.out)

    from benchmarks.gpu.report import write_report
    from benchmarks.gpu.stages import DRY, GPU, all_stages

    options.out.mkdir(parents=True, exist_ok=True)
    for name, stage in all_stages(DRY if options.dry_run else GPU).items():
        path = options.out / f"{name}.json"
        if path.is_file() or (options.only and name not in options.only):
            continue
        if time.perf_counter() - started > options.minutes * 60:
            print(f"{name}: not started, {options.minutes} minutes are over; run again to go on", flush=True)
            continue
        begun = time.perf_counter()
        result = stage()
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps({**result, "stage_seconds": time.perf_counter() - begun}, indent=1))
        partial.replace(path)
        print(f"{name}: {time.perf_counter() - begun:.1f} s", flush=True)
    written = write_report(options.out, ROOT / "docs" / "results" / "gpu-speed.md")
    print(f"report: {written}", flush=True)


def prepare(wheels: Path | None, out: Path) -> None:
    """Go offline, install the wheels below OUT, and put the repository on the path."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    if wheels is not None:
        site = out / "site"
        if not site.is_dir():
            command = [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-index",
                "--no-deps",
                "--target",
            ]
            subprocess.run([*command, str(site), *map(str, sorted(wheels.glob("*.whl")))], check=True)
        # Last on the path: what the machine has itself comes first.
        sys.path.append(str(site))
    sys.path.insert(0, str(ROOT))


if __name__ == "__main__":
    main()
