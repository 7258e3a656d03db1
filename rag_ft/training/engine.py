"""The fast CPU engine of a reader: CTranslate2 in int8, kept only if it answers as torch does."""

import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from rag_ft.errors import DataFormatError, ModelUnavailableError, TrainingError, UsageError
from rag_ft.example_rows import load_examples
from rag_ft.quiet import quiet_transformers
from rag_ft.reader.engine import FOLDER, Engine, engine_sha256
from rag_ft.reader_manifest import ReaderManifest, token_counter
from rag_ft.schema import Example
from rag_ft.training.export import load_trained
from rag_ft.training.model import Model, Tokenizer, keep_untied

# Same text as torch on at least this share of the questions, else the engine is not kept.
AGREEMENT = 0.99
BEAMS = 4
_MOST_CHECKED = 200


@dataclass(frozen=True, slots=True)
class EngineReport:
    """What an engine gains: seconds are means of one question, beam search with `BEAMS` beams."""

    folder: Path
    checked: int
    agreement: float
    torch_seconds: float
    engine_seconds: float
    megabytes: float


def add_engine(reader: str | Path, examples: Iterable[Example] | None = None) -> EngineReport:
    """Convert a reader's weights to CTranslate2 in int8, and keep them if they answer alike.

    Args:
        reader: A finished reader folder, merged if it was an adapter.
        examples: What both are asked; without it the examples that its run held out.

    Raises:
        ModelUnavailableError: the folder is no plain reader, or ctranslate2 is not installed.
        TrainingError: fewer than 99 of 100 answers were the same; no engine is kept.
    """
    reader = Path(reader)
    manifest = ReaderManifest.load(reader)
    if manifest.method == "lora":
        raise ModelUnavailableError(
            f"{reader}: an adapter: merge it first: ragft export {reader} --merge -o FOLDER"
        )
    inputs = _inputs(reader, manifest, examples)
    target = reader / FOLDER
    partial = reader / f"{FOLDER}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    convert(reader, partial)
    model, tokenizer = load_trained(reader)
    wanted, torch_seconds = _timed(_torch_answers(model, tokenizer, inputs, manifest.max_new_tokens))
    given, engine_seconds = _timed(_engine_answers(partial, tokenizer, inputs, manifest.max_new_tokens))
    same = sum(left == right for left, right in zip(wanted, given, strict=True))
    agreement = same / len(inputs)
    if agreement < AGREEMENT:
        shutil.rmtree(partial)
        raise TrainingError(
            f"{reader}: the int8 engine gave torch's answer to {same} of {len(inputs)} questions only, "
            f"below {AGREEMENT:.0%}; it is not kept, and torch goes on reading"
        )
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)
    megabytes = sum(p.stat().st_size for p in target.iterdir()) / 1e6
    report = EngineReport(target, len(inputs), agreement, torch_seconds, engine_seconds, megabytes)
    engine = {
        "kind": "ctranslate2",
        "quantization": "int8",
        "checked": report.checked,
        "agreement": report.agreement,
        "version": _ctranslate2().__version__,
        "sha256": engine_sha256(target),
    }
    replace(manifest, engine=engine).save(reader)
    return report


def convert(reader: Path, target: Path) -> None:
    """Convert a plain reader folder to CTranslate2, int8.

    Its converter reads `tie_word_embeddings` to decide whether logits are scaled, and
    transformers 5 says true of every T5: `keep_untied` says what the weights say.
    """
    _ctranslate2()
    from ctranslate2.converters import TransformersConverter

    class Converter(TransformersConverter):  # type: ignore[misc]
        def load_model(self, *positional: Any, **named: Any) -> Model:  # noqa: ANN401
            return keep_untied(super().load_model(*positional, **named))

    with quiet_transformers():
        Converter(str(reader)).convert(str(target), quantization="int8", force=True)


def _inputs(reader: Path, manifest: ReaderManifest, examples: Iterable[Example] | None) -> list[str]:
    from rag_ft.training.model import load_tokenizer

    if examples is None:
        held_out = reader / "run" / "dev.jsonl"
        if not held_out.is_file():
            raise UsageError(
                f"{held_out}: not there: name questions to check the engine by (--examples FILE)"
            )
        examples = load_examples(held_out)
    count = token_counter(load_tokenizer(reader))
    inputs = [
        manifest.build_input(example.question, [p.text for p in example.passages], count).text
        for example, _ in zip(examples, range(_MOST_CHECKED), strict=False)
    ]
    if not inputs:
        raise DataFormatError("no example to check the engine by")
    return inputs


def _torch_answers(
    model: Model, tokenizer: Tokenizer, inputs: Sequence[str], new_tokens: int
) -> Iterable[str]:
    for text in inputs:
        encoded = tokenizer(text, return_tensors="pt", verbose=False)
        with torch.inference_mode():
            output = model.generate(**encoded, max_new_tokens=new_tokens, num_beams=BEAMS, length_penalty=1.0)
        yield tokenizer.decode(output[0], skip_special_tokens=True).strip()


def _engine_answers(
    folder: Path, tokenizer: Tokenizer, inputs: Sequence[str], new_tokens: int
) -> Iterable[str]:
    engine = Engine(folder, tokenizer, new_tokens)
    for text in inputs:
        yield engine.generate([text], 1, beams=BEAMS)[0][0].text


def _timed(answers: Iterable[str]) -> tuple[list[str], float]:
    started = time.perf_counter()
    said = list(answers)
    return said, (time.perf_counter() - started) / len(said)


def _ctranslate2() -> Any:  # noqa: ANN401
    try:
        import ctranslate2
    except ImportError:
        raise ModelUnavailableError(
            "ctranslate2 is not installed, and the engine needs it: pip install 'ragft[engine]'"
        ) from None
    return ctranslate2
