"""Make what the experiments carry: texts, examples of every variant, questions with frozen passages.

    python benchmarks/experiments/prepare.py --out runs/experiments-data --primer-index index/primer
        --corpus-index index/corpus --public-index index/public
    python benchmarks/experiments/prepare.py --out runs/toy-data --primer-index index/primer --toy

Runs where the documents and their indexes are, with the whole of ragft; what comes out needs no faiss,
no encoder and no network. `--shared` is the folder with corpus/, qa/, predecessor/ and t5-tokenizer/;
`--public-domain` adds running text. Without `--public-index` no public set is used. manifest.json says
what was made of what, and on what terms each set may be passed on.
"""

import argparse
import gzip
import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.experiments.frozen import FrozenQuestion, write_questions  # noqa: E402
from benchmarks.experiments.plan import LICENCES  # noqa: E402
from rag_ft.example_rows import example_line, load_examples  # noqa: E402
from rag_ft.examples import ExampleMaker, Grounding  # noqa: E402
from rag_ft.examples.public_index import PublicIndex, index_public_sets  # noqa: E402
from rag_ft.examples.public_sets import public_files, read_public_set  # noqa: E402
from rag_ft.examples.structure import draw  # noqa: E402
from rag_ft.examples.tokens import token_counter  # noqa: E402
from rag_ft.network import go_offline  # noqa: E402
from rag_ft.question_rows import load_questions  # noqa: E402
from rag_ft.retrieval.passage_index import PassageIndex  # noqa: E402
from rag_ft.schema import Example  # noqa: E402
from rag_ft.training.texts import load_texts  # noqa: E402

SEED = 0
PASSAGES = 5
# One row in ten is kept, and ten times: as many rows, a tenth of the questions.
REPEATS = 10
FOUR = Grounding(fewest_distractors=4, most_distractors=4)
TWO = Grounding(fewest_distractors=2, most_distractors=2)


@dataclass(frozen=True)
class Amounts:
    """How much is made; `questions` of each file, None for all."""

    examples: int
    held: int
    public: int
    questions: int | None


REAL = Amounts(examples=3000, held=150, public=150, questions=None)
TOY = Amounts(examples=40, held=6, public=0, questions=6)


def main() -> None:
    """Make everything, one file after another."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--primer-index", type=Path, required=True)
    parser.add_argument(
        "--corpus-index", type=Path, help="index of the MAS documents; else the primer's serves"
    )
    parser.add_argument("--public-index", type=Path, help="folder for the index of the public sets")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument(
        "--public-domain", type=Path, nargs="*", default=[], help="running English text in the public domain"
    )
    parser.add_argument("--toy", action="store_true", help="a handful of each, of the primer alone")
    options = parser.parse_args()
    go_offline()
    Preparation(options, TOY if options.toy else REAL).make()


class Preparation:
    """Makes the files in OUT and their manifest."""

    def __init__(self, options: argparse.Namespace, amounts: Amounts) -> None:
        self._options, self._amounts = options, amounts
        self._out: Path = options.out
        self._shared: Path = options.shared
        self._files: dict[str, dict[str, Any]] = {}
        self._count = token_counter(self._shared / "t5-tokenizer")

    def make(self) -> None:
        """Write every file, then the manifest."""
        self._out.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self._shared / "t5-tokenizer", self._out / "tokenizer", dirs_exist_ok=True)
        self._questions()
        self._texts()
        self._examples()
        manifest = {
            "toy": self._options.toy,
            "files": self._files,
            "licences": {
                name: {"terms": terms.terms, "redistributable": terms.redistributable}
                for name, terms in LICENCES.items()
            },
        }
        (self._out / "manifest.json").write_text(json.dumps(manifest, indent=1))

    def _questions(self) -> None:
        frozen: list[FrozenQuestion] = []
        counts: dict[str, int] = {}
        sources = {"primer": self._options.primer_index, "corpus": self._options.corpus_index}
        for name, folder in sources.items():
            if folder is None:
                continue
            index = PassageIndex.load(folder, offline=True)
            rows = [q for q in load_questions(ROOT / "data" / "eval" / f"{name}.jsonl") if q.split == "test"]
            rows = rows[: self._amounts.questions]
            counts[name] = len(rows)
            for row in rows:
                hits = index.search(row.question, k=PASSAGES, as_of=row.as_of)
                question = replace(row, id=f"{name}/{row.id}")
                frozen.append(FrozenQuestion(question, tuple(hit.passage for hit in hits)))
            index.close()
        write_questions(self._out / "questions.json.gz", frozen)
        self._note("questions.json.gz", len(frozen), counts)

    def _texts(self) -> None:
        counts: dict[str, int] = {}
        characters = 0
        seen: set[bytes] = set()

        def lines() -> Iterator[str]:
            nonlocal characters
            for name, text in self._all_texts():
                digest = sha256(text.encode()).digest()
                if digest in seen:  # three files of ObliQA share one rulebook
                    continue
                seen.add(digest)
                counts[name] = counts.get(name, 0) + 1
                characters += len(text)
                yield json.dumps({"set": name, "text": text}, ensure_ascii=False)

        rows = self._write("texts.jsonl.gz", lines())
        self._note("texts.jsonl.gz", rows, counts, characters=characters)

    def _all_texts(self) -> Iterator[tuple[str, str]]:
        for text in load_texts([ROOT / "data" / "primer"]):
            yield "primer", text
        if self._options.toy:
            return
        corpus = self._shared / "corpus"
        for text in load_texts([corpus / "acts-all.jsonl.gz"]):
            yield "acts", text
        for text in load_texts([corpus / "pdf", corpus / "text", corpus / "html"]):
            yield "mas", text
        for file in public_files([self._shared / "qa"]):
            public = read_public_set(file, 1_000_000)
            for document in public.documents:
                yield public.name, document.text
        for text in load_texts(self._options.public_domain):
            yield "public-domain", text

    def _examples(self) -> None:
        amounts, public = self._amounts, self._public(only_redistributable=False)
        corpus = PassageIndex.load(self._options.corpus_index or self._options.primer_index, offline=True)
        main, held = self._made(corpus, FOUR, 0.5, public)
        # Of the documents held out, a half judges while training goes on and a half afterwards.
        dev = [row for row in held if draw(SEED, row.source, "dev") % 2]
        kept = [row for row in held if not draw(SEED, row.source, "dev") % 2][: amounts.held]
        self._save("main", main)
        self._save("dev", dev[: amounts.held])
        self._save("held", kept)
        few = main[: -(-len(main) // REPEATS)]
        self._save("repeated", (few * REPEATS)[: len(main)])
        self._save("no-swap", self._made(corpus, FOUR, 0.0, public)[0])
        self._save("two-distractors", self._made(corpus, TWO, 0.5, public)[0])
        corpus.close()
        primer = PassageIndex.load(self._options.primer_index, offline=True)
        public = self._public(only_redistributable=True)
        self._save("redistributable", self._made(primer, FOUR, 0.5, public)[0])
        primer.close()
        predecessor = load_examples(self._shared / "predecessor" / "large_financial_qa_dataset.jsonl")
        self._save("predecessor", [replace(row, source="predecessor") for row in predecessor])

    def _public(self, *, only_redistributable: bool) -> PublicIndex | None:
        if self._options.public_index is None or not self._amounts.public:
            return None
        files = [
            file
            for file in public_files([self._shared / "qa"])
            if LICENCES[file.name.split(".")[0]].redistributable or not only_redistributable
        ]
        folder = self._options.public_index / ("redistributable" if only_redistributable else "all")
        return index_public_sets(files, folder, self._amounts.public, offline=True)

    def _made(
        self, index: PassageIndex, grounding: Grounding, swapped: float, public: PublicIndex | None
    ) -> tuple[list[Example], list[Example]]:
        """Make rows, and those of the documents that are held out."""
        maker = ExampleMaker(
            index,
            seed=SEED,
            public=public,
            limit=self._amounts.examples,
            grounding=grounding,
            swapped=swapped,
            dev_share=0.15,
            count_tokens=self._count,
        )
        made = list(maker.examples())
        return [row for row in made if not maker.is_dev(row)], [row for row in made if maker.is_dev(row)]

    def _save(self, name: str, rows: list[Example]) -> None:
        counts: dict[str, int] = {}
        for row in rows:
            counts[set_of(row)] = counts.get(set_of(row), 0) + 1
        file = f"examples-{name}.jsonl.gz"
        self._write(file, map(example_line, rows))
        self._note(file, len(rows), counts)

    def _write(self, file: str, lines: Iterable[str]) -> int:
        count = 0
        # No time and no name in the header: the same rows are the same bytes.
        with (
            (self._out / file).open("wb") as raw,
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out,
        ):
            for line in lines:
                out.write(line.encode() + b"\n")
                count += 1
        return count

    def _note(self, file: str, rows: int, sets: dict[str, int], **more: int) -> None:
        content = (self._out / file).read_bytes()
        self._files[file] = {
            "rows": rows,
            "sets": sets,
            "bytes": len(content),
            "sha256": sha256(content).hexdigest(),
            **more,
        }
        print(f"{file}: {rows} rows, {len(content) / 2**20:.1f} MiB", flush=True)


def set_of(row: Example) -> str:
    """Name the set that an example was made of."""
    if row.family.startswith("public."):
        return row.family.removeprefix("public.")
    if row.source == "predecessor":
        return "predecessor"
    # Documents are named by the folder that they were indexed from.
    folder = row.source.partition("/")[0]
    return folder if folder in ("primer", "acts") else "mas"


if __name__ == "__main__":
    main()
