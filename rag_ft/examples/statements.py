"""Whole sentences out of passages: a limb is joined to the words that lead it in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag_ft.schema import Passage, Span
from rag_ft.sentences import split_sentences

_OPEN_END = re.compile(r"\s*[—–―‒⎯:\-][\s—–―‒⎯\-]*$")
_LIMB = re.compile(r"^\(?(?:[a-z]{1,2}|[ivx]{1,5}|[A-Z]{1,2}|\d{1,2})[).]\s+")
_LIMB_END = re.compile(r"(?:[;,]\s*(?P<word>and|or)?|\s+(?P<bare>and|or)|[.])\s*$")
# Marginal notes of the statute book and of amendments: "[44/2007]", "[MAS Notice 626 (Amendment) 2025]".
_NOTE = re.compile(r"\s*\[[^\][]{1,60}(?:\]|$)")
# "Any of the following:" wants its list; one limb after it reads as nonsense.
_WANTS_LIST = re.compile(
    r"\bthe following\b(?! (?:the|a|an)\b)|\b(?:following|namely|either|both|one or more of)\b[^,]*$",
    re.IGNORECASE,
)
_CONDITION_END = re.compile(
    r"\b(?:that|whether|because|case of|(?:if|where|when|unless|until|upon|after|before)(?: [^,]{1,60})?)$"
)
_LOOSE_START = re.compile(r"^(?:on|in|at|for|where|when|if|unless|upon|subject to|despite|before|after)\b")
# "A warden must, within a day of —": its verb stands after the limbs, where one limb has lost it.
_NO_VERB_YET = re.compile(r"\b(?:must|shall|may|should)(?: not)?, [^,]*$")
_ASIDE = re.compile(r",? ?\(as the case may be\)|, as the case may be\b(?:,(?= (?:must|may|shall|is)\b))?")
_BROKEN = re.compile(r"^(?:and|or|but|to|of|by|in)\b|^[)(;,.]|[�]")


# By the spans of a lead-in: the word that links the limbs under it.
Links = Mapping[tuple[Span, ...], str]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a passage: on one line, ending in a full stop.

    `quotes` are the slices of the passage's text that it is made of, in order. `items` are
    the limbs where it is a list, `lead` the words before them, `connector` what links them;
    `is_limb` says that it is one of several, so that alone it is not the whole answer.
    """

    text: str
    quotes: tuple[str, ...]
    lead: str = ""
    items: tuple[str, ...] = ()
    connector: str = ""
    is_limb: bool = False


def link_words(passages: Sequence[Passage]) -> Links:
    """Tell, by the lead-in they share, whether limbs are linked by "and" or by "or"."""
    linked: dict[tuple[Span, ...], str] = {}
    for passage in passages:
        if len(passage.spans) > 1:
            end = _LIMB_END.search(passage.text.rstrip())
            if end and (word := end["word"] or end["bare"]):
                linked.setdefault(passage.spans[:-1], word)
    return linked


def read_statements(passage: Passage, linked: Links) -> tuple[Statement, ...]:
    """Read the whole sentences of a passage: its own, one joined of lead-in and limb, or a list.

    One limb is a statement of its own only where the law lets it stand alone: one of
    several duties ("and"), one of several grounds ("or").

    Args:
        passage: any passage but a definition.
        linked: what `link_words` says of the document's passages.
    """
    parts = passage.slices
    if len(parts) == 1:
        return tuple(_sentences(parts[0]))
    first_limb = next((at for at, part in enumerate(parts) if _LIMB.match(part)), None)
    if first_limb is None:
        joined = _join(parts, linked.get(passage.spans[:-1]))
        return (joined,) if joined else ()
    if first_limb == 0 or not _OPEN_END.search(parts[first_limb - 1]):
        return ()
    listed = _list(parts[:first_limb], parts[first_limb:])
    return (listed,) if listed else ()


def read_definition(passage: Passage) -> Statement | None:
    """Read a definition, without the words that lead in to all of them; limbs run on."""
    if passage.role != "definition":
        return None
    parts = passage.slices
    start = next((at for at, part in enumerate(parts) if part.lstrip()[:1] in '“"'), None)
    if start is None:
        return None
    body = parts[start:]
    first = split_sentences(body[0])
    if len(body) == 1:
        body = (body[0][first[0].start : first[0].end],)
    elif len(first) > 1:
        return None
    words = tidy(" ".join(body))
    end = _LIMB_END.search(words)
    if end is None:
        return None
    words = re.sub(r"\s*[—–]\s*(?=\(a\))", ": ", words[: end.start()])
    return Statement(f"{words}.", body)


def tidy(text: str) -> str:
    """Put words on one line, without marginal notes and with plain hyphens."""
    text = _NOTE.sub("", text.replace("‑", "-").replace("\u00ad", ""))
    return re.sub(r"\s+([.,;:])", r"\1", _ASIDE.sub("", " ".join(text.split())))


def _sentences(text: str) -> list[Statement]:
    found = []
    for span in split_sentences(text):
        raw = text[span.start : span.end]
        sentence = tidy(raw)
        if sentence.endswith((".", ".”")) and sentence[0].isupper() and not _BROKEN.match(sentence):
            found.append(Statement(sentence, (raw,)))
    return found


def _lead(parts: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """Join the words above a limb; only the last sentence of each leads on."""
    words: list[str] = []
    quotes: list[str] = []
    for part in parts:
        if not _OPEN_END.search(part) or _LIMB.match(part):
            return None
        if words and _LOOSE_START.match(part):
            return None  # "having regard to — in any other case — ...": no sentence once joined
        last = split_sentences(part)[-1]
        raw = part[last.start : last.end]
        words.append(_OPEN_END.sub("", tidy(raw)))
        quotes.append(raw)
    joined = " ".join(words)
    return (joined, tuple(quotes)) if joined and joined[0].isupper() else None


def _join(parts: Sequence[str], linked: str | None) -> Statement | None:
    lead = _lead(parts[:-1])
    if lead is None or _OPEN_END.search(parts[-1]):
        return None
    is_condition = _CONDITION_END.search(lead[0]) is not None
    if linked != ("or" if is_condition else "and"):
        return None
    limb = _limb(parts[-1])
    if limb is None or _WANTS_LIST.search(lead[0]) or _NO_VERB_YET.search(lead[0]):
        return None
    words, raw = limb
    if _LOOSE_START.match(words):
        return None
    return Statement(f"{lead[0]} {words}.", (*lead[1], raw), is_limb=True)


def _limb(part: str) -> tuple[str, str] | None:
    """Read a limb up to its end: its words and its slice."""
    spans = split_sentences(part)
    if not spans:
        return None
    raw = part[spans[0].start : spans[0].end]
    words = _LIMB.sub("", tidy(raw))
    end = _LIMB_END.search(words)
    # A limb that ends without a stop has run into a heading or was cut.
    if end is None or _BROKEN.match(words) or not words[:1].islower():
        return None
    return words[: end.start()], raw


def _list(leads: Sequence[str], limbs: Sequence[str]) -> Statement | None:
    lead = _lead(leads)
    if lead is None:
        return None
    items: list[str] = []
    quotes: list[str] = list(lead[1])
    connector = None
    for at, part in enumerate(limbs):
        if not _LIMB.match(part) or _OPEN_END.search(part):
            return None  # a list within a list, or closing words
        words = _LIMB.sub("", tidy(part))
        end = _LIMB_END.search(words)
        if end is None or _BROKEN.match(words) or "(b)" in words:
            return None
        if at == len(limbs) - 1 and not words.endswith((".", ";")):
            return None
        connector = end["word"] or end["bare"] or connector
        items.append(words[: end.start()])
        quotes.append(part)
    if len(items) < 2 or any(". " in item for item in items):
        return None
    linked = f"{'; '.join(items[:-1])}; {connector or 'and'} {items[-1]}"
    return Statement(f"{lead[0]}: {linked}.", tuple(quotes), lead[0], tuple(items), connector or "and")
