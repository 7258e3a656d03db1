"""How an index grows: 10 thousand, 100 thousand, a million passages of made-up words and vectors.

    python benchmarks/growth.py 10000 100000 1000000

The vectors are synthetic: a topic's centre with noise, so that neighbours exist as in real
text. Everything else is the real way: cutting, SQLite, BM25, FAISS, manifest, memory map.
Each size runs in a process of its own.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from rag_ft.indexing import update_index
from rag_ft.retrieval.encoder import EncoderIdentity, Vectors
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Document, DocumentInfo, Paragraph, Span

_PARAGRAPHS = 1000
_WORDS = 40
_VOCABULARY = 30_000
_TOPICS = 4000
_DIMENSION = 384


class TopicEncoder:
    """Gives a text the centre of the topic that its first word names, with noise of its own."""

    def __init__(self) -> None:
        self.identity = EncoderIdentity("topics", "0" * 64, _DIMENSION, 256)
        self._centres = np.random.default_rng(0).standard_normal((_TOPICS, _DIMENSION)).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed without a model."""
        vectors = np.empty((len(texts), _DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            words = text.split("\n")[-1].split()
            topic = int(words[0].removeprefix("topic")) if words[0].startswith("topic") else 0
            seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
            vectors[row] = self._centres[topic] + np.random.default_rng(seed).standard_normal(_DIMENSION)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count words."""
        return [text.count(" ") + 3 for text in texts]


def main() -> None:
    """Run each size, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        print(json.dumps(_measured(given.sizes[0])))
        return
    print("| passages | build s | peak MB | disk MB | open ms | question ms | open MB | vectors |")
    print("|---|---|---|---|---|---|---|---|")
    for size in given.sizes:
        command = [sys.executable, __file__, "--worker", str(size)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr[-2000:])
        row = json.loads(done.stdout.splitlines()[-1])
        print("| " + " | ".join(str(value) for value in row.values()) + " |", flush=True)


def _measured(size: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        index_dir = Path(folder) / "index"
        encoder = TopicEncoder()
        report = update_index(_documents(size), index_dir, encoder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        command = [sys.executable, "-c", _OPEN, str(Path(__file__).parent), str(index_dir)]
        opened = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        index = PassageIndex.load(index_dir, encoder)
        disk = sum(entry.size for entry in index.manifest.files)
        return {
            "passages": f"{report.passages:,}",
            "build": f"{report.seconds:.0f}",
            "peak": f"{peak:,.0f}",
            "disk": f"{disk / 1e6:,.0f}",
            "open": f"{opened['open']:.0f}",
            "question": f"{opened['question']:.1f}",
            "memory": f"{opened['memory']:,.0f}",
            "vectors": index.manifest.vectors.describe(),
        }


# Opening is measured in a fresh process, as `ragft ask` meets it.
_OPEN = """
import json, sys, time
import psutil
sys.path.insert(0, sys.argv[1])
from growth import TopicEncoder
from rag_ft.retrieval.passage_index import PassageIndex
import faiss
encoder = TopicEncoder()
before = psutil.Process().memory_info().rss
started = time.perf_counter()
index = PassageIndex.load(sys.argv[2], encoder)
opened = time.perf_counter() - started
questions = [f"topic{n} word{n % 97} word{n % 89} word{n % 1009}" for n in range(0, 4000, 40)]
index.search(questions[0])
started = time.perf_counter()
for question in questions:
    index.search(question)
asked = (time.perf_counter() - started) / len(questions)
memory = (psutil.Process().memory_info().rss - before) / 1e6
print(json.dumps({"open": 1000 * opened, "question": 1000 * asked, "memory": memory}))
"""


def _documents(size: int) -> Iterator[Document]:
    chance = np.random.default_rng(1)
    for number in range(0, size, _PARAGRAPHS):
        # Words as frequent as in language: Zipf's law, cut at the size of the vocabulary.
        drawn = np.minimum(chance.zipf(1.3, (_PARAGRAPHS, _WORDS)), _VOCABULARY)
        topics = chance.integers(0, _TOPICS, _PARAGRAPHS)
        pieces = [
            f"topic{topic} " + " ".join(f"word{word}" for word in row)
            for topic, row in zip(topics.tolist(), drawn.tolist(), strict=True)
        ][: size - number]
        spans, position = [], 0
        for piece in pieces:
            spans.append(Span(position, position + len(piece)))
            position += len(piece) + 1
        paragraphs = tuple(Paragraph(str(n), (span,)) for n, span in enumerate(spans, start=1))
        info = DocumentInfo(f"made-up/{number:07}", f"Rulebook {number}")
        yield Document(info, "\n".join(pieces), paragraphs)


if __name__ == "__main__":
    main()
