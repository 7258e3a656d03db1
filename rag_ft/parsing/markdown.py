"""Markdown with YAML front matter."""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag_ft.parsing.blocks import Block, Source
from rag_ft.parsing.front_matter import split_front_matter
from rag_ft.parsing.labels import read_label


def read_markdown(text: str, name: str) -> Source:
    """Read Markdown; its front matter says what the document is.

    Raises:
        DocumentError: the front matter is no YAML mapping.
    """
    declared, text = split_front_matter(text, name)
    blocks = tuple(_Reader().read(MarkdownIt("commonmark").enable("table").parse(text)))
    title = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), None)
    return Source(blocks, title=title, declared=tuple(declared.items()))


class _Reader:
    """Turns a flat list of tokens into blocks; `level` is that of the open heading, 0 outside."""

    def __init__(self) -> None:
        self.level = 0
        self.rows: list[list[str]] = []
        self.in_table = False
        self.markers: list[str] = []
        self.counts: list[int] = []

    def read(self, tokens: list[Token]) -> Iterator[Block]:
        """Give headings, paragraphs and tables in order."""
        for token in tokens:
            self._enter(token)
            if token.type == "table_close":
                yield Block("\n".join("\t".join(row) for row in self.rows), "table")
                self.in_table = False
            elif token.type == "inline":
                yield from self._inline(token)
            elif token.type in ("fence", "code_block"):
                yield from _paragraphs(token.content)

    def _enter(self, token: Token) -> None:
        if token.type == "heading_open":
            self.level = int(token.tag[1:])
        elif token.type == "heading_close":
            self.level = 0
        elif token.type == "table_open":
            self.in_table, self.rows = True, []
        elif token.type == "tr_open":
            self.rows.append([])
        elif token.type == "ordered_list_open":
            self.counts.append(int(token.attrGet("start") or 1))
        elif token.type == "ordered_list_close":
            self.counts.pop()
        elif token.type == "list_item_open" and token.info:
            # An ordered item's number is markup to Markdown, but a label to a lawyer.
            self.markers.append(f"{token.info}{token.markup}")

    def _inline(self, token: Token) -> Iterator[Block]:
        words = _words(token)
        if self.in_table:
            self.rows[-1].append(" ".join(words.split()))
        elif self.level:
            yield Block(" ".join(words.split()), "heading", level=self.level)
        else:
            marker, self.markers = " ".join(self.markers), []
            yield from _paragraphs(f"{marker} {words}".strip())


def _words(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join(parts)


def _paragraphs(text: str) -> Iterator[Block]:
    """Join the lines of a paragraph; a line that begins with a label begins another one."""
    gathered: list[str] = []
    for line in text.splitlines():
        if gathered and (label := read_label(line.strip())) and label.form != "bullet":
            yield Block(" ".join(gathered))
            gathered = []
        if line.strip():
            gathered.append(" ".join(line.split()))
    if gathered:
        yield Block(" ".join(gathered))
