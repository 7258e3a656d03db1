"""BEIR (Thakur et al. 2021, arXiv 2104.08663): corpus.jsonl, queries.jsonl and qrels/*.tsv."""

import csv
from pathlib import Path

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.evaluation.benchmark import Benchmark, corpus_document
from rag_ft.evaluation.layouts.reading import missing_key, read_json_lines
from rag_ft.question_rows import open_text
from rag_ft.schema import Gold, Question


def load_beir(qrels: Path, corpus: Path) -> Benchmark:
    """Load the judged queries of one split, and each corpus row as a document.

    A grade above 0 is relevant; grades are not told apart, so nDCG is that of binary gains.

    Args:
        qrels: `qrels/test.tsv` or another split's; `queries.jsonl` stands in the folder above it.
        corpus: `corpus.jsonl`.

    Raises:
        PathNotFoundError: a file is not there.
        DataFormatError: a file is not in BEIR's layout.
    """
    relevant = _relevant(qrels)
    queries = qrels.parent.parent / "queries.jsonl"
    questions = []
    for line, row in read_json_lines(queries):
        try:
            identity, text = str(row["_id"]), row["text"]
        except KeyError as error:
            raise missing_key(queries, f"line {line}", error, "BEIR") from None
        if identity in relevant:
            gold = tuple(Gold(document) for document in relevant[identity])
            questions.append(Question(text, id=identity, answerable=True, gold=gold))
    documents = []
    for line, row in read_json_lines(corpus):
        try:
            documents.append(corpus_document(str(row["_id"]), row.get("title") or "", [("", row["text"])]))
        except KeyError as error:
            raise missing_key(corpus, f"line {line}", error, "BEIR") from None
    if not questions or not documents:
        raise DataFormatError(f"{qrels}: none of its queries stands in {queries}, or {corpus} is empty")
    return Benchmark("beir", tuple(questions), tuple(documents))


def _relevant(qrels: Path) -> dict[str, list[str]]:
    if not qrels.is_file():
        raise PathNotFoundError(f"{qrels}: no such file")
    relevant: dict[str, list[str]] = {}
    with open_text(qrels) as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            try:
                if int(row["score"]) > 0:
                    relevant.setdefault(row["query-id"], []).append(row["corpus-id"])
            except (KeyError, TypeError, ValueError) as error:
                raise missing_key(
                    qrels, "header or a row", error, "BEIR: query-id, corpus-id, score"
                ) from None
    return relevant
