"""Drafts out of an index: every passage in force, read by every family, few rows a paragraph."""

import hashlib
import string
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby

from rag_ft.examples.agreement import agree
from rag_ft.examples.drafts import Ask, Draft
from rag_ft.examples.families import FINDERS, TEMPLATES
from rag_ft.examples.families.reading import Reading
from rag_ft.examples.statements import link_words
from rag_ft.schema import Passage

ROWS_A_PARAGRAPH = 3
# The slots that may be the subject of a verb.
_SUBJECTS = ("doc", "casual", "what", "subject", "agent", "thing", "who", "letters")


def draft_passages(
    passages: Iterable[Passage], seed: int, rows_a_paragraph: int = ROWS_A_PARAGRAPH
) -> Iterator[Draft]:
    """Draft questions from passages, document by document; at most so many a paragraph.

    Rare families come first where a paragraph gives more: what they are counts from the
    documents read so far. The same passages in the same order give the same drafts.
    """
    seen: Counter[str] = Counter()
    for _, group in groupby(passages, key=lambda passage: passage.document.id):
        document = list(group)
        links = link_words(document)
        terms = Counter(passage.term.casefold() for passage in document if passage.term)
        left: Counter[str] = Counter()
        for passage in document:
            reading = Reading(passage, links, terms)
            asks = [ask for finder in FINDERS for ask in finder(reading)]
            room = rows_a_paragraph - left[passage.label]
            for ask in sorted(asks, key=lambda ask: (seen[ask.family], ask.family))[: max(room, 0)]:
                draft = write(ask, passage, seed)
                if draft:
                    seen[ask.family] += 1
                    left[passage.label] += 1
                    yield draft


def write(ask: Ask, passage: Passage, seed: int) -> Draft | None:
    """Put a question into words, by one of its family's templates; None where none fits."""
    fitting = [
        (number, template)
        for number, template in enumerate(TEMPLATES[ask.family], start=1)
        if all(ask.slots.get(name) for name in template_slots(template))
    ]
    # A bracket left open says that the sentence was cut.
    if not fitting or ask.answer.count("(") != ask.answer.count(")"):
        return None
    number, template = fitting[draw(seed, passage.id, ask.family, ask.answer) % len(fitting)]
    question = template.format_map(ask.slots)
    question = agree(question, *(ask.slots.get(name) for name in _SUBJECTS))
    question = question[0].upper() + question[1:]
    return Draft(
        id=f"s{draw(passage.id, question):016x}",
        question=question,
        answer=None if ask.absent else ask.answer,
        gold=() if ask.absent else (passage,),
        names="provision" if "provision" in template_slots(template) else "document",
        quotes=ask.quotes,
        source=passage.document.id,
        family=ask.family,
        template=f"{ask.family}.{number}",
        absent=ask.absent,
    )


@cache
def template_slots(template: str) -> frozenset[str]:
    """List the slots of a template."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def draw(*parts: object) -> int:
    """Draw 64 bits that depend on the parts alone, so that no row's luck hangs on another's."""
    text = "\0".join(map(str, parts))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
