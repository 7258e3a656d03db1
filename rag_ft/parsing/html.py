"""HTML pages: headings, paragraphs, list items and tables in reading order."""

import re
from collections.abc import Iterator

from lxml import etree, html

from rag_ft.errors import DocumentError
from rag_ft.parsing.blocks import Block, Source

_DROPPED = {
    "script",
    "style",
    "noscript",
    "nav",
    "header",
    "footer",
    "svg",
    "form",
    "button",
    "template",
    "iframe",
}
_BLOCK = {
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "section",
    "article",
    "main",
    "body",
    "html",
    "dd",
    "dt",
    "dl",
    "blockquote",
    "td",
    "th",
    "tr",
    "table",
    "tbody",
    "thead",
    "br",
    "pre",
}


def read_html(text: str, name: str) -> Source:
    """Read an HTML page.

    Raises:
        DocumentError: the text is no HTML.
    """
    try:
        root = html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text))
    except (etree.ParserError, ValueError) as error:
        raise DocumentError(f"{name}: cannot be read as HTML ({error}): save the page again") from None
    title = root.findtext(".//title")
    blocks = tuple(_walk(root))
    return Source(blocks, title=" ".join(title.split()) if title else None)


def _walk(root: html.HtmlElement) -> Iterator[Block]:
    gathered: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    level = 0
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event in ("comment", "pi"):
            gathered.append(element.tail or "")
            continue
        if event == "start":
            if tag in _DROPPED or tag == "head":
                walker.skip_subtree()
                continue
            heading = re.fullmatch(r"h([1-6])", tag)
            if heading or tag in _BLOCK:
                yield from _flush(gathered, level)
                level = int(heading[1]) if heading else level
            gathered.append(element.text or "")
        else:
            heading = re.fullmatch(r"h([1-6])", tag)
            if heading or tag in _BLOCK:
                yield from _flush(gathered, level if heading else 0)
                if heading:
                    level = 0
            gathered.append(element.tail or "")
    yield from _flush(gathered, 0)


def _flush(gathered: list[str], level: int) -> Iterator[Block]:
    text = " ".join("".join(gathered).split())
    gathered.clear()
    if text:
        yield Block(text, "heading" if level else "body", level=level)
