"""Recall@10, MAP@10 and milliseconds of each stage on ObliQA's development half, in one run.

    python benchmarks/search.py ../shared/qa --index /tmp/obliqa --tuned /tmp/tuned [--reranker FOLDER]

The index is built at the first run and reused. With --tuned the encoder is fine-tuned twice,
each time on one half of the questions and judged on the other; the halves share no gold
passage, by its text, and no question. Encoders and indexes that are there are reused;
`--prepare 1` and `--prepare 2` make those of one half only. ObliQA's test half is not read.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rag_ft.evaluation.benchmark import Benchmark, ensure_index, is_exactly
from rag_ft.evaluation.layouts import load_benchmark
from rag_ft.examples.hard_negatives import mine_retriever_rows
from rag_ft.indexing import build_index
from rag_ft.metrics import retrieval_measures
from rag_ft.retrieval.encoder import load_encoder
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.retrieval.search_settings import SearchSettings
from rag_ft.retriever_rows import RetrieverRow
from rag_ft.schema import Question
from rag_ft.training.retriever import train_retriever
from rag_ft.training.retriever_folds import two_parts
from rag_ft.training.retriever_settings import RetrieverConfig

# Repeats are judged apart in ObliQA: 1,548 passages have another's text.
_HYBRID = SearchSettings(handles=False, suppress_repeats=False, hops=0)
_STAGES = {
    "BM25": replace(_HYBRID, dense_weight=0.0),
    "dense": replace(_HYBRID, dense_weight=1.0),
    "hybrid": _HYBRID,
}
_SEED = 17

Rankings = dict[str, list[str]]


def main() -> None:
    """Build or open the indexes, ask every question at each stage, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index/obliqa"))
    parser.add_argument("--tuned", type=Path, help="folder of the two fine-tuned encoders")
    parser.add_argument("--prepare", type=int, choices=(1, 2), help="make one half's encoder and stop")
    parser.add_argument("--config", type=Path, default=Path("configs/retriever.yaml"))
    parser.add_argument("--reranker")
    given = parser.parse_args()
    obliqa = load_benchmark(
        "obliqa", given.data / "obliqa_dev.jsonl.gz", given.data / "obliqa_corpus.jsonl.gz"
    )
    ensure_index(obliqa, given.index)
    halves = _halves(obliqa)
    if given.tuned:
        for number in [given.prepare] if given.prepare else [1, 2]:
            _prepare(obliqa, halves[2 - number], given.index, given.tuned / str(number), given.config)
    if given.prepare:
        return
    print("| | Recall@10 | MAP@10 | ms a question |\n|---|---|---|---|")
    stages = dict(_STAGES)
    if given.reranker:
        stages["hybrid, reranked"] = replace(_HYBRID, reranker=given.reranker)
    for name, settings in stages.items():
        _row(name, obliqa, [(given.index, obliqa.questions)], settings)
    if given.tuned:
        judged = [(given.tuned / str(n) / "index", half) for n, half in enumerate(halves, start=1)]
        _row("dense, fine-tuned by two folds", obliqa, judged, _STAGES["dense"])
        _row("hybrid, fine-tuned by two folds", obliqa, judged, _HYBRID)


def _halves(benchmark: Benchmark) -> tuple[list[Question], list[Question]]:
    """Split the questions so that no gold passage and no question stands in both halves."""
    texts = {
        (document.info.id, paragraph.label): document.text[paragraph.spans[0].start : paragraph.spans[0].end]
        for document in benchmark.documents
        for paragraph in document.paragraphs
    }
    rows = []
    for question in benchmark.questions:
        gold = [texts.get((mark.document, mark.paragraph or ""), "") for mark in question.gold]
        rows.append(RetrieverRow(question.question, gold[0], gold=tuple(gold)))
    first = {row.question for row in two_parts(rows, 0.5, _SEED)[0]}
    return (
        [question for question in benchmark.questions if question.question in first],
        [question for question in benchmark.questions if question.question not in first],
    )


def _prepare(
    benchmark: Benchmark, learned: Sequence[Question], base: Path, folder: Path, config: Path
) -> None:
    """Fine-tune an encoder on some questions and index the corpus by it, unless that was done."""
    if (folder / "index" / "CURRENT").is_file():
        return
    encoder = folder / "encoder"
    if not (encoder / "ragft-retriever.json").is_file():
        settings = RetrieverConfig.from_yaml(config)
        index = PassageIndex.load(base, settings=_HYBRID)
        rows = mine_retriever_rows(
            index, learned, negatives=settings.negatives, depth=settings.depth, answers=is_exactly
        )
        index.close()
        resume = (encoder / "checkpoint").is_dir()
        print(train_retriever(rows, settings, encoder, resume=resume, progress=print), flush=True)
    made = build_index(benchmark.documents, folder / "index", load_encoder(str(encoder), offline=True))
    made.close()


def _row(
    name: str,
    benchmark: Benchmark,
    asked: Sequence[tuple[Path, Sequence[Question]]],
    settings: SearchSettings,
) -> None:
    rankings: Rankings = {}
    taken = 0.0
    for folder, questions in asked:
        index = PassageIndex.load(folder, settings=settings)
        index.search("warm")
        started = time.perf_counter()
        for question in questions:
            hits = index.search(question.question, k=10)
            rankings[question.id] = [f"{hit.passage.document.id}|{hit.passage.label}" for hit in hits]
        taken += time.perf_counter() - started
        index.close()
    relevant = {
        question.id: {f"{mark.document}|{mark.paragraph}" for mark in question.gold}
        for question in benchmark.questions
    }
    scores = retrieval_measures(rankings, relevant, ["R@10", "AP@10"])
    recall, precision = (sum(values.values()) / len(values) for values in scores.values())
    print(f"| {name} | {recall:.4f} | {precision:.4f} | {1000 * taken / len(rankings):.1f} |", flush=True)


if __name__ == "__main__":
    main()
