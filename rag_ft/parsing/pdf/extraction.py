"""A page's words and rules, out of pdfium, without what is hidden or printed twice.

pdfium tells characters and where it would put spaces and line ends; boxes are asked
for the first and last character of a word only, which is what makes this fast.
"""

import ctypes
import re
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from rag_ft.parsing.pdf.printed import Colour, PrintedPage, Rule, Word, is_grey, strikes, underlines

_WORD = re.compile(r"[^\s\ufffe\x00-\x1f\x7f]+|\ufffe")
_FIGURES = re.compile(r"(?<=.)\d+(?=\D*$)")
# pdfium gives a hyphen at a line's end as U+FFFE.
LINE_END_HYPHEN = "\ufffe"
_MENDED = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u00ad": "",
        "\u200b": "",
        "\u200c": "",
        "\u200d": "",
        "\ufeff": "",
        "\u2060": "",
    }
)
_THIN = 2.0
_MAX_RULES = 4000
Clip = tuple[float, float, float, float]
# pypdfium2 ships no types: a page, a text page or an object of pdfium's.
Raw = Any


def extract_page(page: Raw, number: int) -> tuple[PrintedPage, list[list[Word]]]:
    """Read a page (a pypdfium2 page): its rules, and its words in pdfium's line order."""
    width, height = page.get_size()
    printed = PrintedPage(number, width, height)
    clips = _objects(page, printed)
    textpage = page.get_textpage()
    try:
        segments = _segments(page, textpage.raw, printed, clips)
    finally:
        textpage.close()
    return printed, segments


def _objects(page: Raw, printed: PrintedPage) -> dict[int, Clip]:
    """Collect the rules and images of a page, and the clip of each clipped text object."""
    clips: dict[int, Clip] = {}
    box = tuple(ctypes.c_float() for _ in range(4))
    for position in range(pdfium.FPDFPage_CountObjects(page.raw)):
        item = pdfium.FPDFPage_GetObject(page.raw, position)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            if clip := _clip(item):
                clips[_address(item)] = clip
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            printed.has_image = True
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and len(printed.rules) < _MAX_RULES:
            if pdfium.FPDFPageObj_GetBounds(item, *box):
                x0, y0, x1, y1 = (side.value for side in box)
                _add_rules(item, (x0, y0, x1, y1), printed)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM:
            printed.has_image = True
    return clips


def _address(item: Raw) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def _clip(item: Raw) -> Clip | None:
    """Return the box that an object is cut to, or None where it is not."""
    path = pdfium.FPDFPageObj_GetClipPath(item)
    count = pdfium.FPDFClipPath_CountPaths(path) if path else -1
    if count < 1:
        return None
    x, y = ctypes.c_float(), ctypes.c_float()
    sides = [float("-inf"), float("-inf"), float("inf"), float("inf")]
    for at in range(count):
        xs, ys = [], []
        for segment in range(max(pdfium.FPDFClipPath_CountPathSegments(path, at), 0)):
            if pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(path, at, segment), x, y):
                xs.append(x.value)
                ys.append(y.value)
        if xs:
            sides = [
                max(sides[0], min(xs)),
                max(sides[1], min(ys)),
                min(sides[2], max(xs)),
                min(sides[3], max(ys)),
            ]
    return sides[0], sides[1], sides[2], sides[3]


def _add_rules(item: Raw, box: Clip, printed: PrintedPage) -> None:
    x0, y0, x1, y1 = box
    thin = min(x1 - x0, y1 - y0) <= _THIN and max(x1 - x0, y1 - y0) > _THIN
    if not thin and pdfium.FPDFPath_CountSegments(item) not in (4, 5):
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    if thin:
        printed.rules.append(Rule(x0, y0, x1, y1, _colour(item, bool(stroke.value))))
    elif stroke.value:
        # A framed box is its four sides.
        colour = _colour(item, True)
        printed.rules += [
            Rule(x0, y0, x1, y0, colour),
            Rule(x0, y1, x1, y1, colour),
            Rule(x0, y0, x0, y1, colour),
            Rule(x1, y0, x1, y1, colour),
        ]


def _colour(item: Raw, stroked: bool) -> Colour:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    ask = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    ask(item, red, green, blue, alpha)
    return red.value, green.value, blue.value


class _Boxes:
    """Asks pdfium for the box of a character, turned upright where the page is turned."""

    def __init__(self, page: Raw, textpage: Raw, printed: PrintedPage) -> None:
        self.textpage = textpage
        self.rect = pdfium.FS_RECTF()
        self.rotation = pdfium.FPDFPage_GetRotation(page.raw)
        self.width, self.height = printed.width, printed.height

    def __call__(self, index: int) -> Clip:
        rect = self.rect
        pdfium.FPDFText_GetLooseCharBox(self.textpage, index, rect)
        x0, y0, x1, y1 = rect.left, rect.bottom, rect.right, rect.top
        if self.rotation == 1:
            return y0, self.height - x1, y1, self.height - x0
        if self.rotation == 2:
            return self.width - x1, self.height - y1, self.width - x0, self.height - y0
        if self.rotation == 3:
            return self.width - y1, x0, self.width - y0, x1
        return x0, y0, x1, y1


def _segments(page: Raw, textpage: Raw, printed: PrintedPage, clips: dict[int, Clip]) -> list[list[Word]]:
    text = _text(textpage, pdfium.FPDFText_CountChars(textpage))
    boxes = _Boxes(page, textpage, printed)
    fonts = _Fonts(textpage)
    seen: set[tuple[str, int, int]] = set()
    coloured = [rule for rule in printed.rules if rule.horizontal and not is_grey(rule.colour)]
    segments: list[list[Word]] = []
    starts: list[int] = []
    current: list[Word] = []
    end = 0

    def close() -> None:
        nonlocal current, starts
        if current:
            # Asked at both ends only: bold lines are looked for, not bold words.
            bold = fonts.is_bold(starts[0]) and fonts.is_bold(starts[-1])
            for word in current:
                word.bold = bold
            segments.append(current)
        current, starts = [], []

    for match in _WORD.finditer(text):
        start = match.start()
        gap = text[end:start]
        if "\n" in gap or "\r" in gap:
            close()
        glued = bool(current) and not gap
        end = match.end()
        if match[0] == LINE_END_HYPHEN:
            if current:
                current[-1].text += LINE_END_HYPHEN
            close()
            continue
        x0, y0, _, y1 = boxes(start)
        word = Word(match[0].translate(_MENDED), x0, y0, boxes(end - 1)[2], y1, glued=glued)
        key = (word.text, round(x0), round(y0))
        if not word.text or key in seen or _is_hidden(word, textpage, start, printed, clips):
            continue
        seen.add(key)
        starts.append(start)
        current.extend(_parted(word, match[0], end, boxes, coloured))
    close()
    return segments


def _parted(word: Word, raw: str, end: int, boxes: "_Boxes", coloured: list[Rule]) -> list[Word]:
    """Part a word from a footnote's mark on it, or where a reviser's rule begins or ends."""
    if coloured:
        word.colour = _fill(boxes.textpage, end - len(raw))
    parts = _without_raised(word, raw, end, boxes)
    return _at_rule_ends(word, raw, end, boxes, coloured) if len(parts) == 1 and coloured else parts


def _text(textpage: Raw, count: int) -> str:
    """Return a string with one character for each of pdfium's, so that places agree."""
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer)
    raw = bytes(memoryview(buffer).cast("B")[: max(written - 1, 0) * 2])
    text = raw.decode("utf-16-le", "surrogatepass")
    if len(text) == count:
        return text
    codes = (pdfium.FPDFText_GetUnicode(textpage, index) for index in range(count))
    return "".join(chr(code) if code and not 0xD800 <= code < 0xE000 else " " for code in codes)


def _is_hidden(word: Word, textpage: Raw, index: int, printed: PrintedPage, clips: dict[int, Clip]) -> bool:
    """Tell words outside the page, or outside the window that their object is cut to."""
    x, y = word.middle
    if not (-1 <= x <= printed.width + 1 and -1 <= y <= printed.height + 1):
        return True
    if not clips:
        return False
    clip = clips.get(_address(pdfium.FPDFText_GetTextObject(textpage, index)))
    return clip is not None and not (clip[0] - 1 <= x <= clip[2] + 1 and clip[1] - 1 <= y <= clip[3] + 1)


class _Fonts:
    """Tells bold type by its font's name or weight, asking once a font."""

    def __init__(self, textpage: Raw) -> None:
        self.textpage = textpage
        self.known: dict[int, bool] = {}
        self.name = ctypes.create_string_buffer(128)
        self.flags = ctypes.c_int()

    def is_bold(self, index: int) -> bool:
        item = pdfium.FPDFText_GetTextObject(self.textpage, index)
        font = _address(pdfium.FPDFTextObj_GetFont(item)) if item else 0
        if font not in self.known:
            pdfium.FPDFText_GetFontInfo(self.textpage, index, self.name, 128, self.flags)
            name = self.name.value.decode("utf-8", "replace").lower()
            self.known[font] = any(word in name for word in ("bold", "black", "heavy", "semibold"))
        return self.known[font]


def _fill(textpage: Raw, index: int) -> Colour:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(textpage, index, red, green, blue, alpha)
    return red.value, green.value, blue.value


def _without_raised(word: Word, raw: str, end: int, boxes: _Boxes) -> list[Word]:
    """Part a footnote's mark from the word it hangs on: small, and higher than the word."""
    match = _FIGURES.search(raw)
    if match is None:
        return [word]
    start = end - len(raw)
    first = last = match.end()
    x0 = y0 = y1 = 0.0
    while first > match.start():
        left, low, _, high = boxes(start + first - 1)
        if high - low > word.height * 0.85 or low <= word.y0:
            break
        first, x0, y0, y1 = first - 1, left, low, high
    if first == last:
        return [word]
    x1 = boxes(start + last - 1)[2]
    parts = [
        Word(raw[:first].translate(_MENDED), word.x0, word.y0, x0, word.y1, word.bold, word.glued),
        Word(raw[first:last], x0, y0, x1, y1, word.bold, glued=True, raised=True),
    ]
    parts[0].colour = word.colour
    if word.colour is not None:
        parts[1].colour = _fill(boxes.textpage, start + first)
    if raw[last:]:
        parts.append(
            Word(raw[last:].translate(_MENDED), x1, word.y0, word.x1, word.y1, word.bold, glued=True)
        )
    return parts


def _at_rule_ends(word: Word, raw: str, end: int, boxes: _Boxes, rules: list[Rule]) -> list[Word]:
    """Part a word where a coloured rule through or under it begins or ends: "48" struck, "57" put in."""
    edges = [
        edge
        for rule in rules
        if strikes(rule, word) or underlines(rule, word)
        for edge in (rule.x0, rule.x1)
        if word.x0 + 1.5 < edge < word.x1 - 1.5
    ]
    if not edges or len(raw) != len(word.text):
        return [word]
    start = end - len(raw)
    places = [boxes(start + at) for at in range(len(raw))]
    cuts = {min(range(len(raw)), key=lambda at: abs(places[at][0] - edge)) for edge in edges} - {0}
    bounds = [0, *sorted(cuts), len(raw)]
    parts = []
    for first, last in pairwise(bounds):
        box = (places[first][0], word.y0, places[last - 1][2], word.y1)
        part = Word(raw[first:last], *box, bold=word.bold, glued=word.glued or first > 0)
        part.colour = _fill(boxes.textpage, start + first)
        parts.append(part)
    return parts
