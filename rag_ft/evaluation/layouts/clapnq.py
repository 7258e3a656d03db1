"""CLAPnq (Rosenthal et al. 2024, arXiv 2404.02103): JSON lines with the gold passage, and its measures."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from rag_ft.errors import DataFormatError
from rag_ft.evaluation.benchmark import Benchmark, given_passage
from rag_ft.evaluation.layouts.reading import missing_key, read_json_lines
from rag_ft.evaluation.measures import Tally
from rag_ft.metrics import rouge_l, rouge_l_precision, token_overlap
from rag_ft.prompts import strip_marks
from rag_ft.schema import Answer, Gold, Passage, Question

# Words by which systems that know no abstention say that a passage does not answer.
_REFUSAL = re.compile(
    r"unanswerable|(?:do not|don['’]t) know|(?:can ?not|can['’]t) (?:be )?answer|not answerable|no answer|"
    r"not enough information|insufficient information|does not (?:answer|contain|provide|mention)|"
    r"not mentioned",
    re.IGNORECASE,
)


def load_clapnq(path: Path) -> Benchmark:
    """Load questions with their passages, answerable and unanswerable files alike.

    Raises:
        PathNotFoundError: there is no such file.
        DataFormatError: it is not in CLAPnq's layout, or holds no question.
    """
    questions: list[Question] = []
    given: dict[str, tuple[Passage, ...]] = {}
    for line, row in read_json_lines(path):
        try:
            identity = str(row["id"])
            passages = tuple(
                given_passage(f"{identity}#{number}", each["title"], each["text"])
                for number, each in enumerate(row["passages"], start=1)
            )
            texts = [each["answer"] for each in row["output"] if each["answer"]]
            questions.append(
                Question(
                    question=row["input"],
                    id=identity,
                    answer=texts[0] if texts else None,
                    alternatives=tuple(texts[1:]),
                    answerable=bool(texts),
                    gold=tuple(Gold(passage.document.id) for passage in passages) if texts else (),
                )
            )
        except (KeyError, TypeError) as error:
            raise missing_key(path, f"line {line}", error, "CLAPnq") from None
        given[identity] = passages
    if not questions:
        raise DataFormatError(f"{path}: holds no question")
    return Benchmark("clapnq", tuple(questions), given=given, own=paper_scores)


def paper_scores(question: Question, answer: Answer, passages: Sequence[Passage]) -> Mapping[str, Tally]:
    """Count what the paper's table 5 reports.

    Over answerable questions: ROUGE-L and the recall of words against the reference, ROUGE-L
    precision against the passage (how extractive the answer is, "RougeLp"), and length in
    characters. Over unanswerable ones: the share recognised as such.
    """
    text = "" if answer.abstained else strip_marks(answer.text)
    refused = answer.abstained or not text or _REFUSAL.search(text) is not None
    if not question.references:
        return {"clapnq_unanswerable": (float(refused), 1.0)}
    best = max(question.references, key=lambda reference: rouge_l(text, reference))
    source = " ".join(passage.text for passage in passages)
    return {
        "clapnq_rouge_l": (rouge_l(text, best), 1.0),
        "clapnq_recall": (token_overlap(text, best)[1], 1.0),
        "clapnq_rouge_lp": (rouge_l_precision(text, source), 1.0),
        "clapnq_length": (float(len(text)), 1.0),
    }
