"""Measures by their public definitions, for one question or one ranking each.

Every value lies in [0, 1], higher is better. Averages and intervals are made in
`rag_ft.evaluation`.
"""

import re
import string
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

# trec_eval's names as ir-measures writes them: AP@k averages precision over all relevant
# items, RR@k is the reciprocal rank of the first, Success@k whether any is among k.
RETRIEVAL_MEASURES = (
    "R@1",
    "R@5",
    "R@10",
    "R@20",
    "Success@1",
    "Success@5",
    "Success@10",
    "Success@20",
    "RR@10",
    "AP@10",
    "nDCG@10",
)

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise_answer(text: str) -> str:
    """Lower-case, drop ASCII punctuation and articles, fold spaces: SQuAD's `normalize_answer`.

    Source: the official SQuAD 2.0 evaluation script (Rajpurkar et al. 2018, arXiv 1806.03822).
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(prediction: str, reference: str) -> float:
    """Return 1 where both texts are the same after SQuAD's normalisation, else 0."""
    return float(normalise_answer(prediction) == normalise_answer(reference))


def token_f1(prediction: str, reference: str) -> float:
    """Return SQuAD's F1 over the bags of normalised words; 1 where both are empty."""
    _, _, f1 = token_overlap(prediction, reference)
    return f1


def token_overlap(prediction: str, reference: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 over the bags of normalised words (SQuAD)."""
    predicted = normalise_answer(prediction).split()
    expected = normalise_answer(reference).split()
    if not predicted or not expected:
        both_empty = float(predicted == expected)
        return both_empty, both_empty, both_empty
    same = (Counter(predicted) & Counter(expected)).total()
    if same == 0:
        return 0.0, 0.0, 0.0
    precision, recall = same / len(predicted), same / len(expected)
    return precision, recall, 2 * precision * recall / (precision + recall)


def rouge_l(prediction: str, reference: str) -> float:
    """Return the F-measure of ROUGE-L (Lin 2004) by Google's `rouge-score`, with stemming."""
    return float(_rouge().score(reference, prediction)["rougeL"].fmeasure)


def rouge_l_precision(prediction: str, source: str) -> float:
    """Return ROUGE-L precision: the share of the prediction that follows the source's words in order."""
    return float(_rouge().score(source, prediction)["rougeL"].precision)


def citation_f1(predicted: Collection[int], gold: Collection[int]) -> float:
    """Return the F1 between the marks given and the marks expected; 1 where both are empty."""
    given, expected = set(predicted), set(gold)
    if not given and not expected:
        return 1.0
    return 2 * len(given & expected) / (len(given) + len(expected))


def retrieval_measures(
    rankings: Mapping[str, Sequence[str]],
    relevant: Mapping[str, Collection[str]],
    measures: Sequence[str] = RETRIEVAL_MEASURES,
) -> dict[str, dict[str, float]]:
    """Score rankings, best first, against what is relevant, by trec_eval through ir-measures.

    Args:
        rankings: question id to ids found, best first, each at most once.
        relevant: question id to the ids that answer it; a question without any is left out,
            and one that is not in `rankings` scores 0.
        measures: names that ir-measures parses, such as "R@10" or "nDCG@10".

    Returns:
        Measure name to question id to value.
    """
    import ir_measures  # brings a C extension and numpy: not for every import of this module

    parsed = [ir_measures.parse_measure(name) for name in measures]
    qrels = [
        ir_measures.Qrel(question, item, 1) for question, items in relevant.items() for item in set(items)
    ]
    run = [
        ir_measures.ScoredDoc(question, item, float(-rank))
        for question, items in rankings.items()
        for rank, item in enumerate(items)
    ]
    values: dict[str, dict[str, float]] = {
        name: {question: 0.0 for question, items in relevant.items() if items} for name in measures
    }
    if qrels and run:
        for metric in ir_measures.iter_calc(parsed, qrels, run):
            values[str(metric.measure)][metric.query_id] = float(metric.value)
    return values


@lru_cache(maxsize=1)
def _rouge() -> Any:  # noqa: ANN401  rouge-score ships no types
    from rouge_score import rouge_scorer  # draws nltk in: two seconds that only ROUGE should cost

    return rouge_scorer.RougeScorer(["rougeL"], use_stemmer=True)
