"""The stages of the GPU benchmark: each gives a JSON object, and none needs another's memory."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks.gpu.clock import seconds
from benchmarks.gpu.inference import embedding, generation
from benchmarks.gpu.measure import ours, plain, profiled
from benchmarks.gpu.workload import BASE, SMALL, TOY, Shape, ragged_rows
from rag_ft.devices import choose_device
from rag_ft.training.device import device_name, is_out_of_memory
from rag_ft.training.encoding import FixedRows
from rag_ft.training.reports import library_versions

Result = dict[str, Any]
Stages = dict[str, Callable[[], Result]]


@dataclass(frozen=True)
class Size:
    """How large a run is: for a GPU, or a toy that proves the script on a CPU.

    Lengths in tokens, `seconds` for each training run, `every` the steps of one of its
    parts, `product` the side of a square.
    """

    dry: bool
    small: Shape
    base: Shape
    rows: int
    longest_input: int
    longest_output: int
    batch: int
    large_tokens: int
    seconds: float
    every: int
    product: int
    copy_megabytes: int
    answers: int
    passages: int

    @property
    def large(self) -> Result:
        """The settings of large steps."""
        return {"batch_size": None, "batch_tokens": max(self.large_tokens, self.longest_input)}


GPU = Size(False, SMALL, BASE, 4000, 1024, 64, 8, 65_536, 14.0, 5, 8192, 4096, 256, 8192)
DRY = Size(True, TOY, TOY, 60, 64, 16, 4, 1024, 0.2, 1, 128, 8, 8, 32)


@dataclass(frozen=True)
class Change:
    """One change to our trainer, the run it is added to, what was predicted, and all its settings."""

    name: str
    added_to: str
    predicted: str
    settings: Result


PLAIN = "plain bf16"
SAME = "ours, as many examples a step"
LARGE = "ours, large steps"
COMPILED = "change/torch.compile"


def changes(size: Size) -> tuple[Change, ...]:
    """Return the changes in the order in which they are tried, predicted before any was run.

    Batches of like length and large steps are changes too, measured with the trainers.
    """
    # Lengths are even between a sixteenth and the whole: seventeen thirty-seconds in the mean.
    budget = max(size.batch * size.longest_input * 17 // 32, size.longest_input)
    loop, kernels, tokens = "our loop, transformers' kernels", "our kernels", "a budget of tokens"
    random = {"batch_size": size.batch, "sort_by_length": False}
    return (
        Change(
            loop,
            PLAIN,
            "1.05 times: a fused optimiser, and no wait for the device between two logs",
            {**random, "kernels": False},
        ),
        Change(
            kernels,
            loop,
            "1.2 times: bias and mask are summed once a stack, GELU and norm are one kernel each",
            random,
        ),
        Change(
            tokens,
            SAME,
            "1.1 times: short rows come many to a batch",
            {"batch_size": None, "batch_tokens": budget},
        ),
        Change(
            "four loader workers",
            LARGE,
            "none: a batch is padded in less than a step",
            {**size.large, "workers": 4},
        ),
        Change(
            "activations recomputed",
            LARGE,
            "0.75 times, with a third of the memory",
            {**size.large, "gradient_checkpointing": True},
        ),
        Change(
            "torch.compile",
            LARGE,
            "1.3 times: norms, residuals and casts in fewer passes",
            {**size.large, "compile": True},
        ),
    )


def environment(size: Size) -> Result:
    """Say what the run was taken on."""
    device = choose_device()
    memory = torch.cuda.get_device_properties(device).total_memory / 1e9 if device.type == "cuda" else None
    return {
        "device": device_name(device),
        "is_gpu": device.type == "cuda",
        "dry_run": size.dry,
        "memory_gigabytes": memory,
        "versions": library_versions(),
        "lengths": f"inputs {size.longest_input // 16} to {size.longest_input} tokens, "
        f"targets {size.longest_output // 8} to {size.longest_output}, evenly drawn",
        "batch": size.batch,
        "large_tokens": size.large_tokens,
    }


def ceilings(size: Size) -> Result:
    """Measure what the device can do at most: a large product in bf16 and fp32, a large copy."""
    device, side = choose_device(), size.product
    found: Result = {}
    for name, dtype in (("bf16", torch.bfloat16), ("fp32", torch.float32)):
        left, right = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
        found[f"{name}_product_flops"] = 2 * side**3 / seconds(lambda a=left, b=right: a @ b)  # type: ignore[misc]
    source = torch.empty(size.copy_megabytes * 2**20, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    # A copy reads and writes every byte.
    found["copy_bytes_per_second"] = 2 * source.numel() / seconds(lambda: target.copy_(source))
    return found


def all_stages(size: Size, work: Path) -> Stages:
    """Return every stage by name, in the order in which they are run: what matters most comes first.

    `work` is where the profiler's table and trace go.
    """

    def rows(shape: Shape) -> FixedRows:
        return ragged_rows(size.rows, shape, size.longest_input, size.longest_output)

    def trainers(place: str, shape: Shape, *, lora: bool) -> Iterator[tuple[str, Callable[[], Result]]]:
        terms: Result = {"lora": lora, "seconds": size.seconds, "every": size.every}
        method = "lora" if lora else "full"

        def named(name: str, run: Callable[[str], Result]) -> tuple[str, Callable[[], Result]]:
            about = {"shape": shape.name, "method": method}
            return f"train/{place}-{method}/{name}", lambda: {**about, "run": _attempt(lambda: run(name))}

        yield named(PLAIN, lambda name: plain(name, shape, rows(shape), batch=size.batch, bf16=True, **terms))
        yield named(
            LARGE,
            lambda name: _as_much_as_fits(
                size.large,
                size.longest_input,
                lambda settings: ours(name, shape, rows(shape), **terms, **settings),
            ),
        )
        yield named(SAME, lambda name: ours(name, shape, rows(shape), batch_size=size.batch, **terms))
        if not lora:
            yield named(
                f"{PLAIN}, another seed",
                lambda name: plain(name, shape, rows(shape), batch=size.batch, bf16=True, seed=7, **terms),
            )
        yield named(
            "plain fp32",
            lambda name: plain(name, shape, rows(shape), batch=size.batch, bf16=False, **terms),
        )

    def one_change(change: Change) -> Result:
        terms = {"lora": False, "seconds": size.seconds, "every": size.every, **change.settings}
        run = _attempt(lambda: ours(change.name, size.small, rows(size.small), **terms))
        described = {"change": change.name, "added_to": change.added_to, "predicted": change.predicted}
        return {**described, "run": run}

    tried: Stages = {f"change/{c.name}": partial(one_change, c) for c in changes(size)}
    return {
        "environment": lambda: environment(size),
        "ceilings": lambda: ceilings(size),
        **dict(trainers("base", size.base, lora=False)),
        **dict(trainers("small", size.small, lora=False)),
        "profile": lambda: profiled(size.base, rows(size.base), work, **size.large),
        **{name: stage for name, stage in tried.items() if name != COMPILED},
        "generation": lambda: generation(size.small, size.longest_input, size.longest_output, size.answers),
        "embedding": lambda: embedding(size.passages),
        **dict(trainers("base", size.base, lora=True)),
        **dict(trainers("small", size.small, lora=True)),
        # Compiling may take minutes: whatever it costs, the rest is there.
        COMPILED: tried[COMPILED],
    }


def _as_much_as_fits(settings: Result, least: int, run: Callable[[Result], Result]) -> Result:
    """Run with a budget of tokens, and with half of it as long as memory runs out."""
    while True:
        try:
            return {**run(settings), "batch_tokens": settings["batch_tokens"]}
        except Exception as error:
            halved = settings["batch_tokens"] // 2
            if not (is_out_of_memory(error) or "out of memory" in str(error)) or halved < least:
                raise
            settings = {**settings, "batch_tokens": halved}
        _free()


def _attempt(run: Callable[[], Result]) -> Result:
    """Run one measurement; one that fails (memory, an option the device lacks) is a result too."""
    try:
        return run()
    except Exception as error:
        return {"error": f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"}
    finally:
        _free()


def _free() -> None:
    # A trainer and its model hold each other: without a collection the next run's memory is counted double.
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
