"""`ragft.json`: what a reader folder says of itself beside its weights, and how its input is built."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from rag_ft.errors import ModelUnavailableError
from rag_ft.prompts import PROMPT_VERSION, CountTokens, Prompt, build_prompt, one_line

FILE_NAME = "ragft.json"
FORMAT = 1

PromptStyle = Literal["grounded", "closed-book"]


@dataclass(frozen=True, slots=True)
class ReaderManifest:
    """The keys of `ragft.json`.

    `input_tokens` and `max_new_tokens` are in tokens of the reader's own tokenizer, the
    end token included. `prompt` says whether the reader sees passages at all. `data` maps
    a part ("train", "dev") to the SHA-256 of its rows; `scores` are those of the
    development part, generated, 0 to 1, higher is better (`loss`: lower). `thresholds`
    are what asking may refuse below; `training` is the account of the run (device,
    seconds, steps, tokens a second). `engine` is empty, or says what stands in the folder
    `engine/`: how often it gave torch's own answers, and the hash of its files then.
    """

    name: str
    base: str
    task: Literal["reader", "adapt"] = "reader"
    method: Literal["full", "lora"] = "full"
    prompt: PromptStyle = "grounded"
    prompt_version: str = PROMPT_VERSION
    input_tokens: int = 1024
    max_new_tokens: int = 128
    base_revision: str | None = None
    base_sha256: str | None = None
    seed: int = 0
    data: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    engine: dict[str, Any] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def load(cls, folder: str | Path) -> "ReaderManifest":
        """Read the manifest of a reader folder.

        Raises:
            ModelUnavailableError: the folder is no finished reader, or a newer ragft's.
        """
        path = Path(folder) / FILE_NAME
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ModelUnavailableError(
                f"{folder}: no {FILE_NAME}, so it is no finished reader: "
                f"train one with `ragft train --output {folder}`"
            ) from None
        except (OSError, ValueError) as error:
            raise ModelUnavailableError(f"{path}: not readable: {error}") from None
        known = {f.name for f in fields(cls)}
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            found = values.get("format") if isinstance(values, dict) else None
            raise ModelUnavailableError(
                f"{path}: format {found!r}, and this ragft reads format {FORMAT}: export the reader again"
            )
        if not {"name", "base"} <= values.keys():
            raise ModelUnavailableError(f"{path}: no name or base: export the reader again")
        return cls(**{key: value for key, value in values.items() if key in known})

    def save(self, folder: str | Path) -> None:
        """Write `ragft.json`, whole or not at all: it is the sign that a folder is finished."""
        path = Path(folder) / FILE_NAME
        partial = path.with_name(path.name + ".partial")
        partial.write_text(json.dumps(asdict(self), indent=2, sort_keys=True) + "\n", encoding="utf-8")
        partial.replace(path)

    def build_input(self, question: str, lines: Sequence[str], count_tokens: CountTokens) -> Prompt:
        """Build the input of this reader; training and asking both call it.

        A closed-book reader sees the question alone: every passage is left out.

        Raises:
            QuestionError: the question alone fills the budget.
        """
        if self.prompt == "closed-book":
            return Prompt(one_line(question), (), tuple(range(len(lines))))
        # One token of the budget is the end token, which the tokenizer adds.
        return build_prompt(question, lines, count_tokens, self.input_tokens - 1)


def token_counter(tokenizer: Callable[..., Any]) -> CountTokens:
    """Return the count of tokens of a text by a Hugging Face tokenizer, without the end token."""
    return lambda text: len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])
