"""A T5 reader: n best answers by beam search from a plain Hugging Face folder."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from rag_ft.devices import choose_device, choose_dtype
from rag_ft.errors import ModelUnavailableError
from rag_ft.network import resolve_model
from rag_ft.prompts import DEFAULT_INPUT_TOKENS, build_prompt, passage_line
from rag_ft.reader import Fit
from rag_ft.schema import Candidate, Passage

logger = logging.getLogger(__name__)

MANIFEST = "ragft.json"
ADAPTER_CONFIG = "adapter_config.json"
DEFAULT_NEW_TOKENS = 128
# Prompts generated for at once by `propose_many`.
BATCH = 8


class Seq2SeqReader:
    """Reads with any `AutoModelForSeq2SeqLM`, asked with the prompt that it was trained on."""

    def __init__(
        self,
        model: Any,  # noqa: ANN401  transformers ships no types for its models
        tokenizer: Any,  # noqa: ANN401
        *,
        name: str,
        input_tokens: int = DEFAULT_INPUT_TOKENS,
        new_tokens: int = DEFAULT_NEW_TOKENS,
    ) -> None:
        self.name = name
        self.input_tokens = input_tokens
        self.new_tokens = new_tokens
        self._model = model
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, name: str | Path, *, download: bool = False) -> "Seq2SeqReader":
        """Load a reader; see `rag_ft.reader.load_reader`."""
        folder = resolve_model(str(name), download=download)
        try:
            model, tokenizer = _load(folder, download=download)
        except (OSError, ValueError, KeyError, ImportError) as error:
            raise ModelUnavailableError(
                f"{folder}: not a seq2seq reader folder ({' '.join(str(error).split())[:200]}); "
                "name a folder that `ragft train` wrote, or a T5 model"
            ) from None
        device = choose_device()
        model.to(device=device, dtype=choose_dtype(device)).eval()
        manifest = _manifest(folder)
        return cls(
            model,
            tokenizer,
            name=str(name),
            input_tokens=int(manifest.get("input_tokens", DEFAULT_INPUT_TOKENS)),
            new_tokens=int(manifest.get("max_new_tokens", DEFAULT_NEW_TOKENS)),
        )

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a piece of the prompt, without the end mark."""
        return len(self._tokenizer(text, add_special_tokens=False, verbose=False).input_ids)

    def fit(self, question: str, passages: Sequence[Passage]) -> Fit:
        """Tell which passages fit the input budget, whole."""
        prompt = self._prompt(question, passages)
        return Fit(tuple(passages[i] for i in prompt.included), tuple(passages[i] for i in prompt.left_out))

    def propose(
        self, question: str, passages: Sequence[Passage], n: int, suppress: Sequence[str] = ()
    ) -> list[Candidate]:
        """Return the `n` best beams; a score is the mean log-probability of a token."""
        return self.complete(self._prompt(question, passages).text, n, suppress)

    def propose_many(self, asked: Sequence[tuple[str, Sequence[Passage]]], n: int) -> list[list[Candidate]]:
        """Propose for several questions, `BATCH` prompts at a time, those of like length together."""
        prompts = [self._prompt(question, passages).text for question, passages in asked]
        order = sorted(range(len(prompts)), key=lambda position: len(prompts[position]))
        proposed: list[list[Candidate]] = [[] for _ in prompts]
        for start in range(0, len(order), BATCH):
            positions = order[start : start + BATCH]
            found = self._generate([prompts[position] for position in positions], n)
            for position, candidates in zip(positions, found, strict=True):
                proposed[position] = candidates
        return proposed

    def complete(self, text: str, n: int, suppress: Sequence[str] = ()) -> list[Candidate]:
        """Return the `n` best beams for a model input as it stands: a prompt, or a bare question."""
        return self._generate([text], n, suppress)[0]

    def _generate(self, texts: Sequence[str], n: int, suppress: Sequence[str] = ()) -> list[list[Candidate]]:
        inputs = self._tokenizer(list(texts), return_tensors="pt", padding=True, verbose=False)
        banned = [
            self._tokenizer(form, add_special_tokens=False).input_ids
            for name in suppress
            for form in (name, f" {name}")
        ]
        with torch.inference_mode():
            output = self._model.generate(
                **inputs.to(self._model.device),
                max_new_tokens=self.new_tokens,
                num_beams=max(n, 2),
                num_return_sequences=n,
                length_penalty=1.0,
                bad_words_ids=[ids for ids in banned if ids] or None,
                return_dict_in_generate=True,
                output_scores=True,
            )
        said = self._tokenizer.batch_decode(output.sequences, skip_special_tokens=True)
        scored = list(zip(said, output.sequences_scores.tolist(), strict=True))
        return [
            [Candidate(text.strip(), score, "reader") for text, score in scored[at : at + n] if text.strip()]
            for at in range(0, len(scored), n)
        ]

    def _prompt(self, question: str, passages: Sequence[Passage]) -> Any:  # noqa: ANN401
        # One token is kept for the end mark that T5 closes its input with.
        lines = [passage_line(passage) for passage in passages]
        return build_prompt(question, lines, self.count_tokens, self.input_tokens - 1)


def _load(folder: Path, *, download: bool) -> tuple[Any, Any]:
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    if not (folder / ADAPTER_CONFIG).is_file():
        return (
            AutoModelForSeq2SeqLM.from_pretrained(folder, local_files_only=True, use_safetensors=True),
            AutoTokenizer.from_pretrained(folder, local_files_only=True),
        )
    from peft import PeftConfig, PeftModel

    base = resolve_model(
        str(PeftConfig.from_pretrained(str(folder)).base_model_name_or_path), download=download
    )
    model = AutoModelForSeq2SeqLM.from_pretrained(base, local_files_only=True, use_safetensors=True)
    # Merged, an adapter costs nothing at reading time; its answers are the same (tested).
    merged = PeftModel.from_pretrained(model, str(folder), local_files_only=True).merge_and_unload()
    return merged, AutoTokenizer.from_pretrained(folder, local_files_only=True)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ModelUnavailableError(f"{path}: not readable as JSON; copy the reader folder again") from None
    return manifest if isinstance(manifest, dict) else {}
