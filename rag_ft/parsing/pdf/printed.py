"""What stands on a page: words with boxes, the lines they form, the rules drawn between them."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from rag_ft.parsing.blocks import Box

State = Literal["plain", "inserted", "deleted"]
Colour = tuple[int, int, int]


@dataclass(slots=True)
class Word:
    """Characters without white space between them, in one state of amendment.

    Boxes are in PDF points from the page's lower left corner. `glued` means that no
    space stands before it; `raised` that it is set small and high, as a footnote's mark.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    bold: bool = False
    glued: bool = False
    raised: bool = False
    state: State = "plain"
    colour: Colour | None = None

    @property
    def height(self) -> float:
        """The height of the type, in points."""
        return self.y1 - self.y0

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@dataclass(slots=True)
class PrintedLine:
    """Words that stand on one line, in reading order."""

    words: list[Word]
    page: int
    _box: Box = field(default=(0.0, 0.0, 0.0, 0.0), init=False, repr=False)
    _main: Word | None = field(default=None, init=False, repr=False)
    _measured: int = field(default=0, init=False, repr=False)

    def _measure(self) -> Word:
        """Measure the line once for as long as it has the same number of words."""
        if self._main is None or self._measured != len(self.words):
            words = self.words
            self._box = (
                min([word.x0 for word in words]),
                min([word.y0 for word in words]),
                max([word.x1 for word in words]),
                max([word.y1 for word in words]),
            )
            self._main = max(words, key=lambda word: (not word.raised, len(word.text)))
            self._measured = len(words)
        return self._main

    @property
    def box(self) -> Box:
        """The box around all words."""
        self._measure()
        return self._box

    @property
    def height(self) -> float:
        """The height of the type of most of the line, in points."""
        return self._measure().height

    @property
    def base(self) -> float:
        """Where the type of most of the line stands, in points."""
        return self._measure().y0

    @property
    def bold(self) -> bool:
        """Whether the line is bold from end to end."""
        words = [word for word in self.words if not word.raised and any(c.isalnum() for c in word.text)]
        return bool(words) and all(word.bold for word in words)

    @property
    def text(self) -> str:
        """The words with their spaces."""
        return "".join(("" if word.glued else " ") + word.text for word in self.words).strip()


class Rule(NamedTuple):
    """A drawn line, horizontal or vertical: its box and its colour (red, green, blue)."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: Colour

    @property
    def horizontal(self) -> bool:
        """Whether it runs across the page."""
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(slots=True)
class PrintedPage:
    """A page as printed: its lines in reading order and its rules."""

    number: int
    width: float
    height: float
    lines: list[PrintedLine] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    has_image: bool = False


def is_grey(colour: Colour) -> bool:
    """Whether a colour is black, white or a grey, so that it marks nothing."""
    return max(colour) - min(colour) < 40


def strikes(rule: Rule, word: Word) -> bool:
    """Whether a rule runs through the middle of a word, over some of its width."""
    height = (rule.y0 + rule.y1) / 2 - word.y0
    return (
        0.25 * word.height < height < 0.75 * word.height and rule.x0 < word.x1 - 1 and word.x0 + 1 < rule.x1
    )


def underlines(rule: Rule, word: Word) -> bool:
    """Whether a rule runs under a word, over some of its width."""
    height = (rule.y0 + rule.y1) / 2 - word.y0
    return (
        -0.2 * word.height < height <= 0.25 * word.height and rule.x0 < word.x1 - 1 and word.x0 + 1 < rule.x1
    )
