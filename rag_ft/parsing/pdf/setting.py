"""How a document is set: its type, its pitch, its margins, its tables of contents."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag_ft.parsing.pdf.printed import PrintedLine

_ENTRY = re.compile(r"(?:\.{4,}|…{2,}|(?:\. ){4,})[.… ]*\s*\d*$")
_CONTENTS = re.compile(r"(?:table of )?contents", re.IGNORECASE)
_FEWEST_ENTRIES = 3
_WORD = 3
# Two line ends within so many points stand at one margin.
_MARGIN = 4


@dataclass(frozen=True, slots=True)
class Setting:
    """The height of running type and the pitch of its lines, in points; whether lines are justified."""

    body: float
    pitch: float
    justified: bool = False

    @classmethod
    def measure(cls, lines: Sequence[PrintedLine]) -> "Setting":
        """Take the commonest height, weighed by words, and the smallest common pitch."""
        heights: Counter[float] = Counter()
        pitches: Counter[float] = Counter()
        for line in lines:
            heights[round(line.height, 1)] += len(line.words)
        for line, following in pairwise(lines):
            step = line.base - following.base
            if line.page == following.page and 0 < step < 2.5 * line.height:
                pitches[round(step, 0)] += 1
        body = heights.most_common(1)[0][0] if heights else 12.0
        often = 0.25 * max(pitches.values(), default=1)
        pitch = min((pitch for pitch, times in pitches.items() if times >= often), default=1.2 * body)
        ends = Counter(round(line.box[2] / _MARGIN) for line in lines)
        full = sum(times for _, times in ends.most_common(2))
        return cls(body, pitch, full > 0.5 * len(lines))


def contents_lines(lines: Sequence[PrintedLine]) -> set[int]:
    """Find tables of contents: on each page, from their heading or first entry to the last entry.

    Returns:
        The identities (`id`) of their lines.
    """
    found: set[int] = set()
    pages: dict[int, list[PrintedLine]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    for page in pages.values():
        entries = [at for at, line in enumerate(page) if _ENTRY.search(line.text)]
        if len(entries) < _FEWEST_ENTRIES:
            continue
        titles = [at for at, line in enumerate(page[: entries[0]]) if _CONTENTS.fullmatch(line.text)]
        found |= {id(line) for line in page[(titles or entries)[0] : entries[-1] + 1]}
    return found


def reads_as_words(text: str) -> bool:
    """Whether a line is mostly words, and not the figures or letters of a drawing."""
    words = text.split()
    return any(len(word) >= _WORD for word in words) and 2 * sum(w[0].isalpha() for w in words) >= len(words)
