"""What one stage does on the device: train a base, or a reader that then answers; both resume from files.

Only `rag_ft.training` and `rag_ft.reader` are used here: answers are scored afterwards, where
the rest of ragft is (`report.py`).
"""

import gc
import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.experiments.frozen import read_questions
from benchmarks.experiments.plan import LICENCES, Base, Row, Size, Stage
from rag_ft.devices import choose_device, choose_dtype
from rag_ft.example_rows import load_examples
from rag_ft.reader import load_reader
from rag_ft.reader_manifest import FILE_NAME, ReaderManifest
from rag_ft.schema import Example
from rag_ft.training import load_config, train_reader
from rag_ft.training.adaptation import adapt_base
from rag_ft.training.corruption import raw_length
from rag_ft.training.device import device_name
from rag_ft.training.encoding import encode_examples
from rag_ft.training.export import export_reader, load_trained
from rag_ft.training.scoring import generate_answers
from rag_ft.training.settings import TrainingConfig

Result = dict[str, Any]
# Below what one file may have that is brought back.
SHARD = "14MB"
# Texts that the speed is probed with.
_PROBED = 8


@dataclass(frozen=True)
class Places:
    """Where prepared data is read and where models are made; `work` outlives a process, not a machine."""

    data: Path
    work: Path

    def base(self, base: Base) -> Path:
        """Return the folder of a finished base, bf16 in shards."""
        return self.work / "bases" / base.name

    def reader(self, stage: Stage) -> Path:
        """Return the folder of a reader, finished or not."""
        return self.work / "readers" / stage.name.replace("/", "-").replace(", ", "-").replace(" ", "-")


def run_stage(stage: Stage, size: Size, places: Places) -> Result:
    """Run a stage, from where it was when it was cut off."""
    try:
        if stage.row is None:
            result = _train_base(stage.base, size, places)
        else:
            result = _train_row(stage, stage.row, size, places)
        return {**result, "device": device_name()}
    finally:
        _free()


def _train_base(base: Base, size: Size, places: Places) -> Result:
    adapted, exported = places.work / "adapted" / base.name, places.base(base)
    if not (adapted / FILE_NAME).is_file():
        texts = list(read_texts(places.data, base))
        steps = _steps(base, size, places, texts)
        adapt_base(texts, base_config(base, size, places, steps), adapted, resume=True)
    if not (exported / FILE_NAME).is_file():
        shutil.rmtree(exported, ignore_errors=True)
        export_reader(adapted, exported, dtype="bfloat16", shard=SHARD)
    manifest = ReaderManifest.load(adapted)
    history = json.loads((adapted / "history.json").read_text())
    steps = int(manifest.training["steps"])
    return {
        "account": manifest.training,
        "texts": base.texts,
        "text_tokens": steps * _tokens_a_step(base_config(base, size, places, steps)),
        "held_out": [[entry["step"], entry["eval_loss"]] for entry in history if "eval_loss" in entry],
    }


def read_texts(data: Path, base: Base) -> Iterator[str]:
    """Yield the texts that a base may see."""
    with gzip.open(data / "texts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            terms = LICENCES.get(row["set"])
            if base.texts == "all" or (terms is not None and terms.redistributable):
                yield row["text"]


def base_config(base: Base, size: Size, places: Places, steps: int) -> TrainingConfig:
    """Return the terms of a base: the preset for fresh weights, untied, in steps that fill a GPU."""
    shape = {key: getattr(base, key) for key in ("d_model", "d_kv", "d_ff", "layers", "heads")}
    changes = [f"fresh.{key}={value}" for key, value in shape.items()]
    changes += [
        "fresh.tied=false",
        f"tokenizer={places.data / 'tokenizer'}",
        f"input_tokens={size.chunk_tokens}",
        f"batch_size={size.chunks_a_step}",
        f"steps={steps}",
        f"evaluate_every={max(1, steps // 10)}",
        "dev_share=0.05",
        "dev_limit=200",
    ]
    return load_config("fresh-small", changes)


def _steps(base: Base, size: Size, places: Places, texts: list[str]) -> int:
    """Return how many steps the planned tokens take, or as many as the time allows on this device.

    Kept in a file: a base that is gone on with must end where it would have ended.
    """
    kept = places.work / f"steps-{base.name}.json"
    if kept.is_file():
        return int(json.loads(kept.read_text())["steps"])
    folder = places.work / f"probe-{base.name}"
    shutil.rmtree(folder, ignore_errors=True)
    config = base_config(base, size, places, size.probe_steps)
    probe = config.model_copy(update={"dev_share": 0.0, "evaluate_every": None})
    # The first half warms the device up; it is timed too, so the plan errs on the short side.
    report = adapt_base(islice(texts, _PROBED), probe, folder)
    shutil.rmtree(folder)
    planned = base.tokens / _tokens_a_step(config)
    possible = base.seconds * report.steps / report.seconds
    steps = max(1, int(min(planned, possible)))
    kept.write_text(json.dumps({"steps": steps, "planned": planned, "possible": possible}))
    return steps


def _tokens_a_step(config: TrainingConfig) -> int:
    length = raw_length(config.input_tokens, config.noise_density, config.mean_span)
    return length * (config.batch_size or 1)


def _train_row(stage: Stage, row: Row, size: Size, places: Places) -> Result:
    folder = places.reader(stage)
    if not (folder / FILE_NAME).is_file():
        train = read_examples(places.data, row.examples)
        dev = train[:: max(1, len(train) // size.dev_rows)] if row.examples == "predecessor" else None
        dev = dev or read_examples(places.data, "dev")
        config = row_config(stage, row, size, places, len(train))
        train_reader(train, config, folder, dev=dev[: size.dev_rows], resume=True)
    manifest = ReaderManifest.load(folder)
    return {
        "account": manifest.training,
        "dev": manifest.scores,
        "answers": _answers(folder, size, places),
        "held": _held(folder, manifest, places),
    }


def row_config(stage: Stage, row: Row, size: Size, places: Places, rows: int) -> TrainingConfig:
    """Return the terms of a row: its preset and changes, on its base, judged a few times on the way."""
    changes = [*row.changes, *size.every_row, f"base={places.base(stage.base)}", f"seed={stage.seed}"]
    config = load_config(row.preset, changes)
    steps = config.steps or int(config.epochs * -(-rows // (config.batch_size or 1)))
    return load_config(row.preset, [*changes, f"evaluate_every={max(1, steps // size.evaluations)}"])


def read_examples(data: Path, name: str) -> list[Example]:
    """Read prepared examples."""
    file = data / f"examples-{name}.jsonl.gz"
    plain = file.with_suffix("")
    if not plain.is_file():
        # Readers in other processes must never see half a file.
        partial = plain.with_name(f"{plain.name}.{id(file)}.partial")
        partial.write_bytes(gzip.decompress(file.read_bytes()))
        partial.replace(plain)
    return list(load_examples(plain))


def _answers(folder: Path, size: Size, places: Places) -> Result:
    """Answer every question from its frozen passages: its first candidate, and which passages were read."""
    reader = load_reader(folder)
    reader.batch = size.batch
    frozen = read_questions(places.data / "questions.json.gz")
    fitting = [reader.fit(each.question.question, each.passages).included for each in frozen]
    asked = [(each.question.question, fit) for each, fit in zip(frozen, fitting, strict=True)]
    proposed = reader.propose_many(asked, 1)
    return {
        each.question.id: {
            "read": [passage.id for passage in fit],
            "text": candidates[0].text if candidates else "",
            "score": candidates[0].score if candidates else None,
        }
        for each, fit, candidates in zip(frozen, fitting, proposed, strict=True)
    }


def _held(folder: Path, manifest: ReaderManifest, places: Places) -> Result:
    """Answer the held-back examples: prediction and target, marks as this reader's prompt numbers them."""
    model, tokenizer = load_trained(folder)
    device = choose_device()
    model.to(device=device, dtype=choose_dtype(device))
    held = read_examples(places.data, "held")
    encoded = encode_examples(held, tokenizer, manifest)
    said = generate_answers(model, tokenizer, encoded.rows, manifest.max_new_tokens)
    left_out = set(encoded.left_out)
    ids = [example.id for example in held if example.id not in left_out]
    return {
        key: {"said": text, "target": target}
        for key, text, target in zip(ids, said, encoded.targets, strict=True)
    }


def _free() -> None:
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
