"""Run the experiments on a GPU, in stages that resume from files.

    python benchmarks/experiments/run.py DATA --out OUT [--only small] [--minutes 9] [--lanes 4]
        [--earlier FOLDER] [--work FOLDER] [--wheels FOLDER] [--dry-run]

DATA is what `prepare.py` made. Needs torch, transformers, peft, accelerate and tensorboard; neither
faiss nor a hub nor a network; `benchmarks/gpu/wheels.sh` fetches what else is imported. Stages run
`--lanes` at a time on the one device: models so small leave most of it idle. After every stage its
result is in OUT/results.json; bases that rows still wait for, and the best reader, are in
OUT/weights.tar.NN, parts of 14 MiB. `--earlier` goes on from another call's OUT, `--work` from what the
same machine still holds, a stage cut off in its middle too. `--only` names the beginnings of stages:
small, large, clean. `--dry-run` proves all of it on a CPU at toy size. `report.py` scores the results.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import threading
import time
import traceback
from multiprocessing.pool import AsyncResult, Pool
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.experiments.packing import pack, unpack  # noqa: E402
from benchmarks.experiments.plan import DRY, GPU, Size, Stage, all_stages  # noqa: E402
from benchmarks.gpu.run import load, prepare, replace_text  # noqa: E402

if TYPE_CHECKING:
    from benchmarks.experiments.stages import Places

# Seconds beyond `--minutes` that a stage under way is waited for.
GRACE = 20.0


def main() -> None:
    """Run what is missing, as far as the minutes go."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder that prepare.py made")
    parser.add_argument("--out", type=Path, required=True, help="folder of results")
    parser.add_argument("--only", nargs="*", default=[""], help="beginnings of the names of stages")
    parser.add_argument("--minutes", type=float, default=9.0, help="start nothing that would end later")
    parser.add_argument("--lanes", type=int, default=4, help="stages at a time")
    parser.add_argument("--earlier", type=Path, help="OUT of another call")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "ragft-experiments")
    parser.add_argument("--wheels", type=Path, help="folder of wheels of what is not installed here")
    parser.add_argument(
        "--dry-run", action="store_true", help="toy sizes; proves the script, answers nothing"
    )
    options = parser.parse_args()
    started = time.monotonic()
    prepare(options.wheels)
    # Half the lanes' processes would otherwise fight for the cores.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // options.lanes)))
    Run(options, DRY if options.dry_run else GPU, started).run()


class Run:
    """One call: which stages are done, which are under way, and how long is left."""

    def __init__(self, options: argparse.Namespace, size: Size, started: float) -> None:
        from benchmarks.experiments.stages import Places

        self._options, self._size, self._started = options, size, started
        self._out: Path = options.out
        self._out.mkdir(parents=True, exist_ok=True)
        self._places = Places(options.data.resolve(), options.work.resolve())
        self._places.work.mkdir(parents=True, exist_ok=True)
        if options.earlier is not None:
            unpack(options.earlier, self._places.work)
        self._results = load(self._out / "results.json") or load(
            options.earlier / "results.json" if options.earlier else None
        )
        self._about()
        self._stages = [
            stage for stage in all_stages(size) if stage.name.startswith(tuple(options.only or [""]))
        ]
        self._failed: set[str] = set()

    def run(self) -> None:
        """Start stages as lanes come free, until all are done or the time is over."""
        self._save()
        context = multiprocessing.get_context("spawn")
        with context.Pool(self._options.lanes, _begin, (os.getpid(),)) as pool:
            running: dict[str, tuple[Stage, AsyncResult[dict[str, Any]]]] = {}
            while True:
                self._start(pool, running)
                if not running:
                    break
                time.sleep(0.1)
                for name in [name for name, (_, result) in running.items() if result.ready()]:
                    stage, result = running.pop(name)
                    self._finish(stage, result.get())
                if self._left() < -GRACE:
                    print(f"cut off: {', '.join(running)}; run again to go on", flush=True)
                    break
            pool.terminate()
        self._pack()
        missing = [stage.name for stage in self._stages if stage.name not in self._stages_done]
        print(f"{len(missing)} stages are left" if missing else "all stages are done", flush=True)

    @property
    def _stages_done(self) -> dict[str, Any]:
        done: dict[str, Any] = self._results["stages"]
        return done

    def _about(self) -> None:
        """Say what this is a run of; refuse to mix a dry run with a real one, or two preparations."""
        manifest = json.loads((self._places.data / "manifest.json").read_text())
        about = {"dry_run": self._size.dry or manifest["toy"], "data": manifest}
        for key, value in about.items():
            if self._results.get(key, value) != value:
                raise SystemExit(f"{key}: the results are of other data, or of a dry run: use another --out")
        self._results = {"stages": {}, **self._results, **about}

    def _start(self, pool: Pool, running: dict[str, tuple[Stage, "AsyncResult[dict[str, Any]]"]]) -> None:
        for stage in self._stages:
            if len(running) >= self._options.lanes:
                return
            name = stage.name
            if name in self._stages_done or name in running or name in self._failed:
                continue
            if stage.needs is not None and not self._places.base(stage.base).is_dir():
                if stage.needs in self._stages_done:
                    self._failed.add(name)
                    print(
                        f"{name}: its base is not at hand: name the call that has it with --earlier",
                        flush=True,
                    )
                continue
            if stage.needs in running or self._takes(stage) > self._left():
                continue
            begun = time.monotonic()
            print(f"{name}: started at {begun - self._started:.0f} s", flush=True)
            running[name] = (stage, pool.apply_async(_do, (stage, self._size, self._places)))

    def _finish(self, stage: Stage, result: dict[str, Any]) -> None:
        if "error" in result:
            # Not a result: the next call tries it again.
            self._failed.add(stage.name)
            self._results.setdefault("errors", {})[stage.name] = result["error"]
            print(f"{stage.name}: failed: {result['error'].strip().splitlines()[-1]}", flush=True)
        else:
            self._stages_done[stage.name] = result
            self._results.get("errors", {}).pop(stage.name, None)
            print(f"{stage.name}: {result['stage_seconds']:.0f} s", flush=True)
        self._save()
        if stage.row is None:
            self._pack()

    def _save(self) -> None:
        replace_text(self._out / "results.json", json.dumps(self._results))

    def _takes(self, stage: Stage) -> float:
        if stage.row is None:
            return (stage.base.seconds + self._size.longest_base) * (not self._size.dry)
        return self._size.estimate

    def _left(self) -> float:
        return float(self._options.minutes * 60 - (time.monotonic() - self._started))

    def _pack(self) -> None:
        """Bring back bases that rows wait for, then the best reader of those that are still at hand."""
        waiting = {
            stage.base.name: self._places.base(stage.base)
            for stage in all_stages(self._size)
            if stage.row is not None and stage.name not in self._stages_done
        }
        folders = [folder for folder in waiting.values() if folder.is_dir()]
        best = self._best()
        pack([*folders, *([best] if best else [])], self._places.work, self._out)

    def _best(self) -> Path | None:
        """Return the best reader in bf16: by its development score, those that may be passed on first.

        The best of an earlier call, brought back, is one of those it is chosen from.
        """
        from benchmarks.experiments.stages import SHARD
        from rag_ft.reader_manifest import ReaderManifest
        from rag_ft.training.export import export_reader

        kept = self._places.work / "best"
        finished = [
            self._places.reader(stage)
            for stage in self._stages
            if stage.row is not None and not stage.row.is_closed_book and stage.name in self._stages_done
        ]
        found = [folder for folder in (*finished, *kept.glob("*")) if (folder / "ragft.json").is_file()]

        def rank(folder: Path) -> tuple[bool, float]:
            return folder.name.startswith("clean-"), ReaderManifest.load(folder).scores.get("score", 0.0)

        if not found:
            return None
        best = max(found, key=rank)
        exported = kept / best.name
        if not exported.is_dir():
            export_reader(best, exported, dtype="bfloat16", shard=SHARD)
        return exported


def _begin(parent: int) -> None:
    """End with the parent, killed or not: what is under way must not go on beside its repetition."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.3)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _do(stage: Stage, size: Size, places: "Places") -> dict[str, Any]:
    from benchmarks.experiments.stages import run_stage

    started = time.monotonic()
    try:
        return {**run_stage(stage, size, places), "stage_seconds": time.monotonic() - started}
    except Exception:
        return {"error": traceback.format_exc(limit=8)}


if __name__ == "__main__":
    main()
