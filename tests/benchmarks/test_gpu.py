"""The GPU benchmark: its arithmetic, its report, and a dry run that is cut off and gone on with."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.gpu.report import report
from benchmarks.gpu.run import check_same_device
from benchmarks.gpu.workload import Shape, ragged_rows, training_flops

ROOT = Path(__file__).parents[2]


def test_operations_are_counted_by_hand() -> None:
    shape = Shape("one layer", d_model=8, d_ff=16, layers=1, heads=2, d_kv=4, vocabulary=100)
    # Encoder, 10 tokens: 4 projections of 8 x 8, 3 of 8 x 16, attention 2 x 10 x 8, two a multiplication.
    encoder = 10 * 2 * (4 * 64 + 3 * 128 + 2 * 10 * 8)
    # Decoder, 5 tokens: the same with attention over 5; cross-attention has q and o of the decoder's
    # tokens, k and v of the encoder's.
    decoder = 5 * 2 * (4 * 64 + 3 * 128 + 2 * 5 * 8) + 5 * 2 * (2 * 64 + 2 * 10 * 8) + 10 * 2 * 2 * 64
    head = 5 * 2 * 8 * 100
    assert training_flops(shape, 10, 5, lora=False) == 3 * (encoder + decoder + head)
    assert training_flops(shape, 10, 5, lora=True) == 2 * (encoder + decoder + head)


def test_rows_are_ragged_and_the_same_for_a_seed() -> None:
    shape = Shape("x", 8, 16, 1, 2, vocabulary=500)
    rows = ragged_rows(200, shape, 64, 16)
    lengths = [len(row.input_ids) for row in rows]
    assert min(lengths) >= 64 // 16 + 1
    assert max(lengths) <= 64
    assert max(lengths) > 2 * min(lengths)
    assert all(row.input_ids[-1] == 1 and row.input_ids[:-1].min() >= 3 for row in rows)
    assert max(int(row.input_ids.max()) for row in rows) < 500
    again = ragged_rows(200, shape, 64, 16)
    assert all((a.input_ids == b.input_ids).all() for a, b in zip(rows, again, strict=True))


def _run(speed: float, losses: list[float], flops: float = 1.0) -> dict:
    return {
        "shape": "s",
        "method": "full",
        "run": {
            "tokens_per_second": speed,
            "flops_per_second": flops,
            "peak_gigabytes": None,
            "examples_a_step": 8.0,
            "curve": [[8.0 * i, loss] for i, loss in enumerate(losses, start=1)],
        },
    }


def _results() -> dict:
    return {
        "environment": {"device": "A GPU", "is_gpu": True, "dry_run": False},
        "ceilings": {"bf16_product_flops": 10.0, "fp32_product_flops": 1.0, "copy_bytes_per_second": 1e12},
        "train/base-full/plain bf16": _run(100.0, [9.0, 5.0, 4.0]),
        "train/base-full/plain bf16, another seed": _run(100.0, [9.0, 5.2, 4.2]),
        "train/base-full/ours, as many examples a step": _run(150.0, [9.0, 5.1, 4.1]),
        "train/base-full/ours, large steps": _run(390.0, [9.0, 5.0, 4.0], flops=4.0),
    }


def test_aims_are_judged_by_rule() -> None:
    text = report(_results())
    assert "| base-full: 4 times the plain bf16 trainer's real tokens a second | 3.90 times | no |" in text
    assert "| base-full: 35% of the bf16 ceiling | 40.0% | yes |" in text
    assert "| 0.100 apart; two seeds of the plain trainer 0.200 | yes |" in text
    assert "dry run" not in text


def test_a_dry_run_says_so_and_what_failed_stays_visible() -> None:
    results = _results() | {"environment": {"device": "A CPU", "is_gpu": False, "dry_run": True}}
    results["train/base-full/plain fp32"] = {
        "shape": "s",
        "method": "full",
        "run": {"error": "out of memory"},
    }
    text = report(results)
    assert "**A dry run at toy size" in text
    assert "| plain fp32 | failed: out of memory |" in text


def test_results_of_another_device_are_not_gone_on_with() -> None:
    with pytest.raises(SystemExit, match="'A GPU'"):
        check_same_device(_results()["environment"], {"device": "B GPU", "dry_run": False})


@pytest.mark.slow
def test_a_dry_run_ends_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    # Compiling is left to the run by hand: minutes on a CPU.
    environment = {**os.environ, "TORCHDYNAMO_DISABLE": "1"}
    command = [sys.executable, "benchmarks/gpu/run.py", "--dry-run"]
    first, second = tmp_path / "first", tmp_path / "second"
    stopped = [*command, "--out", str(first), "--only", "environment", "ceilings", "train/base-full"]
    subprocess.run(stopped, check=True, cwd=ROOT, env=environment)
    before = json.loads((first / "results.json").read_text())
    assert len(before) == 7
    gone_on = [*command, "--out", str(second), "--earlier", str(first / "results.json")]
    subprocess.run([*gone_on, "--minutes", "30"], check=True, cwd=ROOT, env=environment)
    after = json.loads((second / "results.json").read_text())
    assert {name: after[name] for name in before} == before
    assert len(after) == 2 + 5 + 5 + 4 + 4 + 6 + 3
    failed = {name: stage for name, stage in after.items() if "error" in stage.get("run", {})}
    assert failed == {}
    assert all(value > 0 for value in after["generation"]["answers_per_second"].values())
    assert all(value > 0 for value in after["embedding"]["passages_per_second"].values())
    # What comes back from a machine that is lent: few files, and small.
    names = sorted(path.name for path in second.iterdir())
    assert names == ["profile.txt", "report.md", "results.json", "trace.json.gz"]
    assert sum(path.stat().st_size for path in second.iterdir()) < 16 * 2**20
    published = subprocess.run(
        [sys.executable, "benchmarks/gpu/report.py", str(second / "results.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert published.returncode == 1
    assert "a dry run" in published.stderr
