"""Each sentence of an answer is held by the passages that it cites: marks, words, negation."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag_ft.grounding.claims import Claim
from rag_ft.grounding.evidence import Evidence
from rag_ft.grounding.modality import find_contradiction
from rag_ft.grounding.stems import concepts
from rag_ft.schema import Verdict

# Fitted on the built-against half of tests/bench/grounding; a sentence below it is refused.
LEAST_SUPPORT = 0.55
# A passage not cited that holds this much more of a sentence than the cited ones shows a moved mark.
MOST_LEAD = 0.3
# Words that the question has too tell less of whether the passage says so.
ASKED_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Support:
    """How much of a sentence some passages hold: a share of its content words, 0 to 1."""

    share: float
    missing: tuple[str, ...]


def measure_support(claim: Claim, evidence: Sequence[Evidence], question: str = "") -> Support:
    """Give the share of a sentence's content words that stand in the passages, by stems and synonyms."""
    wanted = dict.fromkeys(concepts(claim.text))
    held: set[str] = set()
    for each in evidence:
        held |= each.concepts | each.header_concepts
    asked = set(concepts(question))
    weights = {word: ASKED_WEIGHT if word in asked else 1.0 for word in wanted}
    total = sum(weights.values())
    if not total:
        return Support(1.0, ())
    missing = tuple(word for word in wanted if word not in held)
    return Support(1.0 - sum(weights[word] for word in missing) / total, missing)


def check_citations(
    claim: Claim, cited: Sequence[Evidence], offered: Sequence[Evidence], question: str = ""
) -> list[Verdict]:
    """Give the verdicts on one sentence's marks: in range, held by words, not contradicted."""
    beyond = [mark for mark in claim.marks if not 1 <= mark <= len(offered)]
    if beyond:
        said = f"there are {len(offered)} passages"
        return [Verdict("citation", f"[{mark}]", ok=False, evidence=said) for mark in beyond]
    if not cited:
        return [Verdict("citation", claim.text, ok=False, evidence="it cites no passage")]
    support = measure_support(claim, cited, question)
    if support.share < LEAST_SUPPORT:
        said = (
            f"{support.share:.0%} of its words stand in the cited passages; not: {', '.join(support.missing)}"
        )
        return [Verdict("citation", claim.text, ok=False, evidence=said)]
    rest = [each for each in offered if each not in cited]
    for each in rest:
        other = measure_support(claim, [each], question)
        if other.share - support.share >= MOST_LEAD:
            said = f"{each.name} holds {other.share:.0%} of its words, the cited passages {support.share:.0%}"
            return [Verdict("citation", claim.text, ok=False, evidence=said)]
    fault = find_contradiction(claim.text, "\n\n".join(each.text for each in cited))
    if fault is not None:
        return [Verdict("citation", claim.text, ok=False, evidence=fault)]
    names = ", ".join(each.name for each in cited)
    return [Verdict("citation", claim.text, ok=True, evidence=f"{support.share:.0%} of its words in {names}")]
