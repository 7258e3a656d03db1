"""Answers and passages a second: generation with n best, and the encoder that indexing runs."""

from typing import Any

import torch

from benchmarks.gpu.clock import seconds
from benchmarks.gpu.workload import Shape, fresh_t5, ragged_rows
from rag_ft.devices import choose_device, choose_dtype
from rag_ft.training.batches import collate

BEST = 4
# What is measured of each size of batch: enough to be sure of, and no more of a machine that is lent.
_BATCHES_MEASURED = 2
_ONE_AT_A_TIME = 4


def generation(shape: Shape, longest_input: int, new_tokens: int, answers: int) -> dict[str, Any]:
    """Measure answers a second, `BEST` beams each: the plain loop in fp32, and batches in the device's dtype.

    The plain loop is one question after another, as `Seq2SeqReader.propose` asks them; batches
    are of questions of like length, as its `propose_many` makes them.
    """
    device = choose_device()
    rows = sorted(ragged_rows(answers, shape, longest_input, new_tokens), key=lambda row: len(row.input_ids))
    model = fresh_t5(shape).to(device).eval()
    model.generation_config.eos_token_id = None

    def answer(batch: list[Any]) -> None:
        inputs = collate(batch)
        with torch.inference_mode():
            model.generate(
                input_ids=inputs["input_ids"].to(device),
                attention_mask=inputs["attention_mask"].to(device),
                min_new_tokens=new_tokens,
                max_new_tokens=new_tokens,
                num_beams=BEST,
                num_return_sequences=BEST,
            )

    # Evenly over the lengths, so that every figure is of questions alike.
    few = rows[:: max(1, len(rows) // _ONE_AT_A_TIME)][:_ONE_AT_A_TIME]
    found = {"one_at_a_time_fp32": len(few) / seconds(lambda: [answer([row]) for row in few], repeats=2)}
    model.to(choose_dtype(device))
    found["one_at_a_time"] = len(few) / seconds(lambda: [answer([row]) for row in few], repeats=2)
    for batch in (8, 32, 128):
        parts = [rows[at : at + batch] for at in range(0, len(rows), batch)]
        chosen = parts[:: max(1, len(parts) // _BATCHES_MEASURED)][:_BATCHES_MEASURED]
        if batch <= answers:
            taken = seconds(lambda c=chosen: [answer(part) for part in c], repeats=2)  # type: ignore[misc]
            found[f"batches_of_{batch}"] = sum(map(len, chosen)) / taken
    return {
        "answers_per_second": found,
        "new_tokens": new_tokens,
        "best": BEST,
        "dtype": str(choose_dtype(device)),
    }


def embedding(passages: int) -> dict[str, Any]:
    """Measure passages a second through an encoder of all-MiniLM-L6-v2's shape, 100 to 255 tokens each."""
    from transformers import BertConfig, BertModel

    device = choose_device()
    torch.manual_seed(0)
    shape = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
    model = BertModel(BertConfig(**shape), add_pooling_layer=False).to(device).eval()
    lengths = torch.randint(100, 256, (passages,)).sort().values.tolist()
    found: dict[str, float] = {}

    def embed(batch: int) -> None:
        with torch.inference_mode():
            for start in range(0, len(lengths), batch):
                part = lengths[start : start + batch]
                ids = torch.randint(1000, 30_000, (len(part), part[-1]), device=device)
                mask = (
                    torch.arange(part[-1], device=device)[None] < torch.tensor(part, device=device)[:, None]
                )
                states = model(input_ids=ids, attention_mask=mask).last_hidden_state
                pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
                torch.nn.functional.normalize(pooled.float(), dim=1)

    found["fp32_batches_of_32"] = passages / seconds(lambda: embed(32), repeats=2)
    model.to(choose_dtype(device))
    for batch in (32, 256, 1024):
        if batch <= passages:
            taken = seconds(lambda b=batch: embed(b), repeats=2)  # type: ignore[misc]
            found[f"batches_of_{batch}"] = passages / taken
    return {"passages_per_second": found, "tokens": sum(lengths), "dtype": str(choose_dtype(device))}
