"""Adapt a base to the documents' own text before it is fine-tuned (arXiv 2004.10964)."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag_ft.errors import ConfigError, DataFormatError
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.training.corruption import CorruptedRows, raw_length
from rag_ft.training.judging import judge_language
from rag_ft.training.model import Tokenizer, load_base
from rag_ft.training.passage_rows import RowsWithPassages
from rag_ft.training.progress import Progress
from rag_ft.training.reports import TrainingReport
from rag_ft.training.run import train_folder
from rag_ft.training.settings import TrainingConfig
from rag_ft.training.texts import chunk_tokens, hold_out_texts, texts_sha256


def adapt_base(
    texts: Iterable[str],
    config: TrainingConfig,
    output_dir: str | Path,
    *,
    resume: bool = False,
    download: bool = False,
    progress: Progress | None = None,
) -> TrainingReport:
    """Train by span corruption on running text, from a base or from fresh weights.

    What comes out is a base for `train_reader`, judged by the loss on texts held out.

    Args:
        texts: Documents, each a text.
        config: The terms, of `task: adapt`.
        output_dir: The folder of the new base.
        resume: Go on with a run that was killed.
        download: Whether a base that is not at hand may be downloaded.
        progress: Called with every loss.

    Raises:
        ConfigError: the configuration is not of `task: adapt`.
        DataFormatError: there is less text than one chunk.
        ModelUnavailableError: the base or the vocabulary is not at hand.
        TrainingError: memory ran out, the loss is no number, or the run cannot be resumed.
        UsageError: the output folder is in use.
    """
    if config.task != "adapt":
        raise ConfigError(
            f"task: {config.task}: `adapt_base` adapts; give a configuration of task adapt, such as `adapt`"
        )
    train, held = hold_out_texts([text for text in texts if text.strip()], config.dev_share, config.seed)
    base = load_base(config, download=download)
    length = raw_length(config.input_tokens, config.noise_density, config.mean_span)
    chunks = chunk_tokens(train, base.tokenizer, length)
    if not len(chunks):
        raise DataFormatError(
            f"{len(train)} texts are less than one chunk of {length} tokens: give more, or lower input_tokens"
        )
    noise = (config.noise_density, config.mean_span, base.tokenizer, config.seed)
    rows = _rows(chunks, noise, config.passage_share)
    dev_chunks = chunk_tokens(held, base.tokenizer, length)[: config.dev_limit]
    dev = _rows(dev_chunks, noise, config.passage_share).fixed() if len(dev_chunks) else None
    folder = Path(output_dir)
    manifest = ReaderManifest(
        name=folder.name,
        base=config.base or "fresh weights",
        task="adapt",
        input_tokens=config.input_tokens,
        max_new_tokens=config.output_tokens,
        seed=config.seed,
        data={"train": texts_sha256(train)} | ({"dev": texts_sha256(held)} if dev else {}),
    )
    return train_folder(
        base,
        rows,
        judge_language(dev) if dev else None,
        manifest,
        config,
        folder,
        counts=(len(rows), len(dev) if dev else 0),
        resume=resume,
        progress=progress,
    )


def _rows(
    chunks: NDArray[np.int32], noise: tuple[float, float, Tokenizer, int], passage_share: float
) -> CorruptedRows | RowsWithPassages:
    rows = CorruptedRows(chunks, *noise)
    return RowsWithPassages(rows, chunks, noise[2], passage_share, noise[3]) if passage_share else rows
