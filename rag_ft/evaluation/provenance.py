"""What was run where: the machine and the versions, for a report."""

import os
import platform
import sys
from importlib import metadata
from pathlib import Path

from rag_ft.evaluation.results import Machine

_PACKAGES = (
    "ragft",
    "torch",
    "transformers",
    "sentence-transformers",
    "faiss-cpu",
    "ir-measures",
    "rouge-score",
)


def this_machine() -> Machine:
    """Describe this machine; no name, user or path of it."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return Machine(
        platform=f"{platform.system()} {platform.machine()}",
        processors=os.cpu_count() or 1,
        device=_device(),
        python=platform.python_version(),
        versions=versions,
    )


def _device() -> str:
    torch = sys.modules.get("torch")  # a run that needed no torch ran on the processor
    if torch is not None and torch.cuda.is_available():
        return str(torch.cuda.get_device_name())
    return _processor_name()


def _processor_name() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
