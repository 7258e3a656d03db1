"""Markdown with YAML front matter."""

import re
from collections.abc import Iterator

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag_ft.errors import DocumentError
from rag_ft.parsing.blocks import Block, Source
from rag_ft.parsing.labels import read_label

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*$\r?\n?", re.DOTALL | re.MULTILINE)


def read_markdown(text: str, name: str) -> Source:
    """Read Markdown; its front matter says what the document is.

    Raises:
        DocumentError: the front matter is no YAML mapping.
    """
    declared: dict[str, object] = {}
    if match := _FRONT.match(text):
        declared = _mapping(match[1], name)
        text = text[match.end() :]
    blocks = tuple(_blocks(MarkdownIt("commonmark").enable("table").parse(text)))
    title = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), None)
    return Source(blocks, title=title, declared=tuple(declared.items()))


def _mapping(front: str, name: str) -> dict[str, object]:
    try:
        values = yaml.safe_load(front)
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise DocumentError(
            f"{name}: its front matter is no YAML ({reason}): mend the lines between ---"
        ) from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise DocumentError(
            f"{name}: its front matter is no list of key: value lines: mend the lines between ---"
        )
    return {str(key): value for key, value in values.items()}


def _blocks(tokens: list[Token]) -> Iterator[Block]:  # noqa: C901
    heading = 0
    row: list[str] = []
    rows: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "heading_close":
            heading = 0
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            rows.append(" | ".join(row))
        elif token.type == "table_open":
            rows = []
        elif token.type == "table_close":
            yield Block("\n".join(rows), "table")
            rows = []
        elif token.type == "inline":
            if token.level and tokens and _in_table(token, tokens):
                row.append(_words(token))
            elif heading:
                yield Block(" ".join(_words(token).split()), "heading", level=heading)
            else:
                yield from _paragraphs(_words(token))
        elif token.type in ("fence", "code_block"):
            yield from _paragraphs(token.content)


def _in_table(token: Token, tokens: list[Token]) -> bool:
    position = tokens.index(token)
    return tokens[position - 1].type in ("td_open", "th_open")


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
