"""Quiet on the network: telemetry off, and a model comes from disk unless it may be downloaded."""

import os
from pathlib import Path

from rag_ft.errors import ModelUnavailableError

# Every library's own word for "send nothing home"; langchain-core brings a tracing client.
_TELEMETRY_OFF = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "true",
}
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}


def silence_telemetry() -> None:
    """Turn the telemetry of every library off; call it before they are imported."""
    os.environ.update(_TELEMETRY_OFF)


def go_offline() -> None:
    """Forbid every download in this process; call it before the hub's client is imported."""
    os.environ.update(_OFFLINE)


def is_offline() -> bool:
    """Tell whether downloads are forbidden by `--offline` or the environment."""
    return os.environ.get("HF_HUB_OFFLINE", "") not in ("", "0")


def resolve_model(name: str, *, download: bool = False, revision: str | None = None) -> Path:
    """Return the folder of a model: a local folder, else the hub's copy.

    Args:
        name: A folder, or a hub id such as "google/flan-t5-small".
        download: Whether a hub id that is not cached may be downloaded.
        revision: Which commit, branch or tag of the hub's, else its main branch.

    Raises:
        ModelUnavailableError: it is neither here nor may it be downloaded.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    may_download = download and not is_offline()
    try:
        return Path(
            snapshot_download(
                name,
                revision=revision,
                local_files_only=not may_download,
                ignore_patterns=["*.h5", "*.msgpack", "*.onnx", "*.ot", "*.bin"],
            )
        )
    except HFValidationError:
        raise ModelUnavailableError(f"{name}: no such folder, and not a hub id") from None
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError):
        raise ModelUnavailableError(
            f"{name}: no such folder, and not in the local model cache; name a folder, "
            f"or run `hf download {name}` once on a machine with internet"
        ) from None
