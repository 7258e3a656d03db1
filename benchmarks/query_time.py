"""What a question costs besides its embedding, on an index that is there.

    python benchmarks/query_time.py INDEX QUESTIONS.jsonl

The questions are embedded beforehand. Printed are the medians of the milliseconds that passed and
of those the processor worked, which a busy machine does not stretch as far, over three rounds.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from rag_ft.question_rows import load_questions
from rag_ft.retrieval.encoder import Encoder, Vectors
from rag_ft.retrieval.passage_index import PassageIndex

_ROUNDS = 3


class Remembering:
    """An encoder that has embedded every question already."""

    def __init__(self, encoder: Encoder, questions: Sequence[str]) -> None:
        self.identity = encoder.identity
        self.count_tokens = encoder.count_tokens
        self._vectors = {question: encoder.encode([question]) for question in questions}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Look up the vector of one question."""
        return self._vectors[texts[0]]


def main() -> None:
    """Time every question and print one line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    given = parser.parse_args()
    questions = [row.question for row in load_questions(given.questions)]
    opened = PassageIndex.load(given.index)
    index = PassageIndex.load(given.index, Remembering(opened.encoder, questions))
    opened.close()
    passed: list[float] = []
    worked: list[float] = []
    for number in range(_ROUNDS + 1):
        for question in questions:
            started, began = time.perf_counter(), time.process_time()
            index.search(question)
            if number:  # the first round warms up
                passed.append(1000 * (time.perf_counter() - started))
                worked.append(1000 * (time.process_time() - began))
    print(
        f"{len(index):,} passages, {index.manifest.vectors.describe()}: "
        f"{statistics.median(passed):.1f} ms a question passed, {statistics.median(worked):.1f} ms worked"
    )


if __name__ == "__main__":
    main()
