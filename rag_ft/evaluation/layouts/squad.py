"""SQuAD 1.1 and 2.0 (Rajpurkar et al. 2018, arXiv 1806.03822): one JSON file of articles."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rag_ft.errors import DataFormatError
from rag_ft.evaluation.benchmark import Benchmark, corpus_document, given_passage
from rag_ft.evaluation.layouts.reading import missing_key, read_json
from rag_ft.evaluation.measures import Tally
from rag_ft.metrics import exact_match, token_f1
from rag_ft.prompts import strip_marks
from rag_ft.schema import Answer, Document, Gold, Passage, Question


def load_squad(path: Path) -> Benchmark:
    """Load articles as documents, and each question with its own paragraph.

    Raises:
        PathNotFoundError: there is no such file.
        DataFormatError: it is not in SQuAD's layout, or holds no question.
    """
    data = read_json(path)
    questions: list[Question] = []
    documents: list[Document] = []
    given: dict[str, tuple[Passage, ...]] = {}
    try:
        for article in data["data"]:
            name = article["title"]
            contexts = [(str(n), each["context"]) for n, each in enumerate(article["paragraphs"], start=1)]
            documents.append(corpus_document(name, name.replace("_", " "), contexts))
            for number, each in enumerate(article["paragraphs"], start=1):
                passage = given_passage(f"{name}#{number}", name.replace("_", " "), each["context"])
                for row in each["qas"]:
                    question = _question(row, Gold(name, str(number)))
                    questions.append(question)
                    given[question.id] = (passage,)
    except (KeyError, TypeError, AttributeError) as error:
        raise missing_key(path, "data", error, "SQuAD") from None
    if not questions:
        raise DataFormatError(f"{path}: holds no question")
    return Benchmark("squad2", tuple(questions), tuple(documents), given, official_scores)


def official_scores(question: Question, answer: Answer, _: Sequence[Passage]) -> Mapping[str, Tally]:
    """Count exact match and F1 as the official script does: over all questions, silence for no answer."""
    text = "" if answer.abstained else strip_marks(answer.text)
    references = question.references or ("",)
    return {
        "squad_exact": (max(exact_match(text, reference) for reference in references), 1.0),
        "squad_f1": (max(token_f1(text, reference) for reference in references), 1.0),
    }


def _question(row: Mapping[str, object], gold: Gold) -> Question:
    answers = row["answers"]
    texts = list(dict.fromkeys(each["text"] for each in answers)) if isinstance(answers, list) else []
    impossible = bool(row.get("is_impossible", False))
    answerable = bool(texts) and not impossible
    return Question(
        question=str(row["question"]).strip(),
        id=str(row["id"]),
        answer=texts[0] if answerable else None,
        alternatives=tuple(texts[1:]) if answerable else (),
        answerable=answerable,
        gold=(gold,) if answerable else (),
    )
