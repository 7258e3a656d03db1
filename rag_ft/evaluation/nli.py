"""An entailment model by name as the judge of citations; optional, and never downloaded unasked."""

from collections.abc import Sequence
from typing import Any

from rag_ft.errors import ModelUnavailableError
from rag_ft.evaluation.citations import Supports
from rag_ft.network import resolve_model
from rag_ft.schema import Passage

# Tokens of premise and claim together; what is longer is cut from the premise's end.
_MAX_TOKENS = 2048


def load_nli_judge(name: str) -> Supports:
    """Load a judge: a sequence classifier with an entailment label, or a seq2seq model trained as TRUE.

    TRUE (Honovich et al. 2022), which ALCE judges by, reads "premise: ... hypothesis: ..." and
    says "1" where the premise entails the hypothesis.

    Args:
        name: a model folder, or a hub id that is in the local cache.

    Raises:
        ModelUnavailableError: it is not at hand, or knows no entailment.
    """
    from transformers import AutoConfig

    folder = resolve_model(name)
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        judge = _seq2seq_judge(folder) if config.is_encoder_decoder else _classifier_judge(folder, config)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailableError(
            f"{name}: not an entailment model ({' '.join(str(error).split())[:200]}); "
            "name a sequence classifier with an entailment label, or judge by gold or containment"
        ) from None
    return judge


def _classifier_judge(folder: Any, config: Any) -> Supports:  # noqa: ANN401  transformers has no types
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    entailing = [int(i) for i, label in config.id2label.items() if str(label).casefold() == "entailment"]
    if len(entailing) != 1:
        raise ValueError(f"its labels are {', '.join(map(str, config.id2label.values()))}")
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForSequenceClassification.from_pretrained(
        folder, local_files_only=True, use_safetensors=True
    ).eval()

    def supports(claim: str, passages: Sequence[Passage]) -> bool:
        limit = min(int(tokenizer.model_max_length), _MAX_TOKENS)
        inputs = tokenizer(
            _premise(passages), claim, truncation="only_first", max_length=limit, return_tensors="pt"
        )
        with torch.inference_mode():
            return bool(model(**inputs).logits[0].argmax().item() == entailing[0])

    return supports


def _seq2seq_judge(folder: Any) -> Supports:  # noqa: ANN401
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, local_files_only=True, use_safetensors=True).eval()

    def supports(claim: str, passages: Sequence[Passage]) -> bool:
        room = _MAX_TOKENS - len(tokenizer(f"premise:  hypothesis: {claim}").input_ids)
        premise_ids = tokenizer(_premise(passages), add_special_tokens=False, verbose=False).input_ids[:room]
        text = f"premise: {tokenizer.decode(premise_ids)} hypothesis: {claim}"
        with torch.inference_mode():
            output = model.generate(**tokenizer(text, return_tensors="pt", verbose=False), max_new_tokens=10)
        return str(tokenizer.decode(output[0], skip_special_tokens=True)).strip() == "1"

    return supports


def _premise(passages: Sequence[Passage]) -> str:
    return "\n".join(f"Title: {passage.document.title}\n{passage.text}" for passage in passages)
