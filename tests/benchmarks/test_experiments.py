"""The experiments: the plan holds together, weights are packed, rows compared by rule, a dry run resumes."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.experiments.packing import MOST_PARTS, PART_BYTES, pack, unpack
from benchmarks.experiments.plan import CONTRASTS, DRY, GPU, LICENCES, all_stages
from benchmarks.experiments.report import check_place, report
from benchmarks.experiments.scoring import compare, estimate, pool
from rag_ft.examples.public_sets import SETS
from rag_ft.training import load_config

ROOT = Path(__file__).parents[2]


def test_the_plan_holds_together() -> None:
    names = {row.name for row in GPU.rows}
    bases = {base.name: base for base in GPU.bases}
    assert len(names) == len(GPU.rows)
    assert {name for c in CONTRASTS for name in (c.failing, c.mended)} <= names
    assert {row.base for row in GPU.rows} == set(bases)
    assert set(SETS) <= set(LICENCES)
    # What may be shipped is trained on what may be passed on, base and rows.
    assert all(
        (bases[row.base].texts == "redistributable") == (row.examples == "redistributable")
        for row in GPU.rows
    )
    for row in GPU.rows:
        config = load_config(row.preset, [*row.changes, "base=somewhere"])
        assert (config.prompt == "closed-book") == row.is_closed_book


def test_bases_come_first_and_second_seeds_last() -> None:
    stages = all_stages(GPU)
    assert [stage.name for stage in stages[:3]] == ["small/base", "large/base", "clean/base"]
    assert [stage.seed for stage in stages[3:]] == sorted(stage.seed for stage in stages[3:])
    assert stages[3].name == "small/full, small/1"
    assert stages[3].needs == "small/base"
    assert len(all_stages(DRY)) == len(DRY.bases) + len(DRY.rows) + 1


def test_weights_come_back_as_they_were_in_parts_of_bounded_size(tmp_path: Path) -> None:
    root, out = tmp_path / "work", tmp_path / "out"
    out.mkdir()
    for name, size in (
        ("bases/small", PART_BYTES),
        ("bases/large", 3 * PART_BYTES),
        ("best/reader", PART_BYTES),
    ):
        (root / name / "run").mkdir(parents=True)
        (root / name / "model.safetensors").write_bytes(os.urandom(size))
        (root / name / "run" / "log").write_text("left behind")
    # The small base and the reader are two parts and a little; the large one does not fit beside them.
    folders = [root / "bases/small", root / "best/reader", root / "bases/large"]
    assert pack(folders, root, out) == folders[:2]
    parts = sorted(out.iterdir())
    assert [part.name for part in parts] == ["weights.tar.00", "weights.tar.01", "weights.tar.02"]
    assert len(parts) <= MOST_PARTS
    assert max(part.stat().st_size for part in parts) == PART_BYTES
    assert unpack(out, tmp_path / "again")
    for name in ("bases/small", "best/reader"):
        before, after = root / name / "model.safetensors", tmp_path / "again" / name / "model.safetensors"
        assert before.read_bytes() == after.read_bytes()
    assert not (tmp_path / "again" / "bases" / "small" / "run").exists()
    assert pack([], root, out) == []
    assert not unpack(out, tmp_path / "nothing")


def test_seeds_are_averaged_question_by_question() -> None:
    first = {"a": {"right": (1.0, 1.0)}, "b": {"right": (0.0, 1.0)}}
    second = {"a": {"right": (0.0, 1.0)}, "b": {"right": (0.0, 1.0), "cited": (1.0, 1.0)}}
    pooled = pool([first, second])
    assert pooled == {"a": {"right": (0.5, 1.0)}, "b": {"right": (0.0, 1.0), "cited": (0.5, 0.5)}}
    found = estimate(pooled, "right")
    assert found is not None
    assert found.value == 0.25
    assert estimate(pooled, "nothing") is None


@pytest.mark.parametrize(
    ("gained", "lost", "verdict"), [(30, 0, "held"), (0, 30, "the reverse"), (5, 5, "not shown")]
)
def test_a_cause_holds_by_rule(gained: int, lost: int, verdict: str) -> None:
    failing = {str(i): {"right": (float(i < lost), 1.0)} for i in range(60)}
    mended = {str(i): {"right": (float(60 - i <= gained), 1.0)} for i in range(60)}
    found = compare(failing, mended, "right", higher_is_better=True)
    assert found is not None
    assert found.verdict == verdict
    assert found.difference.difference == pytest.approx((gained - lost) / 60)
    # Of a measure that should fall, the same change is the opposite.
    opposite = {"held": "the reverse", "the reverse": "held"}.get(verdict, verdict)
    found = compare(failing, mended, "right", higher_is_better=False)
    assert found is not None
    assert found.verdict == opposite


def _results(*, dry: bool) -> dict:
    files = {
        "questions.json.gz": {"rows": 2, "sets": {"primer": 2}},
        "texts.jsonl.gz": {"rows": 3, "sets": {"primer": 2, "mas": 1}},
        "examples-held.jsonl.gz": {"rows": 1, "sets": {"primer": 1}},
    }
    licences = {"primer": {"redistributable": True}, "mas": {"redistributable": False}}
    base = {
        "account": {"parameters": 11_200_000, "seconds": 200.0},
        "text_tokens": 1000,
        "held_out": [[1, 9.5], [2, 4.25]],
        "device": "A GPU",
    }
    return {"dry_run": dry, "data": {"files": files, "licences": licences}, "stages": {"small/base": base}}


def test_the_report_says_what_held_what_was_not_run_and_that_it_is_no_flan() -> None:
    few = {str(i): {"right": (0.0, 1.0)} for i in range(40)}
    many = {str(i): {"right": (float(i % 2), 1.0)} for i in range(40)}
    text = report(_results(dry=False), {"closed book, small": few, "full, small": many})
    assert "**They are not Flan-T5**" in text
    assert "| small | 11.2 M | 1,000 | 200 | 9.50 to 4.25 |" in text
    assert "| no retrieval | closed book, small | full, small | +0.50 [" in text
    assert "| held | nothing to count |" in text
    assert "| model size | full, small | full, large | not run |" in text
    assert "Not run yet: small/full, small/1;" in text
    assert "| texts | 3 | mas 1, primer 2 | no |" in text
    assert "dry run" not in text.casefold()


def test_a_dry_run_is_never_published(tmp_path: Path) -> None:
    results = _results(dry=True)
    assert "**A dry run at toy size" in report(results, {})
    with pytest.raises(SystemExit, match="a dry run is not published"):
        check_place(results, ROOT / "docs" / "results" / "failure-analysis.md")
    check_place(results, tmp_path / "report.md")
    check_place(_results(dry=False), ROOT / "docs" / "results" / "failure-analysis.md")


@pytest.mark.slow
def test_a_dry_run_that_is_killed_goes_on_and_is_reported(shared: Path, primer: Path, tmp_path: Path) -> None:
    from rag_ft import build_index

    build_index([primer], tmp_path / "index").close()
    data, out, work = tmp_path / "data", tmp_path / "out", tmp_path / "work"
    _python("prepare.py", "--out", data, "--primer-index", tmp_path / "index", "--shared", shared, "--toy")
    # A base, a reader in full, an adapter, and a closed book, one after another.
    only = ["clean", "large/base", "large/lora-seed", "large/closed"]
    call = ["run.py", data, "--work", work, "--dry-run", "--lanes", "1", "--minutes", "60", "--only", *only]
    killed = subprocess.Popen(
        [sys.executable, *map(str, [ROOT / "benchmarks/experiments" / call[0], *call[1:], "--out", out])],
    )
    # Cut off in the middle of a reader: its first checkpoint is there, its result is not.
    reader = work / "readers" / "clean-full-redistributable-data-1"
    deadline = time.monotonic() + 1500
    while not any(reader.glob("run/checkpoint-*/trainer_state.json")):
        assert killed.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    # The process alone: what it started must end by itself.
    killed.kill()
    killed.wait()
    before = json.loads((out / "results.json").read_text())["stages"]
    assert "clean/base" in before
    assert "clean/full, redistributable data/1" not in before
    _python(*call, "--out", out)
    after = json.loads((out / "results.json").read_text())
    assert {name: after["stages"][name] for name in before} == before
    assert len(after["stages"]) == 5
    assert after.get("errors", {}) == {}
    # Few files, none too large; the best reader is one that may be passed on.
    assert sum(path.stat().st_size < 15 * 2**20 for path in out.iterdir()) == len(list(out.iterdir())) <= 8
    assert unpack(out, tmp_path / "back")
    assert [path.name for path in (tmp_path / "back" / "best").iterdir()] == [reader.name]
    # On another machine nothing is done again.
    elsewhere = tmp_path / "elsewhere"
    call[call.index(work)] = tmp_path / "bare"
    _python(*call, "--out", elsewhere, "--earlier", out)
    assert json.loads((elsewhere / "results.json").read_text()) == after
    _python("report.py", out / "results.json", data, "--out", tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text()
    assert "**A dry run at toy size" in text
    assert "| full, redistributable data | 1 |" in text
    assert "| verbatim quotes |" in text
    shutil.rmtree(work)


def _python(script: str, *arguments: object) -> None:
    command = [sys.executable, ROOT / "benchmarks" / "experiments" / script, *arguments]
    subprocess.run(list(map(str, command)), check=True, cwd=ROOT)
