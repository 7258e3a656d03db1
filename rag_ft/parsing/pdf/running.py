"""Running headers, footers and page numbers: found by their places, taken out."""

import re
from collections import Counter
from collections.abc import Sequence

from rag_ft.parsing.pdf.printed import PrintedLine, PrintedPage

# Only the outer parts of a page, as shares of its height, can hold them.
_TOP, _BOTTOM = 0.86, 0.12
_NUMBER = re.compile(
    r"(?:page )?[-–—]?\s*(\d{1,4}|[ivxl]{1,6})\s*[-–—]?(?: (?:of|/) \d{1,4})?", re.IGNORECASE
)


def drop_running(pages: Sequence[PrintedPage]) -> None:
    """Take out lines that stand at the same place of many pages, and page numbers."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({key for line in page.lines if (key := _key(line, page)) is not None})
    needed = max(3, len(pages) // 4)
    for page in pages:
        page.lines = [line for line in page.lines if not _is_running(line, page, seen, needed)]


def _key(line: PrintedLine, page: PrintedPage) -> tuple[str, int] | None:
    base = line.base
    if _BOTTOM * page.height < base < _TOP * page.height:
        return None
    # Half-points of drift between pages do not matter.
    return re.sub(r"\d+", "#", line.text), round(base / 4)


def _is_running(line: PrintedLine, page: PrintedPage, seen: Counter[tuple[str, int]], needed: int) -> bool:
    key = _key(line, page)
    if key is None:
        return False
    text, place = key
    times = sum(seen[text, at] for at in (place - 1, place, place + 1))
    if times >= needed:
        return True
    outermost = all(
        other is line or (other.base > line.base) == (line.base < page.height / 2) for other in page.lines
    )
    return outermost and _NUMBER.fullmatch(line.text) is not None and len(line.words) <= 4
