"""Recall@10, MAP@10 and milliseconds of each stage on ObliQA's development half, in one run.

    python benchmarks/search.py ../shared/qa --index /tmp/obliqa --encoder FOLDER

The index is built at the first run and reused. ObliQA's test half is not read.
"""

import argparse
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rag_ft.indexing import build_index
from rag_ft.metrics import retrieval_measures
from rag_ft.retrieval.encoder import DEFAULT_ENCODER, load_encoder
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.retrieval.search_settings import SearchSettings
from rag_ft.schema import Document, DocumentInfo, Paragraph, Span

# Repeats are judged apart in ObliQA: 1,548 passages have another's text.
_STAGES = {
    "BM25 alone": SearchSettings(dense_weight=0.0, handles=False, suppress_repeats=False),
    "dense alone": SearchSettings(dense_weight=1.0, handles=False, suppress_repeats=False),
    "hybrid": SearchSettings(handles=False, suppress_repeats=False),
}


def main() -> None:
    """Build or open the index, ask every question at each stage, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index/obliqa"))
    parser.add_argument("--encoder", default=DEFAULT_ENCODER)
    parser.add_argument("--reranker")
    parser.add_argument("--questions", type=int, default=None, help="only the first so many")
    given = parser.parse_args()
    encoder = load_encoder(given.encoder)
    if not (given.index / "CURRENT").is_file():
        build_index(obliqa_documents(given.data / "obliqa_corpus.jsonl.gz"), given.index, encoder)
    rows = list(read_rows(given.data / "obliqa_dev.jsonl.gz"))[: given.questions]
    relevant = {row["id"]: {p["id"] for p in row["passages"] if p["gold"]} for row in rows}
    stages = dict(_STAGES)
    if given.reranker:
        stages["hybrid, reranked"] = SearchSettings(
            handles=False, suppress_repeats=False, reranker=given.reranker
        )
    print("| stage | Recall@10 | MAP@10 | ms a question |\n|---|---|---|---|")
    for name, settings in stages.items():
        index = PassageIndex.load(given.index, encoder, settings=settings)
        started = time.perf_counter()
        rankings = {
            row["id"]: [f"{h.passage.document.id}|{h.passage.label}" for h in index.search(row["q"], k=10)]
            for row in rows
        }
        taken = 1000 * (time.perf_counter() - started) / len(rows)
        scores = retrieval_measures(rankings, relevant, ["R@10", "AP@10"])
        means = [sum(values.values()) / len(values) for values in scores.values()]
        print(f"| {name} | {means[0]:.4f} | {means[1]:.4f} | {taken:.1f} |", flush=True)
        index.close()


def obliqa_documents(path: Path) -> Iterator[Document]:
    """Yield each rulebook with its passages as paragraphs, labels as printed."""
    passages: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
    for row in read_rows(path):
        passages[row["doc"]].append(row)
    for number, rows in passages.items():
        text, paragraphs = "", []
        for row in rows:
            span = Span(len(text), len(text) + len(row["text"]))
            paragraphs.append(Paragraph(row["pid"], (span,)))
            text += row["text"] + "\n"
        yield Document(DocumentInfo(str(number), f"Rulebook {number}"), text, tuple(paragraphs))


def read_rows(path: Path) -> Iterator[dict]:
    """Yield the rows of gzipped JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


if __name__ == "__main__":
    main()
