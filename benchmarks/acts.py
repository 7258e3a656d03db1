"""All 518 Acts into one index: passages, time, memory, size, opening, and the encoder's share of the peak.

    python benchmarks/acts.py ../shared/corpus/acts-all.jsonl.gz --index /tmp/acts

`--only N` takes the first N Acts, for a quick look.
"""

import argparse
import gzip
import resource
import tempfile
import time
from itertools import islice
from pathlib import Path

from peak import bf16_peak, minilm_flops

from rag_ft.indexing import update_index
from rag_ft.retrieval.embedding_input import passage_input
from rag_ft.retrieval.encoder import Encoder, Vectors, load_encoder
from rag_ft.retrieval.passage_index import PassageIndex


class Timed:
    """An encoder that counts its tokens and its seconds."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.identity = encoder.identity
        self.backend = getattr(encoder, "backend", type(encoder).__name__)
        self.count_tokens = encoder.count_tokens
        self.lengths: list[int] = []
        self.seconds = 0.0

    def encode(self, texts: list[str]) -> Vectors:
        """Embed, and keep count."""
        started = time.perf_counter()
        vectors = self._encoder.encode(texts)
        self.seconds += time.perf_counter() - started
        self.lengths += self._encoder.count_tokens(texts)
        return vectors


def main() -> None:
    """Build, open, ask, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("acts", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--only", type=int)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        acts = given.acts if given.only is None else _first(given.acts, given.only, Path(folder))
        index_dir = given.index or Path(folder) / "index"
        encoder = Timed(load_encoder(offline=True))
        report = update_index([acts], index_dir, encoder)
        peak_memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started = time.perf_counter()
        index = PassageIndex.load(index_dir, encoder)
        opening = time.perf_counter() - started
        size = sum(entry.size for entry in index.manifest.files)
        print(f"engine           {encoder.backend}")
        print(f"documents        {report.documents:,}, skipped {len(report.skipped)}")
        print(f"passages         {report.passages:,}")
        print(f"minutes          {report.seconds / 60:.1f}, of them embedding {encoder.seconds / 60:.1f}")
        print(f"peak memory      {peak_memory:,.0f} MB")
        print(f"size on disk     {size / 1e6:,.0f} MB")
        print(f"opening          {1000 * opening:.0f} ms")
        print(f"vectors          {index.manifest.vectors.describe()}")
        print(f"a question       {_question_ms(index):.1f} ms")
        if encoder.lengths:
            speed = sum(encoder.lengths) / encoder.seconds
            peak = bf16_peak()
            share = minilm_flops(encoder.lengths) / encoder.seconds / peak
            print(f"tokens           {sum(encoder.lengths):,}, {speed:,.0f} a second")
            print(f"bf16 peak        {peak / 1e9:,.0f} GFLOP/s, of which {100 * share:.0f}%")
        index.close()


def _question_ms(index: PassageIndex) -> float:
    questions = [" ".join(passage_input(p).split()[:14]) for p in islice(index.passages(), 0, None, 997)][:50]
    index.search(questions[0])
    started = time.perf_counter()
    for question in questions:
        index.search(question)
    return 1000 * (time.perf_counter() - started) / len(questions)


def _first(acts: Path, number: int, folder: Path) -> Path:
    path = folder / "acts.jsonl.gz"
    with gzip.open(acts, "rt", encoding="utf-8") as lines, gzip.open(path, "wt", encoding="utf-8") as kept:
        kept.writelines(islice(lines, number))
    return path


if __name__ == "__main__":
    main()
