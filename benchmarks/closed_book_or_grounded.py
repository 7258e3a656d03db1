"""One small T5 from fresh weights, trained closed book and grounded, side by side on a CPU.

    python benchmarks/closed_book_or_grounded.py --out runs/fresh --index index/corpus \
        --tokenizer FOLDER --texts data/primer --texts CORPUS/acts [--public FOLDER]
        [--predecessor ROWS.jsonl]

Every step is a command of `ragft`, printed as it is run: examples from two indexes, a base
adapted to the documents' text, one reader trained on the questions alone, as the predecessor's
was, and one trained on the passages; then `ragft eval` over questions that neither saw. What
stands in `--out` already is not made again. `--report FILE.md` writes the figures down, all
from the JSON of the runs. Some two hours on two cores.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.fresh_report import write_report  # noqa: E402

# Some six million parameters, 4.1 of them the vocabulary's.
SHAPE = {"d_model": 128, "d_ff": 384, "heads": 6, "decoder_layers": 2}
ADAPT = {"batch_size": 16, "steps": 1200, "warmup": 0.03, "evaluate_every": 400, "dev_limit": 100}
# Both readers learn for the same number of steps, of the same number of examples.
LEARN = {
    "batch_size": 16,
    "optimizer": "adafactor",
    "learning_rate": 5e-3,
    "schedule": "cosine",
    "warmup": 0.03,
    "dropout": 0.0,
    "evaluate_every": 250,
    "patience": "null",
}
DEV_ROWS = 64
GROUNDED = {"input_tokens": 512, "output_tokens": 128}
SPOT = (
    "What does MAS stand for?",
    "What is the currency of Singapore?",
    "Who regulates banks in Singapore?",
)


def main() -> None:
    """Run what is missing, ask all systems, and write the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True, help="documents to make examples from")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder of the T5 vocabulary")
    parser.add_argument("--texts", type=Path, action="append", required=True, help="what the base reads")
    parser.add_argument("--predecessor", type=Path, help="rows to train a third reader on, closed book")
    parser.add_argument("--public", type=Path, help="public question sets, as `ragft examples` takes them")
    parser.add_argument("--limit", type=int, default=12_000, help="examples to make from --index")
    parser.add_argument("--steps", type=int, default=1200, help="of each reader, 16 examples a step")
    parser.add_argument("--held", type=int, default=100, help="held-back examples to ask")
    parser.add_argument("--report", type=Path, help="write the figures down here, as Markdown")
    given = parser.parse_args()
    out: Path = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    make_examples(out, given)
    make_readers(out, given)
    evaluate(out, given)
    if given.report:
        write_report(out, given.report)


def make_examples(out: Path, given: argparse.Namespace) -> None:
    """Index the primer and make examples from both indexes; a part of the documents is held back."""
    primer, tokenizer = out / "index" / "primer", given.tokenizer.resolve()
    ragft(out, "index", primer, "index", ROOT / "data" / "primer", "--index", primer)
    own = ("examples", "--index", primer, "--tokenizer", tokenizer)
    ragft(out, "primer.jsonl", out / "primer.jsonl", *own)
    held = ("--dev", out / "held.jsonl", "--dev-share", 0.05, "--limit", given.limit)
    public = ("--public", given.public.resolve()) if given.public else ()
    documents = ("examples", "--index", given.index.resolve(), *public, *held, "--tokenizer", tokenizer)
    ragft(out, "train.jsonl", out / "train.jsonl", *documents)
    (out / "all.jsonl").write_bytes((out / "train.jsonl").read_bytes() + (out / "primer.jsonl").read_bytes())
    questions = held_questions(out, given)
    (out / "held-questions.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in questions), encoding="utf-8"
    )
    # The best checkpoint is chosen by other rows than the systems are asked.
    asked = {row["id"] for row in questions}
    held = (out / "held.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    rest = [line for line in held if json.loads(line)["id"] not in asked]
    (out / "dev.jsonl").write_text("".join(rest[-DEV_ROWS:]), encoding="utf-8")


def make_readers(out: Path, given: argparse.Namespace) -> None:
    """Adapt the base, then train each reader from it."""
    texts = [word for path in given.texts for word in ("--texts", path.resolve())]
    shape = {f"fresh.{key}": value for key, value in SHAPE.items()}
    vocabulary = {"tokenizer": given.tokenizer.resolve()}
    ragft(out, "base", out / "base", "train", "fresh-small", *texts, *settings(vocabulary | shape | ADAPT))
    rows = ("--examples", out / "all.jsonl", "--dev", out / "dev.jsonl", "--base", out / "base")
    terms = {**LEARN, "steps": given.steps}
    closed = ("train", "closed-book", *rows, *settings(terms))
    ragft(out, "closed-book", out / "closed-book", *closed)
    if given.predecessor:
        theirs = ("--examples", given.predecessor.resolve(), "--base", out / "base", "--force")
        third = ("train", "closed-book", *theirs, *settings({**terms, "output_tokens": 256}))
        ragft(out, "predecessor", out / "predecessor", *third)
    against = ("--index", out / "index" / "primer", "--questions", ROOT / "data/eval/primer.jsonl")
    grounded = ("train", "full-small", *rows, *against, *settings(terms | GROUNDED))
    ragft(out, "grounded", out / "grounded", *grounded)


def evaluate(out: Path, given: argparse.Namespace) -> None:
    """Ask every system the primer's test questions, and those of the held-back documents."""
    systems = [
        system(out, "closed book", kind="closed-book", reader=out / "closed-book"),
        system(out, "grounded, unverified", reader=out / "grounded", verify=False),
        system(out, "grounded, verified", reader=out / "grounded"),
        system(out, "quotes", reader="quotes"),
    ]
    if given.predecessor:
        theirs = system(out, "closed book, 496 rows", kind="closed-book", reader=out / "predecessor")
        systems.insert(1, theirs)
    for name, questions, index, more in (
        ("primer", ROOT / "data/eval/primer.jsonl", out / "index" / "primer", ("--split", "test")),
        ("held", out / "held-questions.jsonl", given.index.resolve(), ("--no-texts",)),
    ):
        folder = out / "eval" / name
        asked = ("eval", questions, *systems, "--index", index, *more, "--out", folder)
        ragft(out, f"eval-{name}", folder / "results.json", *asked, into=False)
    for reader in ("closed-book", "grounded"):
        said = out / f"spot-{reader}.json"
        if not said.is_file():
            said.write_text(json.dumps(spot_answers(out, reader), indent=1), encoding="utf-8")


def spot_answers(out: Path, reader: str) -> list[dict[str, Any]]:
    """Ask the questions that the predecessor was shown to fail on."""
    answers = []
    for question in SPOT:
        if reader == "grounded":
            command = ("ask", question, "--reader", out / reader, "--index", out / "index/primer", "--json")
            done = subprocess.run(
                words(command), cwd=out, env=environment(), capture_output=True, text=True, check=True
            )
            answers.append(json.loads(done.stdout))
        else:
            from rag_ft.reader import load_reader

            [best] = load_reader(out / reader).complete(question, 1)
            answers.append({"question": question, "text": best.text})
    return answers


def held_questions(out: Path, given: argparse.Namespace) -> list[dict[str, Any]]:
    """Turn held-back examples into questions over the whole index.

    An abstention is kept only where the question's premise is false: of the others the gold
    was left out of the passages, and the index does hold the answer. A row with its
    institutions swapped asks about what no document says.
    """
    from rag_ft.prompts import passage_line, strip_marks
    from rag_ft.retrieval.passage_index import PassageIndex

    index = PassageIndex.load(given.index)
    rows: list[dict[str, Any]] = []
    for line in (out / "held.jsonl").read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        # Public sets are asked over passages of their own.
        if example["source"].startswith("qa/"):
            continue
        if example["abstain"] and not example["family"].startswith("premise."):
            continue
        shown = [(index.passage(each["id"]), each) for each in example["passages"]]
        if any(passage_line(passage) != each["text"] for passage, each in shown):
            continue
        gold = [passage for passage, each in shown if each["gold"]]
        rows.append(
            {
                "id": example["id"],
                "question": example["question"],
                "answer": None if example["abstain"] else strip_marks(example["target"]),
                "answerable": not example["abstain"],
                "gold": [{"document": each.document.id, "paragraph": each.label} for each in gold],
                "style": example["family"],
            }
        )
    return rows[: given.held]


def system(out: Path, name: str, **values: object) -> Path:
    """Write a system for `ragft eval`."""
    path = out / "systems" / f"{name.replace(' ', '-').replace(',', '')}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"name": name, **values}, default=str), encoding="utf-8")
    return path


def settings(values: dict[str, Any]) -> list[str]:
    """Return values as `--set` flags."""
    return [word for key, value in values.items() for word in ("--set", f"{key}={value}")]


def ragft(out: Path, name: str, makes: Path, *command: object, into: bool = True) -> None:
    """Run a command of `ragft` unless what it makes is there; its words go to `NAME.log`.

    A run that was cut off is gone on with.
    """
    sign = {"train": makes / "ragft.json", "index": makes / "CURRENT"}.get(str(command[0]), makes)
    if sign.exists():
        return
    more: list[object] = []
    if command[0] in ("train", "examples"):
        more += ["--offline"]
    if into and command[0] != "index":
        more += ["-o", makes]
    if command[0] == "train" and (makes / "run").is_dir():
        more += ["--resume"]
    line = words((*command, *more))
    print(shlex.join(["ragft", *line[3:]]), flush=True)
    started = time.perf_counter()
    with (out / f"{name}.log").open("a", encoding="utf-8") as log:
        subprocess.run(line, cwd=out, env=environment(), check=True, stdout=log, stderr=subprocess.STDOUT)
    print(f"  {time.perf_counter() - started:,.0f} s", flush=True)


def words(command: tuple[object, ...]) -> list[str]:
    """Return the command line."""
    return [sys.executable, "-m", "rag_ft.cli", *map(str, command)]


def environment() -> dict[str, str]:
    """Run this checkout's package, whatever is installed."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    main()
