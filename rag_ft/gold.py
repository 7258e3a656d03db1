"""Whether a passage is the one that a person marked: document, paragraph and quote.

A label is compared as its tokens ("s 6(3A)" is 6, 3a; "Annex A, 2.1" is annex, a, 2, 1), so
that writing it another way changes nothing and a prefix is an ancestor.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from rag_ft.schema import DocumentInfo, Gold, Passage

_TOKEN = re.compile(r"[a-z0-9]+")
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|to)\s*(\d{1,3})")
_LONGEST_RANGE = 5
# Words that only introduce a number: "section 5(1)" and "5(1)" are one label.
_INTRODUCTIONS = frozenset(
    "s ss sec section sections para paras paragraph paragraphs reg regulation art article rule clause".split()
)
# What stands inside or beside a paragraph and may be a passage of its own.
_ATTACHED = re.compile(r"(?:table|figure|box|footnote|chart)\b", re.IGNORECASE)
_TYPOGRAPHY = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "‐": "-",
        "‑": "-",
        "–": "-",
        "—": "-",
        "\u00ad": None,
    }
)
# Tells whether a passage is a gold place.
Match = Callable[[Passage, Gold], bool]

# A limb's own mark, which a passage may hold apart from its words.
_LIMB = re.compile(r"\((?:[a-z]{1,2}|[ivx]{1,5}|[A-Z]{1,2}|\d{1,2})\)\s?")
_NUMBER_PREFIX = re.compile(r"^(?:mas\s+)?(?:notice|circular|guidelines?|act)\s+(?:no\.?\s+)?", re.IGNORECASE)


def is_gold(passage: Passage, gold: Gold) -> bool:
    """Tell whether a passage is the paragraph (or, without one, holds the quote) of the gold document."""
    return is_gold_document(passage.document, gold) and is_gold_paragraph(passage, gold)


def gold_among(passages: Iterable[Passage], gold: Sequence[Gold], matches: Match = is_gold) -> list[Passage]:
    """Return the passages that are one of the gold places, in their order."""
    return [passage for passage in passages if any(matches(passage, each) for each in gold)]


def is_gold_document(document: DocumentInfo, gold: Gold) -> bool:
    """Tell whether a document is the gold one: by id, by a path that ends in the other, or by number."""
    named, known = _path(gold.document), _path(document.id)
    if named == known or _ends_in(named, known) or _ends_in(known, named):
        return True
    return document.number is not None and _number(gold.document) == _number(document.number)


def is_gold_paragraph(passage: Passage, gold: Gold) -> bool:
    """Tell whether a passage of the gold document is the gold paragraph.

    The same label is enough; a deeper or a wider one counts where it holds the gold quote.
    Without a quote a deeper one counts, and a wider one that holds the marks of the limbs
    between them: all of s 7A, where it says "(2)", is s 7A(2) too. Where the gold names no
    paragraph the quote decides, and where it names neither, the document was enough.
    "12-13" is either of 12 and 13; "3.1.5, Table 3" is 3.1.5 or its table.
    """
    if gold.paragraph is None:
        return gold.quote is None or holds_quote(passage.text, gold.quote)
    return any(_is_label(passage, wanted, gold.quote) for wanted in _readings(gold.paragraph))


def holds_quote(text: str, quote: str) -> bool:
    """Tell whether a text holds a quote whole: spaces, quotation marks, dashes and limb marks normalised."""
    plain_text, plain_quote = plain(text), plain(quote)
    if not plain_quote:
        return False
    return plain_quote in plain_text or _LIMB.sub("", plain_quote) in _LIMB.sub("", plain_text)


def plain(text: str) -> str:
    """Fold white space and typography, so that two prints of a sentence compare equal."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY).split())


def label_tokens(label: str) -> tuple[str, ...]:
    """Cut a label into its tokens, without the words that only introduce a number."""
    tokens = _TOKEN.findall(plain(label).casefold())
    return tuple(
        token
        for token, following in zip(tokens, [*tokens, ""][1:], strict=True)
        if not (token in _INTRODUCTIONS and following[:1].isdigit())
    )


def _readings(paragraph: str) -> list[tuple[str, ...]]:
    """Give every label that a gold paragraph may mean."""
    readings = [label_tokens(paragraph)]
    spread = _RANGE.fullmatch(plain(paragraph))
    if spread:
        first, last = int(spread[1]), int(spread[2])
        if first < last <= first + _LONGEST_RANGE:  # 14-1 is a label, 12-13 may be two paragraphs
            readings += [(str(number),) for number in range(first, last + 1)]
    pieces = [piece.strip() for piece in paragraph.split(",")]
    attached = [piece for piece in pieces if _ATTACHED.match(piece)]
    if attached and len(pieces) > len(attached):
        readings.append(label_tokens(", ".join(piece for piece in pieces if piece not in attached)))
        readings += [label_tokens(piece) for piece in attached]
    return [reading for reading in readings if reading]


def _is_label(passage: Passage, wanted: tuple[str, ...], quote: str | None) -> bool:
    label = label_tokens(passage.label)
    under_headings = (*label_tokens(passage.heading), *label)
    if label == wanted or under_headings[-len(wanted) :] == wanted:
        return True
    if quote is None:
        is_wider = _starts(wanted, label) and _holds_limbs(passage.text, wanted[len(label) :])
        return _starts(label, wanted) or is_wider
    related = _starts(label, wanted) or _starts(wanted, label) or _holds_run(under_headings, wanted)
    return related and holds_quote(passage.text, quote)


def _holds_limbs(text: str, limbs: Sequence[str]) -> bool:
    """Tell whether a text holds the marks of limbs, one below the other: "(2)" and then "(a)"."""
    lowered, at = plain(text).casefold(), 0
    for limb in limbs:
        at = lowered.find(f"({limb})", at) + 1
        if at == 0:
            return False
    return True


def _starts(tokens: Sequence[str], prefix: Sequence[str]) -> bool:
    return 0 < len(prefix) < len(tokens) and tuple(tokens[: len(prefix)]) == tuple(prefix)


def _holds_run(tokens: Sequence[str], run: Sequence[str]) -> bool:
    size = len(run)
    return any(tuple(tokens[at : at + size]) == tuple(run) for at in range(len(tokens) - size + 1))


def _path(name: str) -> tuple[str, ...]:
    return tuple(part for part in name.replace("\\", "/").casefold().split("/") if part not in ("", "."))


def _ends_in(whole: tuple[str, ...], tail: tuple[str, ...]) -> bool:
    return bool(tail) and whole[-len(tail) :] == tail


def _number(text: str) -> str:
    return _NUMBER_PREFIX.sub("", " ".join(text.split())).casefold()
