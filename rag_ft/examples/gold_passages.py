"""The passages of an index that a person marked as gold."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rag_ft.gold import is_gold_document, is_gold_paragraph
from rag_ft.schema import Gold, Passage, Question


def find_gold(passages: Iterable[Passage], questions: Sequence[Question]) -> list[tuple[Passage, ...]]:
    """Find, for every question, the passages that its gold names; none where nothing matches.

    Passages are read once, in their order.
    """
    wanted = [(row, gold) for row, question in enumerate(questions) for gold in question.gold]
    by_document: dict[str, list[tuple[int, Gold]]] = {}
    found: defaultdict[int, list[Passage]] = defaultdict(list)
    for passage in passages:
        document = passage.document
        if document.id not in by_document:
            by_document[document.id] = [
                (row, gold) for row, gold in wanted if is_gold_document(document, gold)
            ]
        for row, gold in by_document[document.id]:
            if passage not in found[row] and is_gold_paragraph(passage, gold):
                found[row].append(passage)
    return [tuple(found[row]) for row in range(len(questions))]
