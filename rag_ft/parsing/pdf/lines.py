"""pdfium's pieces of lines into printed lines, in the order they are read."""

from rag_ft.parsing.pdf.printed import PrintedLine, Word

# A gap wider than this many type heights parts two columns that stand side by side.
_COLUMN_GAP = 4.0


def form_lines(segments: list[list[Word]], page: int) -> list[PrintedLine]:
    """Join pieces that stand on one line, mark raised figures, and put lines in reading order."""
    lines: list[PrintedLine] = []
    for segment in segments:
        last = lines[-1] if lines else None
        if last is not None and _continues(last, segment):
            first = segment[0]
            first.glued = first.x0 - last.words[-1].x1 < 0.15 * last.height
            last.words.extend(segment)
        else:
            lines.append(PrintedLine(list(segment), page))
    for line in lines:
        _mark_raised(line)
    return _in_reading_order(lines)


def _continues(line: PrintedLine, segment: list[Word]) -> bool:
    _, bottom, right, top = line.box
    low = min(word.y0 for word in segment)
    high = max(word.y1 for word in segment)
    shared = min(top, high) - max(bottom, low)
    gap = segment[0].x0 - right
    return shared > 0.6 * min(top - bottom, high - low) and -2 < gap < _COLUMN_GAP * (top - bottom)


def _mark_raised(line: PrintedLine) -> None:
    """Mark whole words that are figures set small and high in a line of larger type."""
    height, base = line.height, line.base
    for word in line.words:
        if word.text.isdigit() and len(word.text) <= 3 and word.height < 0.85 * height and word.y0 > base:
            word.raised = True


def _in_reading_order(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Order runs of descending lines: side by side from the left, else from the top.

    A text box or a header that the file stores out of place is a run of its own.
    """
    runs: list[list[PrintedLine]] = []
    for line in lines:
        if runs and line.base < runs[-1][-1].base + 0.5 * line.height:
            runs[-1].append(line)
        else:
            runs.append([line])
    if len(runs) == 1:
        return lines
    spans = [_extent(run) for run in runs]
    order: list[int] = []
    for position, span in enumerate(spans):
        at = len(order)
        while at and _before(span, spans[order[at - 1]]):
            at -= 1
        order.insert(at, position)
    return [line for position in order for line in runs[position]]


def _extent(run: list[PrintedLine]) -> tuple[float, float, float, float]:
    boxes = [line.box for line in run]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _before(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether a run is read before another that the file stores earlier."""
    beside = one[2] <= other[0] or other[2] <= one[0]
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    if beside and overlap > 0:
        return one[2] <= other[0]
    return one[3] > other[3]
