"""What the terminal shows: panels and tables for people, JSON for machines."""

import json
import sys
from collections.abc import Sequence
from datetime import date
from os.path import normpath
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from rag_ft.plain_json import as_plain
from rag_ft.prompts import one_line
from rag_ft.schema import ABSTENTION_REASONS, Answer, Beside, Citation, Hit


def print_answer(answer: Answer, promise: str = "") -> None:
    """Print an answer panel, the table of the sources used, and what stands beside them.

    `promise` says what confidence is answered from. Words of documents are put on one line
    without control characters, so that no document can write to the terminal.
    """
    console = Console()
    title = "No answer" if answer.abstained else "Answer"
    body = Text(_abstention(answer) if answer.abstained else one_line(answer.text))
    console.print(
        Panel(body, title=title, title_align="left", border_style="yellow" if answer.abstained else "green")
    )
    if answer.citations:
        console.print(_sources(answer.citations, "Sources"))
    if answer.abstained and answer.closest:
        # Without an answer the paragraphs' own words are what a person has to go on with.
        console.print(_sources(answer.closest, "Closest paragraphs", with_text=True))
    if answer.beside:
        console.print(_beside(answer.beside))
    for note in answer.notes:
        console.print(Text(f"Note: {one_line(note)}", style="dim"))
    if promise:
        sure = "" if answer.confidence is None else f"Confidence {answer.confidence:.2f}. "
        console.print(Text(sure + promise, style="dim"))


def print_hits(hits: Sequence[Hit]) -> None:
    """Print a table of hits with the score of each stage."""
    if not hits:
        Console().print("0 paragraphs: nothing in the index passes these filters")
        return
    table = Table(title=f"{len(hits)} paragraphs", title_justify="left", expand=True, show_lines=True)
    table.add_column("rank", justify="right", no_wrap=True)
    table.add_column("document", ratio=1, overflow="fold")
    table.add_column("paragraph", max_width=24)
    for hit in hits:
        # The scores stand below the words: beside them, neither could be read in 80 columns.
        passage = hit.passage
        table.add_row(
            str(hit.rank),
            Text.assemble(
                one_line(
                    _document(passage.document.title, passage.document.number, passage.document.version)
                ),
                "\n",
                _shortened(one_line(passage.text)),
                "\n",
                (_scores(hit), "dim"),
            ),
            Text(one_line(passage.label)),
        )
    Console().print(table)


def print_json(value: object) -> None:
    """Print dataclasses as JSON on stdout; dates as ISO 8601."""
    sys.stdout.write(json.dumps(as_plain(value), ensure_ascii=False, indent=2) + "\n")


def _abstention(answer: Answer) -> str:
    reason = ABSTENTION_REASONS.get(answer.reason or "", "no answer")
    lines = [f"{answer.text or 'The documents do not answer this question.'} ({reason})"]
    if answer.absence:
        names = ", ".join(map(one_line, answer.absence.names))
        lines.append(
            f"Searched for {names}: 0 of {answer.absence.paragraphs_searched} paragraphs "
            f"(index {answer.absence.index_generation}) name it."
        )
    return "\n".join(lines)


def _sources(citations: Sequence[Citation], title: str, *, with_text: bool = False) -> Table:
    table = Table(title=title, title_justify="left", expand=True, show_lines=with_text)
    if not with_text:
        table.add_column("mark", no_wrap=True)
    table.add_column("document", ratio=1, overflow="fold")
    table.add_column("paragraph", max_width=24)
    table.add_column("page", no_wrap=True, justify="right")
    for citation in citations:
        # The address stands below the name: beside it, neither could be read in 80 columns.
        document = one_line(_document(citation.title, citation.number, citation.version))
        told = [citation.force] if citation.force else []
        told += [f"fetched {citation.fetched.isoformat()}"] if citation.fetched else []
        table.add_row(
            *[f"[{citation.mark}]"] * (not with_text),
            Text.assemble(
                document,
                "\n",
                (one_line(_address(citation)), "dim"),
                *[("\n" + "; ".join(told), "dim")] * bool(told),
                *["\n" + _shortened(one_line(citation.quote), 400)] * with_text,
            ),
            Text(one_line(citation.paragraph)),
            _pages(citation.pages),
        )
    return table


def _beside(rows: Sequence[Beside]) -> Table:
    table = Table(title="Read beside them", title_justify="left", expand=True)
    table.add_column("mark", no_wrap=True)
    table.add_column("why", no_wrap=True)
    table.add_column("paragraph", max_width=24)
    table.add_column("text", ratio=1)
    for row in rows:
        table.add_row(
            f"[{row.mark}]", row.relation, Text(one_line(row.paragraph)), Text(_shortened(one_line(row.text)))
        )
    return table


def _address(citation: Citation) -> str:
    address = citation.source or citation.document
    if "://" in address:
        return address
    path = Path(normpath(address))
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _document(title: str, number: str | None, version: date | None) -> str:
    named = f"{title} ({number})" if number and number not in title else title
    return f"{named}, {version.isoformat()}" if version else named


def _pages(pages: Sequence[int]) -> str:
    if not pages:
        return ""
    return str(pages[0]) if pages[0] == pages[-1] else f"{pages[0]}–{pages[-1]}"


def _scores(hit: Hit) -> str:
    stages = hit.stages
    named = (
        ("dense", stages.dense),
        ("lexical", stages.lexical),
        ("named", stages.handle),
        ("hop", stages.hop),
        ("rerank", stages.rerank),
    )
    parts = [f"{name} {score:.3f}" for name, score in named if score is not None]
    return f"score {hit.score:.3f}: {', '.join(parts)}"


def _shortened(text: str, characters: int = 240) -> str:
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
