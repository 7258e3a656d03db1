import torch
from transformers.models.t5.modeling_t5 import T5Attention

from rag_ft.training.model import fresh_model, load_tokenizer
from rag_ft.training.settings import FreshModel

SHAPE = FreshModel(d_model=64, d_kv=16, d_ff=64, layers=2, heads=4, tied=True, mimetic=True)


def test_a_token_attends_to_its_equals(tiny):
    """The logits of an attention over fresh embeddings are highest where both tokens are one."""
    model = fresh_model(SHAPE, load_tokenizer(tiny), seed=3)
    tokens = torch.arange(5, 45)
    states = model.shared(tokens)
    states = states / states.pow(2).mean(-1, keepdim=True).sqrt()
    for module in model.modules():
        if isinstance(module, T5Attention):
            query, key = (layer(states).view(40, 4, 16).transpose(0, 1) for layer in (module.q, module.k))
            best = (query @ key.transpose(1, 2)).argmax(-1)
            assert (best == torch.arange(40)).float().mean() > 0.95
            passed = module.o(module.v(states))
            alike = torch.nn.functional.cosine_similarity(passed, states, dim=-1)
            assert alike.mean() > 0.5


def test_a_head_looks_to_the_left_and_one_to_the_right(tiny):
    model = fresh_model(SHAPE, load_tokenizer(tiny), seed=3)
    encoder = model.encoder.block[0].layer[0].SelfAttention.compute_bias(10, 10)[0]
    decoder = model.decoder.block[0].layer[0].SelfAttention.compute_bias(10, 10)[0]
    rows = range(1, 9)
    assert all(encoder[0, row].argmax() == row - 1 for row in rows)
    assert all(encoder[1, row].argmax() == row + 1 for row in rows)
    assert all(decoder[0, row, : row + 1].argmax() == row - 1 for row in rows)


def test_other_fresh_weights_stay_random(tiny):
    model = fresh_model(SHAPE.model_copy(update={"mimetic": False}), load_tokenizer(tiny), seed=3)
    attention = model.encoder.block[0].layer[0].SelfAttention
    assert not torch.equal(attention.q.weight, attention.k.weight)
