"""What a passage holds, read once: the institutions it names, its figures, its content words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag_ft.grounding.concepts import concepts
from rag_ft.grounding.figures import Figure, find_figures
from rag_ft.institutions import Institution, Mention, find_institutions, inline_aliases
from rag_ft.schema import Alias, Passage

Aliases = Mapping[str, Sequence[Alias]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage as read by the checks; `header` is what a reader is told of where it stands.

    `text` is the passage's own words, plain and disarmed; offsets are those of the passage.
    """

    passage: Passage
    text: str
    aliases: tuple[Alias, ...]
    mentions: tuple[Mention, ...]
    figures: tuple[Figure, ...]
    concepts: frozenset[str]
    header: str
    header_mentions: tuple[Mention, ...]
    header_concepts: frozenset[str]

    @property
    def name(self) -> str:
        """What to call it in a verdict."""
        info = self.passage.document
        return " ".join(part for part in (info.number or info.title, self.passage.label) if part)


# One character for one, so that offsets stay: hard hyphens and spaces, and the like.
_PLAIN = {"\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "}


def plain_characters(text: str) -> str:
    """Write hard hyphens and hard spaces as plain ones; the length stays."""
    # Ten times as fast as `str.translate` where a text holds a curly quote or a dash.
    for hard, plain in _PLAIN.items():
        text = text.replace(hard, plain)
    return text


def _as_data(text: str) -> str:
    """Take a document's words as data: marks of its own cite nothing, control characters are spaces."""
    plain = plain_characters(text)
    if not plain.replace("\n", "").isprintable():
        plain = "".join(c if c.isprintable() or c == "\n" else " " for c in plain)
    return _OWN_MARK.sub(r"(\1)", plain)


_OWN_MARK = re.compile(r"\[(\d{1,3})\]")


def read_evidence(
    passages: Sequence[Passage], aliases: Aliases | None = None, extra: Sequence[Institution] = ()
) -> tuple[Evidence, ...]:
    """Read the passages offered.

    An alias holds within its own document: what one passage defines counts for the other
    passages of that document, and for no other document.
    """
    own: dict[str, list[Alias]] = {}
    for passage in passages:
        own.setdefault(passage.document.id, []).extend(inline_aliases(plain_characters(passage.text)))
    given = aliases or {}
    return tuple(
        _read(
            passage,
            tuple(dict.fromkeys([*own[passage.document.id], *given.get(passage.document.id, ())])),
            tuple(extra),
        )
        for passage in passages
    )


def _with_short_names(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Give "the Registry" the name of the one institution before it that is a Registry."""
    named: list[Mention] = []
    for mention in mentions:
        if mention.kind == "role":
            head = mention.name.split()[-1].casefold()
            fuller = {
                each.name for each in named if head in each.name.casefold().split() and each.kind != "role"
            }
            if len(fuller) == 1:
                mention = replace(mention, name=fuller.pop())
        named.append(mention)
    return tuple(named)


@lru_cache(maxsize=4096)
def _read(passage: Passage, aliases: tuple[Alias, ...], extra: tuple[Institution, ...]) -> Evidence:
    info, text = passage.document, _as_data(passage.text)
    kind = info.kind.capitalize() if info.number else ""
    header = ", ".join(
        part for part in (info.title, f"{kind} {info.number or ''}".strip(), passage.heading) if part
    )
    return Evidence(
        passage,
        text,
        aliases,
        _with_short_names(find_institutions(text, aliases, extra)),
        find_figures(text),
        frozenset(concepts(text)),
        header,
        find_institutions(header, aliases, extra),
        frozenset(concepts(header)),
    )
