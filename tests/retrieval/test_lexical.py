"""BM25 by hand, beside bm25s itself, and through a file."""

import math
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_ft.errors import IndexCorruptError
from rag_ft.retrieval.lexical import LexicalIndex
from rag_ft.retrieval.words import stems, with_pairs

TEXTS = ["banks keep records", "banks report", "a rainy day", ""]


def test_one_word_by_hand() -> None:
    # Terms: banks keep records and 2 pairs; banks report and 1 pair; rainy day and 1 pair; none.
    lengths = [5, 3, 3, 0]
    scores = LexicalIndex.build(TEXTS).scores("records")
    idf = math.log(1 + (4 - 1 + 0.5) / (1 + 0.5))
    expected = 2 * idf * 1 / (1 + 0.7 * (1 - 0.6 + 0.6 * lengths[0] / (sum(lengths) / 4)))
    assert scores.tolist() == pytest.approx([expected, 0.0, 0.0, 0.0])
    assert scores.dtype == np.float32


def test_unknown_words_and_empty_questions_score_nothing() -> None:
    index = LexicalIndex.build(TEXTS)
    assert index.scores("xylophone").tolist() == [0.0] * 4
    assert index.scores("").tolist() == [0.0] * 4
    assert LexicalIndex.build(["", "the"]).scores("the").tolist() == [0.0, 0.0]


def test_rarity_by_hand() -> None:
    index = LexicalIndex.build(TEXTS)
    assert index.rarity(stems("banks")[0]) == pytest.approx(math.log(1 + 4 / 2.5))
    assert index.rarity("xylophon") == pytest.approx(math.log(1 + 4 / 0.5))


_words = st.lists(st.sampled_from("bank record report day rain duty risk owner".split()), max_size=12)


@settings(max_examples=50, deadline=None)
@given(texts=st.lists(_words.map(" ".join), min_size=1, max_size=12), question=_words.map(" ".join))
def test_scores_are_those_of_bm25s(texts: list[str], question: str) -> None:
    corpus = [with_pairs(stems(text)) for text in texts]
    ours = LexicalIndex.build(texts).scores(question)
    words = stems(question)
    query = words + with_pairs(words)
    if not any(corpus):
        assert not ours.any()
        return
    reference = bm25s.BM25(k1=0.7, b=0.6, method="lucene")
    reference.index(corpus, show_progress=False)
    known = [word for word in query if word in reference.vocab_dict]
    expected = reference.get_scores(known) if known else np.zeros(len(texts))
    assert np.allclose(ours, expected, atol=1e-5)


def test_what_is_saved_is_what_is_opened(tmp_path: Path) -> None:
    built = LexicalIndex.build(TEXTS)
    built.save(tmp_path / "lexical")
    opened = LexicalIndex.load(tmp_path / "lexical", len(TEXTS))
    assert opened.scores("banks keep a rainy day").tolist() == built.scores("banks keep a rainy day").tolist()
    assert {path.suffix for path in (tmp_path / "lexical").iterdir()} == {".npy"}
    again = LexicalIndex.build(TEXTS)
    again.save(tmp_path / "again")
    for path in (tmp_path / "lexical").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


@pytest.mark.parametrize("name", ["terms", "columns", "starts", "rows", "weights"])
def test_a_damaged_array_is_told(tmp_path: Path, name: str) -> None:
    LexicalIndex.build(TEXTS).save(tmp_path / "lexical")
    path = tmp_path / "lexical" / f"{name}.npy"
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(IndexCorruptError, match=r"ragft status --check"):
        LexicalIndex.load(tmp_path / "lexical", len(TEXTS))
    path.unlink()
    with pytest.raises(IndexCorruptError):
        LexicalIndex.load(tmp_path / "lexical", len(TEXTS))
