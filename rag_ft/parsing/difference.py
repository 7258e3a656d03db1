"""What changed between two documents, paragraph by paragraph and word by word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

from rag_ft.errors import DocumentError, PathNotFoundError
from rag_ft.parsing.anatomy import ANNOTATION
from rag_ft.parsing.reading import read_document
from rag_ft.schema import Document

ChangeKind = Literal["changed", "added", "removed", "renumbered"]
WordsKind = Literal["same", "inserted", "deleted"]


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words that both texts have, or only the later or the earlier one."""

    kind: WordsKind
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A paragraph that differs; `earlier_label` is what a renumbered one was called."""

    kind: ChangeKind
    label: str
    words: tuple[Words, ...]
    earlier_label: str | None = None


def compare_files(earlier: Path, later: Path | None = None) -> tuple[ParagraphChange, ...]:
    """Compare two files, or list the amendments that one marked-up file shows.

    Raises:
        PathNotFoundError: a file does not exist.
        DocumentError: a file cannot be read, or one alone shows no amendments.
    """
    for path in filter(None, (earlier, later)):
        if not path.is_file():
            raise PathNotFoundError(f"there is no file {path}: check the path")
    document = read_document(earlier, earlier.name)
    if later is not None:
        return compare(document, read_document(later, later.name))
    if not document.amendments:
        raise DocumentError(f"{earlier.name}: it shows no amendments: name a second file to compare it with")
    return tracked_changes(document)


def compare(earlier: Document, later: Document) -> tuple[ParagraphChange, ...]:
    """List the paragraphs that differ, in the order of the later document, then what was removed.

    A paragraph that kept its words and got another label is renumbered; the others are
    matched by label.
    """
    before, after = _texts(earlier), _texts(later)
    old = {label: text for label, text in before.items() if after.get(label) != text}
    homes = {text: label for label, text in old.items()}
    moved = {
        label: homes[text] for label, text in after.items() if before.get(label) != text and text in homes
    }
    for label in moved.values():
        old.pop(label, None)
    changes: list[ParagraphChange] = []
    for label, text in after.items():
        if before.get(label) == text:
            continue
        if label in moved:
            changes.append(ParagraphChange("renumbered", label, (Words("same", text),), moved[label]))
        elif label in old:
            changes.append(ParagraphChange("changed", label, tuple(_words(old.pop(label), text))))
        else:
            changes.append(ParagraphChange("added", label, (Words("inserted", text),)))
    changes += [ParagraphChange("removed", label, (Words("deleted", text),)) for label, text in old.items()]
    return tuple(changes)


def tracked_changes(document: Document) -> tuple[ParagraphChange, ...]:
    """List the amendments that a marked-up document shows, by paragraph, without the tags that name them."""
    gathered: dict[str, list[Words]] = {}
    for amendment in document.amendments:
        if ANNOTATION.fullmatch(amendment.text):
            continue
        label = amendment.paragraph or f"page {amendment.page}"
        gathered.setdefault(label, []).append(Words(amendment.kind, amendment.text))
    return tuple(ParagraphChange("changed", label, tuple(words)) for label, words in gathered.items())


def _texts(document: Document) -> dict[str, str]:
    """Return each label's own words on one line; paragraphs that share a label are joined."""
    texts: dict[str, str] = {}
    for paragraph in document.paragraphs:
        words = " ".join(" ".join(document.text[span.start : span.end].split()) for span in paragraph.spans)
        if words:
            texts[paragraph.label] = (
                f"{texts[paragraph.label]} {words}" if paragraph.label in texts else words
            )
    return texts


def _words(old: str, new: str) -> Iterator[Words]:
    before, after = old.split(), new.split()
    for operation, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if operation == "equal":
            yield Words("same", " ".join(before[a:b]))
            continue
        yield from _run("deleted", before[a:b])
        yield from _run("inserted", after[c:d])


def _run(kind: WordsKind, words: Sequence[str]) -> Iterator[Words]:
    if words:
        yield Words(kind, " ".join(words))
