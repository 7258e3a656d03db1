"""The stages of the GPU benchmark: each gives a JSON object, and none needs another's memory."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from benchmarks.gpu.measure import ours, plain
from benchmarks.gpu.workload import BASE, SMALL, TOY, Shape, fresh_t5, ragged_rows
from rag_ft.devices import choose_device, choose_dtype
from rag_ft.training.batches import collate
from rag_ft.training.device import device_name
from rag_ft.training.reports import library_versions

Stage = Callable[["Size"], dict[str, Any]]


@dataclass(frozen=True)
class Size:
    """How large a run is: for a GPU, or a toy that proves the script on a CPU.

    Lengths in tokens, `seconds` for each training run, `product` the side of a square.
    """

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


GPU = Size(SMALL, BASE, 4000, 1024, 64, 8, 65_536, 14.0, 10, 8192, 4096, 256, 8192)
DRY = Size(TOY, TOY, 60, 64, 16, 4, 1024, 0.5, 1, 128, 8, 4, 32)


@dataclass(frozen=True)
class Change:
    """One change to our trainer, the change it is added to, what was predicted, and all its settings."""

    name: str
    added_to: str
    predicted: str
    settings: dict[str, Any]


def changes(size: Size) -> tuple[Change, ...]:
    """Return the changes in the order in which they are tried, predicted before any was run."""
    # Lengths are even between a sixteenth and the whole: seventeen thirty-seconds in the mean.
    same = {
        "batch_size": None,
        "batch_tokens": max(size.batch * size.longest_input * 17 // 32, size.longest_input),
    }
    large = {"batch_size": None, "batch_tokens": max(size.large_tokens, size.longest_input)}
    first, second, third, fourth = (
        "our loop, random batches",
        "batches of like length",
        "a budget of tokens",
        "a large budget",
    )
    return (
        Change(
            first,
            "plain bf16",
            "1.2 times: bias and mask are summed once a stack, GELU and norm are one kernel each",
            {"batch_size": size.batch, "sort_by_length": False},
        ),
        Change(second, first, "1.7 times: 40% of a random batch is padding", {"batch_size": size.batch}),
        Change(third, second, "1.1 times: short rows come many to a batch", same),
        Change(fourth, third, "2 to 4 times: more tokens for every kernel launched", large),
        Change(
            "four loader workers",
            fourth,
            "none: a batch is padded in less than a step",
            {**large, "workers": 4},
        ),
        Change(
            "activations recomputed",
            fourth,
            "0.75 times, with a third of the memory",
            {**large, "gradient_checkpointing": True},
        ),
        Change(
            "torch.compile",
            fourth,
            "1.3 times: norms, residuals and casts in fewer passes",
            {**large, "compile": True},
        ),
    )


def environment(size: Size) -> dict[str, Any]:
    """Say what the run was taken on."""
    device = choose_device()
    memory = torch.cuda.get_device_properties(device).total_memory / 1e9 if device.type == "cuda" else None
    return {
        "device": device_name(device),
        "is_gpu": device.type == "cuda",
        "memory_gigabytes": memory,
        "versions": library_versions(),
        "lengths": f"inputs {size.longest_input // 16} to {size.longest_input} tokens, "
        f"targets {size.longest_output // 8} to {size.longest_output}, evenly drawn",
        "batch": size.batch,
        "large_tokens": size.large_tokens,
    }


def ceilings(size: Size) -> dict[str, Any]:
    """Measure what the device can do at most: a large product in bf16 and fp32, a large copy."""
    device, side = choose_device(), size.product
    found: dict[str, Any] = {}
    for name, dtype in (("bf16", torch.bfloat16), ("fp32", torch.float32)):
        left, right = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
        found[f"{name}_product_flops"] = 2 * side**3 / _seconds(lambda a=left, b=right: a @ b)
    source = torch.empty(size.copy_megabytes * 2**20, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    # A copy reads and writes every byte.
    found["copy_bytes_per_second"] = 2 * source.numel() / _seconds(lambda: target.copy_(source))
    return found


def training(size: Size, shape: Shape, *, lora: bool) -> dict[str, Any]:
    """Measure the plain trainer in fp32 and bf16, and ours at the same and at a large step."""
    rows = _rows(size, shape)
    terms: dict[str, Any] = {"lora": lora, "seconds": size.seconds, "every": size.every}
    runs: list[Callable[[], dict[str, Any]]] = [
        lambda: plain("plain fp32", shape, rows, batch=size.batch, bf16=False, **terms),
        lambda: plain("plain bf16", shape, rows, batch=size.batch, bf16=True, **terms),
        lambda: ours("ours, as many examples a step", shape, rows, batch_size=size.batch, **terms),
        lambda: ours(
            "ours, large steps",
            shape,
            rows,
            batch_size=None,
            batch_tokens=max(size.large_tokens, size.longest_input),
            **terms,
        ),
    ]
    return {
        "shape": shape.name,
        "method": "lora" if lora else "full",
        "runs": [_attempt(run) for run in runs],
    }


def one_change(size: Size, number: int) -> dict[str, Any]:
    """Measure one change at the small shape, full fine-tuning."""
    change = changes(size)[number]
    terms = {"lora": False, "seconds": size.seconds, "every": size.every, **change.settings}
    run = _attempt(lambda: ours(change.name, size.small, _rows(size, size.small), **terms))
    described = {"change": change.name, "added_to": change.added_to, "predicted": change.predicted}
    return {**described, "run": run}


def profile(size: Size) -> dict[str, Any]:
    """Profile steps of our trainer's batches at base shape: what the device spends its time on."""
    from rag_ft.training.kernels import fast_kernels

    device = choose_device()
    rows = _rows(size, size.base)
    longest = sorted(range(len(rows)), key=lambda i: int(rows.input_lengths[i]))[-size.batch :]
    batch = {key: value.to(device) for key, value in collate([rows[i] for i in longest]).items()}
    model = fresh_t5(size.base).to(device).train()

    def step() -> None:
        with torch.autocast(device.type, torch.bfloat16):
            loss = model(**batch).loss
        loss.backward()
        model.zero_grad()

    activities = [torch.profiler.ProfilerActivity.CPU]
    if device.type == "cuda":
        activities.append(torch.profiler.ProfilerActivity.CUDA)
    with fast_kernels(model, device):
        step()
        with torch.profiler.profile(activities=activities) as taken:
            step()
            if device.type == "cuda":
                torch.cuda.synchronize()
    time_of = "self_device_time_total" if device.type == "cuda" else "self_cpu_time_total"
    found = sorted(taken.key_averages(), key=lambda e: -float(getattr(e, time_of)))
    total = sum(float(getattr(e, time_of)) for e in found)
    return {
        "operations": [
            {"name": e.key, "share": float(getattr(e, time_of)) / total, "calls": e.count} for e in found[:20]
        ]
    }


def generation(size: Size) -> dict[str, Any]:
    """Measure answers a second: one at a time in fp32, and in batches in the device's dtype, 4 best."""
    device, new_tokens = choose_device(), size.longest_output
    rows = _rows(size, size.small)
    chosen = [rows[i] for i in range(size.answers)]
    model = fresh_t5(size.small).to(device).eval()
    model.generation_config.eos_token_id = None

    def answer(batch: list[Any]) -> None:
        inputs = collate(batch)
        with torch.inference_mode():
            model.generate(
                input_ids=inputs["input_ids"].to(device),
                attention_mask=inputs["attention_mask"].to(device),
                min_new_tokens=new_tokens,
                max_new_tokens=new_tokens,
                num_beams=4,
                num_return_sequences=4,
            )

    few = chosen[: max(2, size.answers // 16)]
    one = _seconds(lambda: [answer([row]) for row in few], repeats=2)
    model.to(choose_dtype(device))
    ordered = sorted(chosen, key=lambda row: len(row.input_ids))
    found = {"one_at_a_time_fp32": len(few) / one}
    for batch in (8, 32, 128):
        if batch <= size.answers:
            parts = [ordered[i : i + batch] for i in range(0, len(ordered), batch)]
            found[f"batches_of_{batch}"] = len(ordered) / _seconds(
                lambda p=parts: [answer(b) for b in p], repeats=2
            )
    return {
        "answers_per_second": found,
        "new_tokens": new_tokens,
        "best": 4,
        "dtype": str(choose_dtype(device)),
    }


def embedding(size: Size) -> dict[str, Any]:
    """Measure passages a second through an encoder of all-MiniLM-L6-v2's shape, about 200 tokens each."""
    from transformers import BertConfig, BertModel

    device = choose_device()
    torch.manual_seed(0)
    shape = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
    model = BertModel(BertConfig(**shape), add_pooling_layer=False).to(device).eval()
    lengths = torch.randint(100, 256, (size.passages,)).sort().values.tolist()
    found: dict[str, float] = {}

    def embed(batch: int) -> None:
        with torch.inference_mode():
            for start in range(0, len(lengths), batch):
                part = lengths[start : start + batch]
                ids = torch.randint(1000, 30_000, (len(part), part[-1]), device=device)
                mask = (
                    torch.arange(part[-1], device=device)[None] < torch.tensor(part, device=device)[:, None]
                )
                states = model(input_ids=ids, attention_mask=mask).last_hidden_state
                pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
                torch.nn.functional.normalize(pooled.float(), dim=1)

    found["fp32_batches_of_32"] = size.passages / _seconds(lambda: embed(32), repeats=2)
    model.to(choose_dtype(device))
    for batch in (32, 256, 1024):
        if batch <= size.passages:
            found[f"batches_of_{batch}"] = size.passages / _seconds(lambda b=batch: embed(b), repeats=2)
    return {"passages_per_second": found, "tokens": sum(lengths), "dtype": str(choose_dtype(device))}


def all_stages(size: Size) -> dict[str, Callable[[], dict[str, Any]]]:
    """Return every stage by name, in the order in which they are run: what matters most comes first."""
    stages: dict[str, Callable[[], dict[str, Any]]] = {
        "environment": lambda: environment(size),
        "ceilings": lambda: ceilings(size),
    }
    for shape, place in ((size.small, "small"), (size.base, "base")):
        for lora in (False, True):
            name = f"train-{place}-{'lora' if lora else 'full'}"
            stages[name] = lambda shape=shape, lora=lora: training(size, shape, lora=lora)  # type: ignore[misc]
    for number in range(len(changes(size))):
        stages[f"change-{number}"] = lambda number=number: one_change(size, number)  # type: ignore[misc]
    return {
        **stages,
        "profile": lambda: profile(size),
        "generation": lambda: generation(size),
        "embedding": lambda: embedding(size),
    }


def _rows(size: Size, shape: Shape) -> Any:
    return ragged_rows(size.rows, shape, size.longest_input, size.longest_output)


def _attempt(run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Run one measurement; one that fails (memory, an option the device lacks) is a result too."""
    try:
        return run()
    except Exception as error:
        return {"error": f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"}
    finally:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the median seconds of some work, warmed up once, the device waited for."""
    taken = []
    for _ in range(repeats + 1):
        started = time.perf_counter()
        work()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken[1:])
