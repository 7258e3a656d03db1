import pytest
import torch

from rag_ft.training.kernels import ByteDropout, byte_dropout, fast_kernels, shared_bias_attention
from rag_ft.training.model import add_adapter, load_model
from rag_ft.training.settings import LoraSettings

CPU = torch.device("cpu")
BATCH = {
    "input_ids": torch.tensor([[5, 9, 12, 1], [7, 1, 0, 0]]),
    "attention_mask": torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]]),
    "labels": torch.tensor([[7, 3, 1], [4, 1, -100]]),
}


def loss_and_gradients(model) -> tuple[float, dict[str, torch.Tensor]]:
    model.train().zero_grad()
    loss = model(**BATCH).loss
    loss.backward()
    return loss.item(), {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("lora", [False, True])
def test_loss_and_gradients_are_those_of_transformers(tiny, lora):
    model = load_model(tiny)
    if lora:
        model = add_adapter(model, LoraSettings(rank=2, alpha=4, dropout=0.0), "base")
    loss, gradients = loss_and_gradients(model)
    with fast_kernels(model, CPU):
        fast_loss, fast_gradients = loss_and_gradients(model)
    assert fast_loss == pytest.approx(loss, abs=1e-6)
    assert fast_gradients.keys() == gradients.keys()
    for name, gradient in gradients.items():
        assert torch.allclose(gradient, fast_gradients[name], atol=1e-5), name


def test_attention_on_a_gpu_takes_the_same_bias():
    """The branch for GPUs, run on the CPU by a query that says it lies elsewhere."""
    torch.manual_seed(0)
    query, key, value = (torch.randn(2, 3, 5, 4) for _ in range(3))
    position, mask = torch.randn(1, 3, 5, 5), torch.zeros(2, 1, 5, 5)
    mask[1, :, :, 3:] = torch.finfo(torch.float32).min
    layer = torch.nn.Identity().eval()
    here, _ = shared_bias_attention(layer, query, key, value, mask, position_bias=position)
    elsewhere = query.as_subclass(Elsewhere)
    there, _ = shared_bias_attention(layer, elsewhere, key, value, mask, position_bias=position)
    assert torch.allclose(here, there.as_subclass(torch.Tensor), atol=1e-6)


class Elsewhere(torch.Tensor):
    @property
    def device(self):
        return torch.device("cuda")


def test_generation_is_the_same_within(tiny):
    model = load_model(tiny).eval()
    inputs = {key: BATCH[key] for key in ("input_ids", "attention_mask")}
    before = model.generate(**inputs, max_new_tokens=12, num_beams=3)
    with fast_kernels(model, CPU):
        assert model.generate(**inputs, max_new_tokens=12, num_beams=3).tolist() == before.tolist()


def test_everything_is_put_back(tiny):
    model = load_model(tiny, dropout=0.1)
    before = {name: type(module) for name, module in model.named_modules()}
    implementation = model.config._attn_implementation
    with fast_kernels(model, CPU):
        assert any(isinstance(module, ByteDropout) for module in model.modules())
        assert model.config._attn_implementation == "ragft_shared_bias"
    assert {name: type(module) for name, module in model.named_modules()} == before
    assert model.config._attn_implementation == implementation
    assert not any("forward" in module.__dict__ for module in model.modules())


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_dropout_keeps_the_expectation_and_the_share(dtype):
    torch.manual_seed(0)
    values = torch.rand(400_001).add(1).to(dtype).requires_grad_()
    out = byte_dropout(values, 0.1)
    assert (out == 0).double().mean().item() == pytest.approx(26 / 256, abs=2e-3)
    assert out.double().mean().item() == pytest.approx(1.5, abs=4e-3)
    out.sum().backward()
    # The gradient passes exactly where the value did, with the same scale.
    assert torch.equal(values.grad != 0, out != 0)
    assert torch.allclose(values.grad[out != 0].float(), torch.tensor(256 / 230), rtol=4e-3)


def test_dropout_depends_on_the_seed_and_ends_with_training():
    layer, values = ByteDropout(0.5), torch.ones(1000)
    draws = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        draws.append(layer(values))
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])
    assert torch.equal(layer.eval()(values), values)
    assert torch.equal(byte_dropout(values, 0.0), values)
