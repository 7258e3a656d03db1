"""The development score: answers generated, not teacher-forced, and rewarded for being grounded."""

from collections.abc import Sequence
from statistics import harmonic_mean

import torch

from rag_ft.metrics import citation_f1, token_f1
from rag_ft.prompts import is_abstention, parse_marks, strip_marks
from rag_ft.reader_manifest import PromptStyle
from rag_ft.training.batches import collate
from rag_ft.training.encoding import FixedRows
from rag_ft.training.model import Model, Tokenizer

# Input tokens of a batch for generation, padding counted; caches of keys and values grow with it.
GENERATION_TOKENS = 16_384


def score_answers(
    predictions: Sequence[str], targets: Sequence[str], prompt: PromptStyle = "grounded"
) -> dict[str, float]:
    """Score answers against their targets, 0 to 1, higher is better.

    An answer that was due is worth the mean of token F1 and citation F1 (a closed-book one
    has no marks: its token F1), nought where the reader abstained. `score` is the harmonic
    mean of that worth and of the share of due abstentions made, so that refusing everything
    is worth nothing, as is answering everything; where only one kind was due, its part
    alone. `token_f1` and `citation_f1` are over the answerable examples, `abstention` is
    the share of right decisions.
    """
    points, words, marks, refused, decisions = [], [], [], [], []
    for prediction, target in zip(predictions, targets, strict=True):
        says, due = is_abstention(prediction), is_abstention(target)
        decisions.append(float(says == due))
        if due:
            refused.append(float(says))
            continue
        words.append(0.0 if says else token_f1(strip_marks(prediction), strip_marks(target)))
        marks.append(0.0 if says else citation_f1(parse_marks(prediction), parse_marks(target)))
        points.append(words[-1] if prompt == "closed-book" else (words[-1] + marks[-1]) / 2)
    parts = [_mean(part) for part in (points, refused) if part]
    # It is nought where a part is, and there is no mean of no parts.
    score = harmonic_mean(parts) if parts else 0.0
    scores = {"score": score, "token_f1": _mean(words), "abstention": _mean(decisions)}
    return scores if prompt == "closed-book" else {**scores, "citation_f1": _mean(marks)}


@torch.inference_mode()
def generate_answers(
    model: Model,
    tokenizer: Tokenizer,
    rows: FixedRows,
    max_new_tokens: int,
    batch_tokens: int = GENERATION_TOKENS,
) -> list[str]:
    """Answer every row greedily, in batches of like length; the order is that of the rows."""
    texts = [""] * len(rows)
    for batch in batches_by_length(rows, batch_tokens):
        inputs = collate([rows[i] for i in batch], pad=tokenizer.pad_token_id)
        output = model.generate(
            input_ids=inputs["input_ids"].to(model.device),
            attention_mask=inputs["attention_mask"].to(model.device),
            max_new_tokens=max_new_tokens,
            num_beams=1,
            do_sample=False,
        )
        for i, text in zip(batch, tokenizer.batch_decode(output, skip_special_tokens=True), strict=True):
            texts[i] = text.strip()
    return texts


def batches_by_length(rows: FixedRows, batch_tokens: int) -> list[list[int]]:
    """Cut all rows, longest first, into batches of at most `batch_tokens` padded input tokens."""
    order = sorted(range(len(rows)), key=lambda i: (-int(rows.input_lengths[i]), i))
    batches: list[list[int]] = []
    for i in order:
        longest = int(rows.input_lengths[batches[-1][0]]) if batches else 0
        if not batches or (len(batches[-1]) + 1) * longest > batch_tokens:
            batches.append([])
        batches[-1].append(i)
    return batches


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
