"""The measures: what each is called, what it counts, over which questions, and which way is better."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rag_ft.metrics import RETRIEVAL_MEASURES

Group = Literal["answers", "citations", "trust", "abstention", "retrieval", "benchmark", "latency"]

# What one question adds above and below the line of each measure; a measure that does not
# apply to the question is left out.
Tally = tuple[float, float]
Tallies = Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: the ratio of two sums over questions, or a statistic of seconds.

    Group "benchmark" holds what the papers of public sets report; it is taken only on them.
    """

    name: str
    title: str
    group: Group
    says: str
    better: Literal["higher", "lower"] = "higher"
    unit: Literal["share", "seconds", "characters"] = "share"


_RETRIEVAL_WORDS = {
    "R": "share of a question's gold paragraphs among the first {k}",
    "Success": "share of questions with any gold paragraph among the first {k}",
    "RR": "reciprocal rank of the first gold paragraph, nought beyond {k} (MRR)",
    "AP": "average precision over the first {k}, divided by all gold paragraphs (MAP)",
    "nDCG": "discounted gain over the first {k}, against the ideal order",
}


def _retrieval_measure(name: str) -> Measure:
    kind, depth = name.split("@")
    title = {"R": "Recall", "Success": "Success", "RR": "MRR", "AP": "MAP", "nDCG": "nDCG"}[kind]
    return Measure(name, f"{title}@{depth}", "retrieval", _RETRIEVAL_WORDS[kind].format(k=depth))


MEASURES: tuple[Measure, ...] = (
    Measure(
        "coverage",
        "Coverage",
        "abstention",
        "answers given, over all questions",
    ),
    Measure(
        "answerable_coverage",
        "Coverage of answerable",
        "abstention",
        "answers given, over answerable questions",
    ),
    Measure(
        "abstention_precision",
        "Abstention precision",
        "abstention",
        "unanswerable questions among the abstentions",
    ),
    Measure(
        "abstention_recall",
        "Abstention recall",
        "abstention",
        "abstentions among the unanswerable questions",
    ),
    Measure(
        "right",
        "Right",
        "answers",
        "states the figures of the reference, and two thirds of its words or of a gold quote's, or is "
        "contained in a gold paragraph that it cites; over answerable questions with a reference",
    ),
    Measure(
        "exact_match",
        "Exact match",
        "answers",
        "the answer is the reference, SQuAD's normalisation; over answerable questions with a reference",
    ),
    Measure(
        "token_f1",
        "Token F1",
        "answers",
        "overlap of words with the reference (SQuAD); over answerable questions with a reference",
    ),
    Measure(
        "rouge_l",
        "ROUGE-L",
        "answers",
        "longest common subsequence with the reference, F; over answerable questions with a reference",
    ),
    Measure(
        "gold_document_cited",
        "Gold document cited",
        "citations",
        "a citation points into a gold document; over answerable questions with gold",
    ),
    Measure(
        "gold_paragraph_cited",
        "Gold paragraph cited",
        "citations",
        "a citation points to a gold paragraph; over answerable questions with gold",
    ),
    Measure(
        "gold_quote_cited",
        "Gold quote cited",
        "citations",
        "a cited passage holds a gold quote whole; over answerable questions with a gold quote",
    ),
    Measure(
        "citation_recall",
        "Citation recall",
        "citations",
        "statements that their citations support together (ALCE); over answers given",
    ),
    Measure(
        "citation_precision",
        "Citation precision",
        "citations",
        "citations that support their statement and are needed (ALCE); over answers given",
    ),
    Measure(
        "hallucinated_institution",
        "Hallucinated institutions",
        "trust",
        "answers that name an institution which no cited passage names; over answers given",
        "lower",
    ),
    Measure(
        "wrong_figure",
        "Wrong figures",
        "trust",
        "answers that state a figure which no cited passage holds; over answers given",
        "lower",
    ),
    Measure(
        "risk",
        "Wrong answers",
        "trust",
        "answers that are not right, or to what has no answer; over answers given that can be judged",
        "lower",
    ),
    Measure(
        "misleading",
        "Misleading answers",
        "trust",
        "answers to what has no answer, from another document than the gold one, or with another figure of "
        "the kind asked for; over all questions, as `ragft ask --risk` promises",
        "lower",
    ),
    Measure(
        "squad_exact",
        "SQuAD exact match",
        "benchmark",
        "over all questions; silence where there is no answer",
    ),
    Measure("squad_f1", "SQuAD F1", "benchmark", "over all questions; silence where there is no answer"),
    Measure("clapnq_rouge_l", "CLAPnq ROUGE-L", "benchmark", "with the reference; over answerable questions"),
    Measure(
        "clapnq_recall",
        "CLAPnq recall",
        "benchmark",
        "words of the reference said; over answerable questions",
    ),
    Measure(
        "clapnq_rouge_lp",
        "CLAPnq RougeLp",
        "benchmark",
        "ROUGE-L precision with the passage; answerable ones",
    ),
    Measure("clapnq_length", "CLAPnq length", "benchmark", "characters an answer", unit="characters"),
    Measure("clapnq_unanswerable", "CLAPnq unanswerable", "benchmark", "unanswerable questions recognised"),
    Measure(
        "rgb_accuracy",
        "RGB accuracy",
        "benchmark",
        "every part of the answer is said; where a passage answers",
    ),
    Measure("rgb_rejection", "RGB rejection", "benchmark", "refused; where no passage answers"),
    Measure("latency_p50", "Latency, median", "latency", "seconds a question", "lower", "seconds"),
    Measure("latency_p95", "Latency, 95th percentile", "latency", "seconds a question", "lower", "seconds"),
    *(_retrieval_measure(name) for name in RETRIEVAL_MEASURES),
)

BY_NAME: dict[str, Measure] = {measure.name: measure for measure in MEASURES}
