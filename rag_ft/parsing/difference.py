"""What changed between two documents, paragraph by paragraph and word by word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

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


def compare(earlier: Document, later: Document) -> tuple[ParagraphChange, ...]:
    """List the paragraphs that differ, in the order of the later document, then what was removed.

    Paragraphs are matched by label; one that only moved to another label is renumbered.
    """
    before, after = _texts(earlier), _texts(later)
    lost = {text: label for label, text in before.items() if label not in after and text}
    changes: list[ParagraphChange] = []
    moved: set[str] = set()
    for label, text in after.items():
        old = before.get(label)
        if old == text:
            continue
        if text in lost:
            moved.add(lost[text])
            changes.append(ParagraphChange("renumbered", label, (Words("same", text),), lost[text]))
        elif old is None:
            changes.append(ParagraphChange("added", label, (Words("inserted", text),)))
        else:
            changes.append(ParagraphChange("changed", label, tuple(_words(old, text))))
    for label, text in before.items():
        if label not in after and label not in moved:
            changes.append(ParagraphChange("removed", label, (Words("deleted", text),)))
    return tuple(changes)


def tracked_changes(document: Document) -> tuple[ParagraphChange, ...]:
    """List the amendments that a marked-up document shows, by paragraph."""
    gathered: dict[str, list[Words]] = {}
    for amendment in document.amendments:
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
