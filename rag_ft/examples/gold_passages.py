"""The passages of an index that a person marked as gold."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rag_ft.gold import holds_quote, is_gold_document, is_gold_paragraph
from rag_ft.schema import Gold, Passage, Question

_WORD = re.compile(r"\w+")


def find_gold(
    passages: Iterable[Passage], questions: Sequence[Question], *, exact: bool = False
) -> list[list[list[Passage]]]:
    """Find the passages of every gold of every question, in its order; empty where nothing matches.

    Passages are read once, in their order.

    Args:
        passages: where to look.
        questions: whose gold to find.
        exact: their gold names documents by id, not by a path or a number.
    """
    wanted = [
        (row, place, gold)
        for row, question in enumerate(questions)
        for place, gold in enumerate(question.gold)
    ]
    found: list[list[list[Passage]]] = [[[] for _ in question.gold] for question in questions]
    by_id: defaultdict[str, list[tuple[int, int, Gold]]] = defaultdict(list)
    for entry in wanted:
        by_id[entry[2].document].append(entry)
    by_document: dict[str, list[tuple[int, int, Gold]]] = {}
    for passage in passages:
        document = passage.document
        if document.id not in by_document:
            names = [document.id] if exact else by_id
            by_document[document.id] = [
                entry
                for name in names
                if exact or is_gold_document(document, Gold(name))
                for entry in by_id.get(name, ())
            ]
        for row, place, gold in by_document[document.id]:
            if is_gold_paragraph(passage, gold):
                found[row][place].append(passage)
    return found


def best_part(parts: Sequence[Passage], question: Question, gold: Gold) -> Passage:
    """Choose, of the passages of one paragraph, the one that holds the quote, else most of the answer."""
    said = f"{gold.quote or ''} {question.answer or ''}"
    words = set(_WORD.findall(said.casefold()))

    def held(passage: Passage) -> tuple[bool, int]:
        quoted = gold.quote is not None and holds_quote(passage.text, gold.quote)
        return quoted, len(words & set(_WORD.findall(passage.text.casefold())))

    return max(parts, key=held)  # the first of equals
