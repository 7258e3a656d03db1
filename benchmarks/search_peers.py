"""Our search beside LangChain's and txtai's: the same files, the same encoder, in one run.

    python3.11 -m venv /tmp/peers
    /tmp/peers/bin/pip install torch==2.13.0
    /tmp/peers/bin/pip install sentence-transformers faiss-cpu rank_bm25 langchain-community \
        langchain-classic langchain-text-splitters pypdf txtai
    python benchmarks/search_peers.py CORPUS --index INDEX --peers /tmp/peers/bin/python

INDEX is ours over CORPUS (folders acts, pdf and text). The peers read the same files: pages by
pypdf, chunks of 1,000 characters with 200 of overlap by the recursive splitter, as LangChain's
tutorial has it; an ensemble of FAISS and BM25, half and half, and txtai's hybrid over the same
chunks and vectors. They run in a Python of their own and are no dependency of ragft. Counted is
where the gold quote stands, in whatever document: within the first 1, 5 and 10 passages, and
whole within the first 4,000 characters of what is returned.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rag_ft.gold import holds_quote
from rag_ft.question_rows import load_questions
from rag_ft.schema import Question

_FOLDERS = ("acts", "pdf", "text")
_FIRST = (1, 5, 10)
_CHARACTERS = 4000
# Enough short passages to fill those characters.
_DEEP = 40
_ROUNDS = 3

# Texts found for each question, and the median milliseconds of a question.
Outcome = tuple[list[list[str]], float]


def main() -> None:
    """Ask ours, then the peers, and print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--peers", help="the Python that has the peers")
    parser.add_argument("--encoder", type=Path, help="used by the run within that Python")
    given = parser.parse_args()
    questions = [q for q in load_questions(given.corpus / "questions_seen.jsonl") if q.gold]
    if given.encoder:
        print(json.dumps(_peers(given.corpus, given.encoder, [q.question for q in questions])))
        return
    from rag_ft.retrieval.encoder import DEFAULT_ENCODER
    from rag_ft.retrieval.model_folder import find_model_folder

    encoder = find_model_folder(DEFAULT_ENCODER, offline=True).path
    found = {"ragft": _ours(given.index, [q.question for q in questions])}
    command = [given.peers, __file__, str(given.corpus), "--encoder", str(encoder)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
    found |= json.loads(done.stdout.splitlines()[-1])
    _print(found, questions)


def _ours(folder: Path, questions: Sequence[str]) -> Outcome:
    from rag_ft.retrieval.passage_index import PassageIndex

    index = PassageIndex.load(folder)
    print(f"ragft: {len(index):,} passages, {index.encoder.backend}", file=sys.stderr)
    taken = _time(lambda question: index.search(question, k=10), questions)
    texts = [[hit.passage.text for hit in index.search(question, k=_DEEP)] for question in questions]
    return texts, taken


def _peers(corpus: Path, encoder: Path, questions: Sequence[str]) -> dict[str, Outcome]:
    """Ask the peers; runs within their Python."""
    from sentence_transformers import SentenceTransformer

    texts = _chunks(corpus)
    model = SentenceTransformer(str(encoder), device="cpu")
    started = time.perf_counter()
    vectors = model.encode(texts, batch_size=8, normalize_embeddings=True)
    print(f"peers: {len(texts):,} chunks, embedded in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    outcomes = {}
    for name, make in (("LangChain, FAISS and BM25", _langchain), ("txtai, hybrid", _txtai)):
        search = make(texts, vectors, model)
        outcomes[name] = ([search(q) for q in questions], _time(search, questions))
    return outcomes


def _chunks(corpus: Path) -> list[str]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from pypdf import PdfReader

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    pages: list[str] = []
    for folder in _FOLDERS:
        for file in sorted((corpus / folder).iterdir()):
            if file.suffix == ".pdf":
                pages += [page.extract_text() for page in PdfReader(file).pages]
            else:
                pages.append(file.read_text(encoding="utf-8"))
    return [chunk for page in pages for chunk in splitter.split_text(page)]


def _langchain(texts: list[str], vectors: Any, model: Any) -> Callable[[str], list[str]]:
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    class Embedder(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return model.encode(texts, normalize_embeddings=True).tolist()

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    pairs = list(zip(texts, vectors.tolist(), strict=True))
    dense = FAISS.from_embeddings(pairs, Embedder()).as_retriever(search_kwargs={"k": 10})
    words = BM25Retriever.from_texts(texts, k=10)
    both = EnsembleRetriever(retrievers=[words, dense], weights=[0.5, 0.5])
    return lambda question: [document.page_content for document in both.invoke(question)]


def _txtai(texts: list[str], vectors: Any, model: Any) -> Callable[[str], list[str]]:
    from txtai import Embeddings

    known = dict(zip(texts, vectors, strict=True))

    def transform(inputs: list[str]) -> Any:
        if all(text in known for text in inputs):
            return [known[text] for text in inputs]
        return model.encode(inputs, normalize_embeddings=True)

    made = Embeddings(method="external", transform=transform, hybrid=True, content=True)
    made.index(texts)
    return lambda question: [row["text"] for row in made.search(question, 10)]


def _time(search: Callable[[str], object], questions: Sequence[str]) -> float:
    """Return the median milliseconds of a question, the embedding included, after one that warms up."""
    search(questions[0])
    taken = []
    for _ in range(_ROUNDS):
        for question in questions:
            started = time.perf_counter()
            search(question)
            taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def _print(found: dict[str, Outcome], questions: Sequence[Question]) -> None:
    ours = found["ragft"][1]
    print("| | first | in 5 | in 10 | in 4,000 characters | ms a question | times ours |")
    print("|---|---|---|---|---|---|---|")
    for name, (texts, taken) in found.items():
        ranks = [_rank(each, question) for each, question in zip(texts, questions, strict=True)]
        within = [sum(rank <= most for rank in ranks) for most in _FIRST]
        whole = [
            _holds("\n".join(each)[:_CHARACTERS], question)
            for each, question in zip(texts, questions, strict=True)
        ]
        cells = [*within, sum(whole), f"{taken:.1f}", f"{taken / ours:.1f}"]
        print(f"| {name} | {' | '.join(map(str, cells))} |")


def _rank(texts: Sequence[str], question: Question) -> int:
    ranks = (rank for rank, text in enumerate(texts, start=1) if _holds(text, question))
    return next(ranks, len(texts) + _DEEP)


def _holds(text: str, question: Question) -> bool:
    return any(gold.quote is not None and holds_quote(text, gold.quote) for gold in question.gold)


if __name__ == "__main__":
    main()
