"""The device, chosen by itself: CUDA, else Apple's GPU, else the CPU."""

import sys
from ctypes.util import find_library
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Importing torch takes a second, and who asks for a GPU may not need it.
    import torch


def choose_device() -> "torch.device":
    """Return the best device at hand."""
    import torch

    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def choose_dtype(device: "torch.device") -> "torch.dtype":
    """Return bfloat16 where a CUDA device has it, else float32; never float16.

    T5 overflows in float16 (huggingface/transformers#23918).
    """
    import torch

    if device.type == "cuda" and torch.cuda.is_bf16_supported():
        return torch.bfloat16
    return torch.float32


def may_have_gpu() -> bool:
    """Look for a GPU without importing torch; a driver without a GPU counts as one."""
    if sys.platform == "darwin":
        return True
    return find_library("nvcuda" if sys.platform == "win32" else "cuda") is not None
