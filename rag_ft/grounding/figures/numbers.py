"""Numbers as digits or in words, as exact decimals."""

import re
from decimal import Decimal

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * (at + 2) for at, word in enumerate(_TENS)
}
_SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1_000),
    "k": Decimal(1_000),
    "million": Decimal(1_000_000),
    "mil": Decimal(1_000_000),
    "mn": Decimal(1_000_000),
    "m": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000),
    "bn": Decimal(1_000_000_000),
    "b": Decimal(1_000_000_000),
    "trillion": Decimal(1_000_000_000_000),
    "tn": Decimal(1_000_000_000_000),
}

DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?![\d,])|\d+(?:\.\d+)?"
_WORD = "|".join(sorted(_SMALL, key=len, reverse=True))
IN_WORDS = rf"(?:{_WORD})(?:[ -](?:and )?(?:{_WORD}|hundred|thousand|million|billion))*"
SCALE = r"hundred|thousand|million|billion|trillion|mil|mn|bn|tn|[kmb](?![a-z])"
# A number, in digits or words, with the scale that may follow it.
NUMBER = rf"(?:{DIGITS}|{IN_WORDS})(?:[ -]?(?:{SCALE})\b)?"
# The first number of "5 to 7 years".
RANGE = rf"(?:(?P<low>{NUMBER})(?:\s*[-–]\s*|\s+(?:to|and|or)\s+))?"

_SCALED = re.compile(rf"(?P<number>{DIGITS}|{IN_WORDS})(?:[ -]?(?P<scale>{SCALE}))?\Z", re.IGNORECASE)


def read_number(text: str) -> Decimal:
    """Read a number written in digits or words: "1,500 million", "twenty-five", "S$" not included.

    Raises:
        ValueError: the text is no number.
    """
    match = _SCALED.match(text.strip())
    if match is None:
        raise ValueError(f"not a number: {text!r}")
    written = match["number"]
    value = Decimal(re.sub("[, ]", "", written)) if written[0].isdigit() else _in_words(written)
    return value * (_SCALES[match["scale"].casefold()] if match["scale"] else 1)


def _in_words(text: str) -> Decimal:
    total = current = Decimal(0)
    for word in re.split(r"[ -]", text.casefold()):
        if word in _SMALL:
            current += Decimal(_SMALL[word])
        elif word == "hundred":
            current = (current or Decimal(1)) * 100
        elif word in _SCALES:
            total += (current or Decimal(1)) * _SCALES[word]
            current = Decimal(0)
    return total + current
