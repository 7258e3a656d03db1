"""How a run is judged while it trains: held-out loss, and for readers answers generated."""

from collections.abc import Sequence
from typing import Any, TypeVar

import torch
from torch.nn.functional import cross_entropy

from rag_ft.reader_manifest import ReaderManifest
from rag_ft.training.batches import IGNORED, collate
from rag_ft.training.encoding import EncodedExamples, FixedRows
from rag_ft.training.loop import Development
from rag_ft.training.model import Model, Tokenizer
from rag_ft.training.scoring import batches_by_length, generate_answers, score_answers
from rag_ft.training.trainer import RowTrainer

_Part = TypeVar("_Part")

# Input tokens of a batch for the held-out loss, padding counted.
LOSS_TOKENS = 8192


def judge_reader(dev: EncodedExamples, tokenizer: Tokenizer, manifest: ReaderManifest) -> Development:
    """Judge by the score of generated answers, the loss beside it."""

    def evaluate(trainer: RowTrainer) -> dict[str, float]:
        mine = _share(len(dev.rows), trainer)
        rows = FixedRows([dev.rows[i] for i in mine])
        lost, items = held_out_loss(trainer, rows)
        with trainer.accelerator.autocast():
            answers = generate_answers(trainer.model, tokenizer, rows, manifest.max_new_tokens)
        parts = _gather((lost, items, list(zip(mine, answers, strict=True))), trainer)
        said = {i: answer for _, _, part in parts for i, answer in part}
        scores = score_answers([said[i] for i in range(len(dev.rows))], dev.targets, manifest.prompt)
        loss = _mean_loss(parts)
        # While no answer is right yet, a falling loss says that it is still learning.
        return {"loss": loss, **scores, "selection": scores["score"] - loss / 1000}

    return Development(evaluate, "selection", True)


def judge_language(dev: FixedRows) -> Development:
    """Judge by the held-out loss, lower is better."""

    def evaluate(trainer: RowTrainer) -> dict[str, float]:
        mine = _share(len(dev), trainer)
        return {
            "loss": _mean_loss(_gather(held_out_loss(trainer, FixedRows([dev[i] for i in mine])), trainer))
        }

    return Development(evaluate, "loss", False)


@torch.no_grad()
def held_out_loss(trainer: RowTrainer, rows: FixedRows) -> tuple[float, int]:
    """Return the sum of the cross-entropy over the rows' target tokens, and their number."""
    model: Model = trainer.model
    model.eval()
    total, items = 0.0, 0
    for batch in batches_by_length(rows, LOSS_TOKENS):
        inputs = {
            key: value.to(trainer.args.device) for key, value in collate([rows[i] for i in batch]).items()
        }
        labels = inputs.pop("labels")
        with trainer.accelerator.autocast():
            logits = model(**inputs).logits
        total += float(
            cross_entropy(
                logits.float().view(-1, logits.shape[-1]),
                labels.view(-1),
                ignore_index=IGNORED,
                reduction="sum",
            )
        )
        items += int((labels != IGNORED).sum())
    return total, items


def _share(count: int, trainer: RowTrainer) -> range:
    return range(trainer.args.process_index, count, trainer.args.world_size)


def _gather(mine: _Part, trainer: RowTrainer) -> list[_Part]:
    if trainer.args.world_size == 1:
        return [mine]
    parts: list[Any] = [None] * trainer.args.world_size
    torch.distributed.all_gather_object(parts, mine)
    return parts


def _mean_loss(parts: Sequence[Any]) -> float:
    return float(sum(part[0] for part in parts) / max(sum(part[1] for part in parts), 1))
