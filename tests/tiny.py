"""Tiny T5 readers and encoders made on the spot: fresh weights, and a vocabulary of given text."""

import re
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from rag_ft.quiet import quiet_transformers
from rag_ft.training.model import fresh_model
from rag_ft.training.settings import FreshModel

SENTINELS = 100
PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"
TINY = FreshModel(d_model=32, d_kv=8, d_ff=64, layers=2, heads=4)

# Marks, figures and names as answers use them, in our own words.
WORDS = (
    "Who supervises banks in Singapore? The Monetary Authority of Singapore supervises banks [1].",
    "A bank must check its customer before a transaction above S$20,000 [2] or S$1,500 [3].",
    "Answer the question from the numbered passages only and cite them. If they do not answer it, say so.",
    "Question: What must a bank keep? Passages: [1] Notice 626, 6.3(b): records for 5 years [4] [5].",
    "The passages do not answer this question.",
)


def build_tokenizer(texts: Iterable[str] = WORDS, vocabulary: int = 400) -> PreTrainedTokenizerFast:
    """Learn a Unigram vocabulary laid out like T5's: pad, end, unknown first, sentinels last."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    printable = [chr(c) for c in range(33, 127)]
    tokenizer.train_from_iterator(
        texts,
        trainers.UnigramTrainer(
            vocab_size=vocabulary,
            special_tokens=[PAD, END, UNKNOWN],
            unk_token=UNKNOWN,
            initial_alphabet=printable,
            show_progress=False,
        ),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)]
    )
    sentinels = [f"<extra_id_{i}>" for i in reversed(range(SENTINELS))]
    tokenizer.add_special_tokens(sentinels)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        unk_token=UNKNOWN,
        extra_special_tokens=sentinels,
        model_max_length=1_000_000,
    )


def build_tiny_t5(
    folder: Path,
    texts: Iterable[str] = WORDS,
    *,
    tied: bool = False,
    shape: FreshModel = TINY,
    vocabulary: int = 400,
    dropout: float = 0.0,
    seed: int = 1,
) -> Path:
    """Save a tiny T5 v1.1 with its tokenizer; untied as Flan-T5 is, unless said otherwise."""
    tokenizer = build_tokenizer(texts, vocabulary)
    model = fresh_model(shape.model_copy(update={"tied": tied}), tokenizer, seed=seed, dropout=dropout)
    with quiet_transformers():
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return folder


def build_tiny_encoder(folder: Path, texts: Iterable[str], *, seed: int = 1) -> Path:
    """Save a tiny BERT of two layers and 32 dimensions as a sentence-transformers folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    words = sorted({word for text in texts for word in re.findall(r"\w+|[^\w\s]", text.lower())})
    bert, saved = folder / "bert", folder / "encoder"
    bert.mkdir(parents=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    (bert / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(vocab=str(bert / "vocab.txt")).save_pretrained(bert)
    torch.manual_seed(seed)
    shape = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    with quiet_transformers():
        BertModel(shape).save_pretrained(bert)
        model = SentenceTransformer(modules=[Transformer(str(bert)), Pooling(32)], device="cpu")
        model.save_pretrained(str(saved))
    return saved
