"""What the machine offers a training run: device, precision, and the word for out of memory."""

import platform
from pathlib import Path
from typing import Literal

import torch

from rag_ft.devices import choose_device

Precision = Literal["bf16", "fp32"]


def choose_precision(
    wanted: Literal["auto", "bf16", "fp32"], device: torch.device | None = None
) -> Precision:
    """Return bf16 where the device computes in it, else fp32; never fp16."""
    if wanted != "auto":
        return wanted
    device = device or choose_device()
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    # A CPU without bf16 units converts back and forth, and is slower than in fp32.
    return "bf16" if device.type == "cpu" and torch.cpu._is_avx512_bf16_supported() else "fp32"


def device_name(device: torch.device | None = None) -> str:
    """Return the name of the device as its maker gives it, with the threads of a CPU."""
    device = device or choose_device()
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    if device.type == "cpu":
        return f"{_cpu_model()}, {torch.get_num_threads()} threads"
    return f"{device.type}, {platform.machine()}"


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that memory ran out, on a GPU or on the CPU."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    words = str(error).lower()
    return isinstance(error, RuntimeError) and ("out of memory" in words or "can't allocate memory" in words)


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
