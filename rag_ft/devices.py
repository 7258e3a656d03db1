"""The device, chosen by itself: CUDA, else Apple's GPU, else the CPU."""

import torch


def choose_device() -> torch.device:
    """Return the best device at hand."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def choose_dtype(device: torch.device) -> torch.dtype:
    """Return bfloat16 where a CUDA device has it, else float32; never float16.

    T5 overflows in float16 (huggingface/transformers#23918).
    """
    if device.type == "cuda" and torch.cuda.is_bf16_supported():
        return torch.bfloat16
    return torch.float32
