"""Rows a second of `ragft examples`, stage by stage: `python benchmarks/examples.py INDEX [--limit 500]`.

Drafting reads every passage once, whatever the limit; grounding is a search and a
verification a row.
"""

import argparse
import time
from collections.abc import Iterator

from rag_ft.examples import ExampleMaker
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import Example


def main() -> None:
    """Time drafting and grounding over one index."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("index", help="folder of an index")
    arguments.add_argument("--limit", type=int, default=500, help="rows to make")
    given = arguments.parse_args()
    index = PassageIndex.load(given.index)
    # The encoder is loaded at the first search; that is not what is timed.
    index.search("Who regulates banks?")
    maker = ExampleMaker(index, limit=given.limit)
    began = time.perf_counter()
    drafted: list[tuple[float, int]] = []
    rows = sum(1 for _ in _timed(maker, drafted))
    ended = time.perf_counter()
    first, drafts = drafted[0]
    print(f"{len(index):,} passages, {drafts:,} drafts in {first - began:.1f} s")
    print(f"{rows:,} rows grounded in {ended - first:.1f} s: {rows / (ended - first):.1f} rows a second")


def _timed(maker: ExampleMaker, drafted: list[tuple[float, int]]) -> Iterator[Example]:
    def note(_: int, drafts: int) -> None:
        if not drafted:
            drafted.append((time.perf_counter(), drafts))

    return maker.examples(note)


if __name__ == "__main__":
    main()
