"""The fast CPU engine of a reader: CTranslate2 in int8 behind the same prompt and the same beams."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag_ft.errors import ModelUnavailableError
from rag_ft.reader import without
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.schema import Candidate

# Below a reader's folder, as `ragft export --engine` writes it.
FOLDER = "engine"


class Engine:
    """Generates answers from a model that ctranslate2's converter wrote."""

    engine = "ctranslate2 int8"

    def __init__(self, folder: Path, tokenizer: Any, new_tokens: int) -> None:  # noqa: ANN401
        """Load the engine.

        Args:
            folder: The converted model.
            tokenizer: The reader's own Hugging Face tokenizer.
            new_tokens: The longest answer, in tokens.

        Raises:
            ModelUnavailableError: ctranslate2 is not installed, or the folder is not its.
        """
        try:
            import ctranslate2
        except ImportError:
            raise ModelUnavailableError(
                f"{folder}: ctranslate2 is not installed: pip install 'ragft[engine]', or remove the folder"
            ) from None
        try:
            # Its own number of threads: one set here would be torch's too, in this process.
            self._translator = ctranslate2.Translator(str(folder), device="cpu", compute_type="int8")
        except (RuntimeError, ValueError) as error:
            raise ModelUnavailableError(
                f"{folder}: no engine that ctranslate2 can load ({error}): "
                f"make it again with `ragft export {folder.parent} --engine`"
            ) from None
        self._tokenizer, self._new_tokens = tokenizer, new_tokens

    def generate(
        self, texts: Sequence[str], n: int, suppress: Sequence[str] = (), beams: int | None = None
    ) -> list[list[Candidate]]:
        """Return the `n` best beams for each prompt; a score is the mean log-probability of a token.

        Args:
            texts: The prompts, as `build_prompt` makes them.
            n: How many answers.
            suppress: Names that no answer may hold.
            beams: How many beams are searched, `n` or 2 without it.
        """
        asked = [
            self._tokenizer.convert_ids_to_tokens(ids)
            for ids in self._tokenizer(list(texts), verbose=False)["input_ids"]
        ]
        banned = [
            self._tokenizer.convert_ids_to_tokens(
                self._tokenizer(form, add_special_tokens=False)["input_ids"]
            )
            for name in suppress
            for form in (name, f" {name}")
        ]
        results = self._translator.translate_batch(
            asked,
            beam_size=max(n, beams or 2),
            num_hypotheses=n,
            length_penalty=1.0,
            # Nought means no limit; by default it would cut the input at 1,024 tokens.
            max_input_length=0,
            max_decoding_length=self._new_tokens,
            suppress_sequences=[sequence for sequence in banned if sequence] or None,
            return_scores=True,
        )
        return [
            without(
                [
                    Candidate(self._text(tokens), score, "reader")
                    for tokens, score in zip(result.hypotheses, result.scores, strict=True)
                ],
                suppress,
            )
            for result in results
        ]

    def _text(self, tokens: Sequence[str]) -> str:
        ids = self._tokenizer.convert_tokens_to_ids(list(tokens))
        return str(self._tokenizer.decode(ids, skip_special_tokens=True)).strip()


def load_engine(reader: Path, tokenizer: Any, manifest: ReaderManifest) -> Engine:  # noqa: ANN401
    """Load the engine of a reader folder, if it is the one that was checked against torch.

    Raises:
        ModelUnavailableError: it was never checked, its files have changed, or it cannot be loaded.
    """
    folder = reader / FOLDER
    if not manifest.engine or manifest.engine.get("sha256") != engine_sha256(folder):
        raise ModelUnavailableError(
            f"{folder}: not the engine that was checked against torch: "
            f"make it again with `ragft export {reader} --engine`"
        )
    return Engine(folder, tokenizer, manifest.max_new_tokens)


def engine_sha256(folder: Path) -> str:
    """Hash the names and contents of an engine's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            digest.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()
