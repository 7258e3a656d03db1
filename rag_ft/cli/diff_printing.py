"""Changes on the terminal: a paragraph a block, words put in and struck out marked."""

import dataclasses
import json
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from rag_ft.parsing.difference import ParagraphChange, WordsKind

# Marks as well as colours, so that a pipe and a colour-blind reader see them too.
_STYLES: dict[WordsKind, tuple[str, str, str]] = {
    "same": ("", "", ""),
    "inserted": ("[+", "+]", "green underline"),
    "deleted": ("[-", "-]", "red strike"),
}
_CONTEXT = 12


def print_changes(changes: Sequence[ParagraphChange], as_json: bool) -> None:
    """Print changes, and how many paragraphs they touch."""
    if as_json:
        sys.stdout.write(json.dumps([dataclasses.asdict(change) for change in changes], ensure_ascii=False))
        sys.stdout.write("\n")
        return
    console = Console(soft_wrap=True, highlight=False)
    for change in changes:
        console.print(_headline(change))
        if change.kind != "renumbered":
            console.print(_body(change), end="\n\n")
    noun = "paragraph" if len(changes) == 1 else "paragraphs"
    console.print(Text(f"{len(changes)} {noun} changed" if changes else "No paragraph changed", style="bold"))


def _headline(change: ParagraphChange) -> Text:
    was = f" (was {change.earlier_label})" if change.earlier_label else ""
    return Text(f"{change.label}: {change.kind}{was}", style="bold")


def _body(change: ParagraphChange) -> Text:
    text = Text()
    for at, words in enumerate(change.words):
        opening, closing, style = _STYLES[words.kind]
        shown = words.text if words.kind != "same" else _shortened(words.text, at, len(change.words))
        text.append(f"{opening}{shown}{closing}", style=style)
        text.append(" ")
    return text


def _shortened(text: str, at: int, count: int) -> str:
    """Keep the words next to a change; those further off are dots."""
    words = text.split()
    if len(words) <= 2 * _CONTEXT or count == 1:
        return text
    before = [] if at == 0 else words[:_CONTEXT]
    after = [] if at == count - 1 else words[-_CONTEXT:]
    return " ".join([*before, "…", *after])
