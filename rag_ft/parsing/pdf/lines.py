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
    """Put lines that the file stores out of their place back into it.

    A file mostly stores lines from the top down. Where it jumps up, a new run begins: a
    second column, or a header, a text box, a page number stored first or last.
    """
    runs: list[list[PrintedLine]] = []
    for line in lines:
        if runs and line.base < runs[-1][-1].base + 0.5 * line.height:
            runs[-1].append(line)
        else:
            runs.append([line])
    if len(runs) <= 1:
        return lines
    main = max(range(len(runs)), key=lambda at: len(runs[at]))
    ordered = list(runs[main])
    for run in runs[main + 1 :]:
        _insert(run, ordered)
    for run in reversed(runs[:main]):
        _insert(run, ordered)
    return ordered


def _insert(run: list[PrintedLine], ordered: list[PrintedLine]) -> None:
    """Set a run among ordered lines: whole where it stands beside them, else line by line."""
    boxes = [line.box for line in run]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    bottom, top = min(box[1] for box in boxes), max(box[3] for box in boxes)
    band = [at for at, line in enumerate(ordered) if bottom < line.base < top]
    if (
        len(run) > 1
        and band
        and all(ordered[at].box[2] <= left or ordered[at].box[0] >= right for at in band)
    ):
        rights = [at for at in band if ordered[at].box[0] >= right]
        at = rights[0] if rights else band[-1] + 1
        ordered[at:at] = run
        return
    for line in run:
        at = next((at for at, other in enumerate(ordered) if other.base < line.base), len(ordered))
        ordered.insert(at, line)
