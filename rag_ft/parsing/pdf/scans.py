"""Pages without a text layer: read from their picture, where the extra `ocr` is installed."""

import re
from functools import cache
from importlib.util import find_spec
from typing import Any

from rag_ft.parsing.pdf.printed import Word

_DOTS_PER_INCH = 200
_POINTS_PER_INCH = 72
# Lines that the recogniser itself doubts are left out rather than invented.
_SURE = 0.6
# It often loses the gap behind a label.
_GLUED = re.compile(r"(\d{1,2}(?:\.\d{1,2})+[A-Z]?|\([a-z]{1,4}\)|\d{1,2}\.)(?=[A-Z][a-z]|[a-z]{2})")
# pypdfium2 and rapidocr ship no types.
Raw = Any


def can_read_scans() -> bool:
    """Whether the extra `ocr` is installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def read_scan(page: Raw) -> list[list[Word]]:
    """Read the lines of a page's picture, from the top down, words placed by their length."""
    scale = _DOTS_PER_INCH / _POINTS_PER_INCH
    _, height = page.get_size()
    picture = page.render(scale=scale).to_numpy()
    found = _engine()(picture)
    if found.boxes is None or found.txts is None:
        return []
    lines = []
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if score < _SURE or not text.strip():
            continue
        left, top = (float(side) / scale for side in box.min(axis=0))
        right, bottom = (float(side) / scale for side in box.max(axis=0))
        lines.append(_words(text, left, height - bottom, right, height - top))
    return sorted(lines, key=lambda words: (-round(words[0].y0 / 4), words[0].x0))


@cache
def _engine() -> Raw:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})


def _words(text: str, x0: float, y0: float, x1: float, y1: float) -> list[Word]:
    text = _GLUED.sub(r"\1 ", text, count=1)
    step = (x1 - x0) / max(len(text), 1)
    return [
        Word(match[0], x0 + match.start() * step, y0, x0 + match.end() * step, y1)
        for match in re.finditer(r"\S+", text)
    ]
