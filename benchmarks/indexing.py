"""Building an index: ragft beside a LangChain FAISS pipeline, same files, same encoder, one run.

    python benchmarks/indexing.py ../shared/corpus/pdf ../shared/corpus/acts ../shared/corpus/text

Each system runs in a process of its own, builds, builds again without a change, and says
how long it took and how much memory it had at most. LangChain is used as its tutorials do:
loaders by file type, chunks of 1,000 characters overlapping by 200, HuggingFaceEmbeddings,
FAISS. It needs `pip install langchain-community langchain-huggingface pypdf`; it is no part
of ragft. `--systems ragft,ragft-torch,langchain` also shows ragft without OpenVINO.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SYSTEMS = ("ragft", "ragft-torch", "langchain")


def main() -> None:
    """Run every system, print a table and the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--systems", default="ragft,langchain")
    parser.add_argument("--worker", choices=SYSTEMS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        print(json.dumps(_measured(given.worker, given.paths)))
        return
    results = {}
    for system in given.systems.split(","):
        command = [sys.executable, __file__, "--worker", system, *map(str, given.paths)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{system} failed:\n{done.stderr[-2000:]}")
        results[system] = json.loads(done.stdout.splitlines()[-1])
    print("| system | passages | first build s | CPU s | again s | peak MB |\n|---|---|---|---|---|---|")
    for system, row in results.items():
        print(
            f"| {system} ({row['engine']}) | {row['passages']:,} | {row['first']:.1f} | {row['cpu']:.1f} "
            f"| {row['again']:.2f} | {row['peak']:,.0f} |"
        )
    ours = results["ragft"]
    print(f"\nragft again: {100 * ours['again'] / ours['first']:.2f}% of its first build")
    if peer := results.get("langchain"):
        ratios = {name: peer[name] / ours[name] for name in ("first", "cpu", "again", "peak")}
        print("LangChain over ragft: " + ", ".join(f"{name} {value:.2f}x" for name, value in ratios.items()))


def _measured(system: str, paths: list[Path]) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        build = _langchain if system == "langchain" else _ragft
        started = time.perf_counter()
        passages, engine = build(paths, Path(folder) / "index", system)
        first = time.perf_counter() - started
        usage = resource.getrusage(resource.RUSAGE_SELF)
        started = time.perf_counter()
        build(paths, Path(folder) / "index", system)
        again = time.perf_counter() - started
    return {
        "passages": passages,
        "engine": engine,
        "first": first,
        "cpu": usage.ru_utime + usage.ru_stime,
        "again": again,
        "peak": usage.ru_maxrss / 1024,
    }


def _ragft(paths: list[Path], index: Path, system: str) -> tuple[int, str]:
    from rag_ft.indexing import update_index
    from rag_ft.retrieval.encoder import load_encoder
    from rag_ft.retrieval.store import IndexFolder

    known = IndexFolder(index).exists()
    encoder = load_encoder(offline=True, backend="torch") if system == "ragft-torch" and not known else None
    report = update_index(paths, index, encoder, offline=True)
    return report.passages, IndexFolder(index).open_current().manifest.backend


def _langchain(paths: list[Path], index: Path, _: str) -> tuple[int, str]:
    from langchain_community.document_loaders import PyPDFLoader, TextLoader
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from rag_ft.retrieval.encoder import DEFAULT_ENCODER
    from rag_ft.retrieval.model_folder import find_model_folder

    files = [file for path in paths for file in sorted(path.rglob("*") if path.is_dir() else [path])]
    documents = []
    for file in files:
        if file.suffix == ".pdf":
            documents += PyPDFLoader(str(file)).load()
        elif file.suffix == ".txt":
            documents += TextLoader(str(file), encoding="utf-8").load()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = splitter.split_documents(documents)
    folder = find_model_folder(DEFAULT_ENCODER, offline=True).path
    embeddings = HuggingFaceEmbeddings(model_name=str(folder), encode_kwargs={"normalize_embeddings": True})
    FAISS.from_documents(chunks, embeddings).save_local(str(index))
    return len(chunks), "torch float32"


if __name__ == "__main__":
    main()
