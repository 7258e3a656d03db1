"""HTML: pages of mas.gov.sg and Singapore Statutes Online, in reading order."""

import re
from collections.abc import Iterator

from lxml import etree, html

from rag_ft.errors import DocumentError
from rag_ft.parsing.blocks import Block, Source
from rag_ft.parsing.labels import read_label
from rag_ft.parsing.statutes import tidy_fences

_DROPPED = frozenset(
    "head script style noscript nav header footer aside svg form button select template iframe dialog".split()
)
_BLOCKS = frozenset(
    "p div li ul ol section article main body html dd dt dl blockquote td th tr table tbody thead br hr pre"
    " figure figcaption caption center".split()
)
# The classes of Singapore Statutes Online: the depth of each heading.
_STATUTE_HEADINGS = {
    "partNo": 1,
    "partHdr": 2,
    "divNo": 3,
    "divHdr": 3,
    "subDivHdr": 4,
    "prov1Hdr": 5,
    "sHdr": 1,
    "LHHdrNoBold": 1,
}
# Where a page keeps what it is about, apart from menus.
_MAIN = (".//main", ".//*[@role='main']", ".//*[@id='main-content']", ".//*[@id='content']")
_SCANT_WORDS = 60
_MOSTLY = 0.8


def read_html(text: str, name: str) -> Source:
    """Read an HTML page: its main part, without menus.

    Raises:
        DocumentError: the text is no HTML.
    """
    try:
        root = html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"{name}: cannot be read as HTML ({_line(error)}): save the page again") from None
    title = " ".join((root.findtext(".//title") or "").split())
    legis = [element for element in root.iter("div") if "legis" in (element.get("class") or "").split()]
    if legis:
        blocks = tuple(_joined(_Walker(statute=True).blocks(legis[0])))
        title = title.removesuffix("- Singapore Statutes Online").strip()
        return Source(blocks, title=title or None, declared=_saved_from(text), statute=True)
    main = next((found for path in _MAIN if (found := root.find(path)) is not None), root)
    blocks = tuple(_joined(_Walker().blocks(main)))
    words = sum(len(block.text.split()) for block in blocks)
    warnings: tuple[str, ...] = ()
    if words < _SCANT_WORDS:
        warnings = (f"only {words} words outside menus and links: a listing, or a page that a script draws",)
    return Source(blocks, title=title or None, declared=_saved_from(text), warnings=warnings)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def _saved_from(text: str) -> tuple[tuple[str, object], ...]:
    """Read the address that browsers note in a page they save."""
    match = re.search(r"<!-- saved from url=\(\d+\)(\S+) -->", text[:2000])
    return (("source", match[1]),) if match else ()


class _Walker:
    """Walks a tree of any depth without recursion and gives its blocks."""

    def __init__(self, statute: bool = False) -> None:
        self.statute = statute
        self.parts: list[str] = []
        self.linked = 0
        self.level = 0

    def blocks(self, root: html.HtmlElement) -> Iterator[Block]:
        """Give headings, paragraphs and tables in reading order."""
        walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        links = 0
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event in ("comment", "pi"):
                self.parts.append(element.tail or "")
            elif event == "start":
                if tag in _DROPPED or _is_hidden(element):
                    walker.skip_subtree()
                    continue
                if tag == "table" and _is_grid(element):
                    yield from self._flush()
                    yield _grid(element)
                    walker.skip_subtree()
                    continue
                yield from self._enter(element, tag)
                links += tag == "a"
                self._text(element.text, links)
            else:
                links -= tag == "a"
                if self._ends(element, tag):
                    yield from self._flush()
                    self.level = 0
                if element is not root:
                    self._text(element.tail, links)
        yield from self._flush()

    def _enter(self, element: html.HtmlElement, tag: str) -> Iterator[Block]:
        level = self._level(element, tag)
        if level or tag in _BLOCKS:
            yield from self._flush()
        self.level = level or self.level

    def _level(self, element: html.HtmlElement, tag: str) -> int:
        if match := re.fullmatch(r"h([1-6])", tag):
            return int(match[1])
        if self.statute:
            for name in (element.get("class") or "").split():
                if name in _STATUTE_HEADINGS:
                    return _STATUTE_HEADINGS[name]
        return 0

    def _ends(self, element: html.HtmlElement, tag: str) -> bool:
        return tag in _BLOCKS or bool(self._level(element, tag))

    def _text(self, text: str | None, links: int) -> None:
        if text:
            self.parts.append(text)
            self.linked += len(text.strip()) if links > 0 else 0

    def _flush(self) -> Iterator[Block]:
        text = tidy_fences(" ".join("".join(self.parts).split()))
        linked, self.linked = self.linked, 0
        self.parts.clear()
        if not text:
            return
        # A line that is a link and no sentence is a menu's.
        if linked > _MOSTLY * len(text) and not text.endswith((".", ";", ":")) and not self.level:
            return
        yield Block(text, "heading" if self.level else "body", level=self.level)


def _is_hidden(element: html.HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return (
        "display:none" in style or element.get("aria-hidden") == "true" or element.get("hidden") is not None
    )


def _is_grid(table: html.HtmlElement) -> bool:
    """Tell a table of data from one that only sets out the page."""
    if table.find(".//table") is not None:
        return False
    rows = table.findall(".//tr")
    widths = [len(row.findall("./td") + row.findall("./th")) for row in rows]
    if len(rows) < 2 or max(widths, default=0) < 2:
        return False
    first = [" ".join("".join(cell.itertext()).split()) for row in rows for cell in row.findall("./td")[:1]]
    labelled = sum((label := read_label(text)) is not None and label.length == len(text) for text in first)
    return 2 * labelled <= len(first)


def _grid(table: html.HtmlElement) -> Block:
    rows = []
    for row in table.iter("tr"):
        cells = [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in ("td", "th")]
        rows.append("\t".join(cells).rstrip("\t"))
    return Block("\n".join(row for row in rows if row.strip()), "table")


def _joined(blocks: Iterator[Block]) -> Iterator[Block]:
    """Join a label that stands in a cell or line of its own to the words behind it."""
    waiting = ""
    for block in blocks:
        label = read_label(block.text) if block.kind == "body" else None
        if label is not None and label.length == len(block.text) and label.form != "bullet":
            waiting = f"{waiting} {block.text}".strip()
            continue
        if waiting and block.kind == "body":
            yield Block(f"{waiting} {block.text}")
        else:
            if waiting:
                yield Block(waiting)
            yield block
        waiting = ""
    if waiting:
        yield Block(waiting)
