"""A T5 reader: n best answers by beam search from a plain Hugging Face folder."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from rag_ft.devices import choose_device, may_have_gpu
from rag_ft.errors import ModelUnavailableError
from rag_ft.network import resolve_model
from rag_ft.prompts import Prompt, passage_line
from rag_ft.quiet import quiet_transformers
from rag_ft.reader import Fit, not_a_reader
from rag_ft.reader.engine import FOLDER, load_engine
from rag_ft.reader_manifest import FILE_NAME, ReaderManifest, token_counter
from rag_ft.schema import Candidate, Passage

# Prompts generated for at once by `propose_many`, unless a reader is told otherwise.
BATCH = 8


class Generator(Protocol):
    """Generates answers for prompts; `engine` says by what."""

    engine: str

    def generate(self, texts: Sequence[str], n: int, suppress: Sequence[str] = ()) -> list[list[Candidate]]:
        """Return the `n` best answers for each prompt, best first, with no name in `suppress`."""
        ...


class Seq2SeqReader:
    """Reads with any `AutoModelForSeq2SeqLM`, asked with the prompt that it was trained on.

    `engine` says what generates ("ctranslate2 int8", "torch float32 on cpu"); `notes` why an
    engine that stands in the folder does not. `batch` is how many prompts `propose_many`
    generates for at once: a small model on a large GPU takes many more than a CPU gains from.
    """

    def __init__(
        self,
        generator: Generator,
        tokenizer: Any,  # noqa: ANN401  transformers ships no types
        manifest: ReaderManifest,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.name = manifest.name
        self.engine = generator.engine
        self.notes = notes
        self.batch = BATCH
        self._manifest = manifest
        self._generator = generator
        self._count_tokens = token_counter(tokenizer)

    @classmethod
    def load(cls, name: str | Path, *, download: bool = False) -> "Seq2SeqReader":
        """Load a reader; see `rag_ft.reader.load_reader`."""
        folder = resolve_model(str(name), download=download)
        # A model that ragft did not train has no manifest: it is asked as a new reader would be.
        known = (folder / FILE_NAME).is_file()
        manifest = ReaderManifest.load(folder) if known else ReaderManifest(str(name), str(name))
        tokenizer = _load_tokenizer(folder)
        generator, notes = _generator(folder, tokenizer, manifest, download=download)
        return cls(generator, tokenizer, replace(manifest, name=str(name)), notes)

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
        """Propose for several questions, `batch` prompts at a time, those of like length together."""
        prompts = [self._prompt(question, passages).text for question, passages in asked]
        order = sorted(range(len(prompts)), key=lambda position: len(prompts[position]))
        proposed: list[list[Candidate]] = [[] for _ in prompts]
        for start in range(0, len(order), self.batch):
            positions = order[start : start + self.batch]
            found = self._generator.generate([prompts[position] for position in positions], n)
            for position, candidates in zip(positions, found, strict=True):
                proposed[position] = candidates
        return proposed

    def complete(self, text: str, n: int, suppress: Sequence[str] = ()) -> list[Candidate]:
        """Return the `n` best beams for a model input as it stands: a prompt, or a bare question."""
        return self._generator.generate([text], n, suppress)[0]

    def _prompt(self, question: str, passages: Sequence[Passage]) -> Prompt:
        lines = [passage_line(passage) for passage in passages]
        return self._manifest.build_input(question, lines, self._count_tokens)


def _generator(
    folder: Path,
    tokenizer: Any,  # noqa: ANN401
    manifest: ReaderManifest,
    *,
    download: bool,
) -> tuple[Generator, tuple[str, ...]]:
    """Take the folder's engine on a machine without a GPU, if it is sound, else torch; say why."""
    notes: tuple[str, ...] = ()
    # A driver may be there without its GPU, which only torch can tell.
    if (folder / FOLDER).is_dir() and (not may_have_gpu() or choose_device().type == "cpu"):
        try:
            return load_engine(folder, tokenizer, manifest), notes
        except ModelUnavailableError as error:
            notes = (f"read by torch, more slowly: {error}",)
    from rag_ft.reader.torch_generator import TorchGenerator

    return TorchGenerator.load(folder, tokenizer, manifest.max_new_tokens, download=download), notes


def _load_tokenizer(folder: Path) -> Any:  # noqa: ANN401
    from transformers import AutoTokenizer

    try:
        with quiet_transformers():
            return AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelUnavailableError(not_a_reader(folder, error)) from None
