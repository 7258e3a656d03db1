"""A T5 reader: n best answers by beam search from a plain Hugging Face folder."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from rag_ft.devices import choose_device, choose_dtype
from rag_ft.errors import ModelUnavailableError
from rag_ft.network import resolve_model
from rag_ft.prompts import Prompt, passage_line
from rag_ft.quiet import quiet_transformers
from rag_ft.reader import Fit, without
from rag_ft.reader_manifest import FILE_NAME, ReaderManifest, token_counter
from rag_ft.schema import Candidate, Passage

ADAPTER_CONFIG = "adapter_config.json"
# Prompts generated for at once by `propose_many`.
BATCH = 8


class Seq2SeqReader:
    """Reads with any `AutoModelForSeq2SeqLM`, asked with the prompt that it was trained on."""

    def __init__(
        self,
        model: Any,  # noqa: ANN401  transformers ships no types for its models
        tokenizer: Any,  # noqa: ANN401
        manifest: ReaderManifest,
    ) -> None:
        self.name = manifest.name
        self._manifest = manifest
        self._model = model
        self._tokenizer = tokenizer
        self._count_tokens = token_counter(tokenizer)

    @classmethod
    def load(cls, name: str | Path, *, download: bool = False) -> "Seq2SeqReader":
        """Load a reader; see `rag_ft.reader.load_reader`."""
        folder = resolve_model(str(name), download=download)
        try:
            with quiet_transformers():
                model, tokenizer = _load(folder, download=download)
        except (OSError, ValueError, KeyError, ImportError) as error:
            raise ModelUnavailableError(
                f"{folder}: not a seq2seq reader folder ({' '.join(str(error).split())[:200]}); "
                "name a folder that `ragft train` wrote, or a T5 model"
            ) from None
        device = choose_device()
        model.to(device=device, dtype=choose_dtype(device)).eval()
        # A model that ragft did not train has no manifest: it is asked as a new reader would be.
        known = (folder / FILE_NAME).is_file()
        manifest = ReaderManifest.load(folder) if known else ReaderManifest(str(name), str(name))
        return cls(model, tokenizer, replace(manifest, name=str(name)))

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
                max_new_tokens=self._manifest.max_new_tokens,
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

    def _prompt(self, question: str, passages: Sequence[Passage]) -> Prompt:
        lines = [passage_line(passage) for passage in passages]
        return self._manifest.build_input(question, lines, self._count_tokens)


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
