"""ObliQA (Gokhan et al. 2024, arXiv 2409.05677): questions over the passages of forty rulebooks.

Questions are the authors' JSON (`QuestionID, Question, Passages`) or JSON lines with `q` and
`passages: [{id, gold}]`, where an id is "document|passage". The corpus is the authors' folder
of `StructuredRegulatoryDocuments` or JSON lines of `{doc, pid, text}`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.evaluation.benchmark import Benchmark, corpus_document
from rag_ft.evaluation.layouts.reading import missing_key, read_json, read_json_lines
from rag_ft.schema import Gold, Question


def load_obliqa(questions: Path, corpus: Path) -> Benchmark:
    """Load the questions, and each rulebook as a document of its passages.

    Raises:
        PathNotFoundError: a file is not there.
        DataFormatError: a file is not in ObliQA's layout.
    """
    rows = tuple(_questions(questions))
    books: dict[str, list[tuple[str, str]]] = {}
    for document, label, text in _passages(corpus):
        books.setdefault(document, []).append((label, text))
    if not rows or not books:
        raise DataFormatError(f"{questions if not rows else corpus}: holds nothing to ask or to search")
    # The rulebooks' titles are not in the files, and a number is no word to search by.
    documents = tuple(corpus_document(book, "", passages) for book, passages in books.items())
    return Benchmark("obliqa", rows, documents)


def _questions(path: Path) -> Iterator[Question]:
    if _is_json(path):
        for number, row in enumerate(read_json(path), start=1):
            try:
                gold = tuple(
                    Gold(_book(each["DocumentID"]), str(each["PassageID"])) for each in row["Passages"]
                )
                yield Question(
                    row["Question"], id=str(row["QuestionID"]), answerable=True, gold=_each_once(gold)
                )
            except (KeyError, TypeError) as error:
                raise missing_key(path, f"question {number}", error, "ObliQA") from None
        return
    for line, row in read_json_lines(path):
        try:
            gold = tuple(_place(each["id"]) for each in row["passages"] if each["gold"])
            answerable = bool(row.get("answerable", True))
            yield Question(row["q"], id=str(row["id"]), answerable=answerable, gold=_each_once(gold))
        except (KeyError, TypeError, ValueError) as error:
            raise missing_key(path, f"line {line}", error, "ObliQA") from None


def _passages(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield book, label and text of every passage, in the files' order."""
    rows: Iterator[Mapping[str, Any]]
    if path.is_dir():
        files = sorted(path.glob("*.json"), key=lambda file: (len(file.stem), file.stem))
        if not files:
            raise PathNotFoundError(
                f"{path}: no *.json here; ObliQA's are StructuredRegulatoryDocuments/*.json"
            )
        rows = (row for file in files for row in read_json(file))
        keys = ("DocumentID", "PassageID", "Passage")
    elif _is_json(path):
        rows = iter(read_json(path))
        keys = ("DocumentID", "PassageID", "Passage")
    else:
        rows = (row for _, row in read_json_lines(path))
        keys = ("doc", "pid", "text")
    for number, row in enumerate(rows, start=1):
        try:
            document, label, text = (row[key] for key in keys)
        except (KeyError, TypeError) as error:
            raise missing_key(path, f"passage {number}", error, "ObliQA") from None
        yield _book(document), str(label), str(text)


def _place(identity: str) -> Gold:
    document, label = identity.split("|", 1)
    return Gold(_book(document), label)


def _book(number: object) -> str:
    return f"obliqa/{number}"


def _each_once(gold: tuple[Gold, ...]) -> tuple[Gold, ...]:
    return tuple(dict.fromkeys(gold))


def _is_json(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith(".json")
