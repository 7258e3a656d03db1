"""Generation by torch: the floor that every reader folder has."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from rag_ft.devices import choose_device, choose_dtype
from rag_ft.errors import ModelUnavailableError
from rag_ft.network import resolve_model
from rag_ft.quiet import quiet_transformers
from rag_ft.reader import not_a_reader, without
from rag_ft.schema import Candidate

ADAPTER_CONFIG = "adapter_config.json"


class TorchGenerator:
    """Beam search with any `AutoModelForSeq2SeqLM`, on the best device at hand."""

    def __init__(self, model: Any, tokenizer: Any, new_tokens: int) -> None:  # noqa: ANN401  transformers ships no types
        device = choose_device()
        dtype = choose_dtype(device)
        self.engine = f"torch {str(dtype).removeprefix('torch.')} on {device.type}"
        self._model = model.to(device=device, dtype=dtype).eval()
        self._tokenizer, self._new_tokens = tokenizer, new_tokens

    @classmethod
    def load(
        cls,
        folder: Path,
        tokenizer: Any,  # noqa: ANN401
        new_tokens: int,
        *,
        download: bool,
    ) -> "TorchGenerator":
        """Load the weights of a folder; an adapter is merged into its base.

        Raises:
            ModelUnavailableError: the folder holds no seq2seq model, or its adapter's base is not at hand.
        """
        try:
            with quiet_transformers():
                return cls(_load(folder, download=download), tokenizer, new_tokens)
        except (OSError, ValueError, KeyError, ImportError) as error:
            raise ModelUnavailableError(not_a_reader(folder, error)) from None

    def generate(self, texts: Sequence[str], n: int, suppress: Sequence[str] = ()) -> list[list[Candidate]]:
        """Return the `n` best beams for each prompt; a score is the mean log-probability of a token."""
        inputs = self._tokenizer(list(texts), return_tensors="pt", padding=True, verbose=False)
        banned = [
            self._tokenizer(form, add_special_tokens=False).input_ids
            for name in suppress
            for form in (name, f" {name}")
        ]
        with torch.inference_mode():
            output = self._model.generate(
                **inputs.to(self._model.device),
                max_new_tokens=self._new_tokens,
                num_beams=max(n, 2),
                num_return_sequences=n,
                length_penalty=1.0,
                bad_words_ids=[ids for ids in banned if ids] or None,
                return_dict_in_generate=True,
                output_scores=True,
            )
        said = self._tokenizer.batch_decode(output.sequences, skip_special_tokens=True)
        scored = zip(said, output.sequences_scores.tolist(), strict=True)
        candidates = [Candidate(text.strip(), score, "reader") for text, score in scored]
        return [without(candidates[at : at + n], suppress) for at in range(0, len(candidates), n)]


def _load(folder: Path, *, download: bool) -> Any:  # noqa: ANN401
    from transformers import AutoModelForSeq2SeqLM

    if not (folder / ADAPTER_CONFIG).is_file():
        return AutoModelForSeq2SeqLM.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    from peft import PeftConfig, PeftModel

    base = resolve_model(
        str(PeftConfig.from_pretrained(str(folder)).base_model_name_or_path), download=download
    )
    model = AutoModelForSeq2SeqLM.from_pretrained(base, local_files_only=True, use_safetensors=True)
    # Merged, an adapter costs nothing at reading time; its answers are the same (tested).
    return PeftModel.from_pretrained(model, str(folder), local_files_only=True).merge_and_unload()
