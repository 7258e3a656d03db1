"""Each sentence of an answer is held by the passages that it cites: marks, words, negation."""

import re
from collections.abc import Container, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rag_ft.grounding.claims import Claim
from rag_ft.grounding.concepts import LIGHT_WORDS, concepts, is_akin
from rag_ft.grounding.contradiction import find_contradiction
from rag_ft.grounding.denials import find_denied_state, find_outsider, find_unheld_denial
from rag_ft.grounding.evidence import Evidence
from rag_ft.grounding.figures import find_figures
from rag_ft.grounding.limbs import write_out
from rag_ft.grounding.opposites import find_opposite
from rag_ft.grounding.wording import find_swapped_words, find_turned_word, is_verbatim
from rag_ft.institutions import find_institutions
from rag_ft.schema import Verdict

# Fitted on the built-against half of tests/bench/grounding; a sentence below it is refused.
LEAST_SUPPORT = 0.45
# A passage not cited that holds this much more of a sentence than the cited ones shows a moved mark.
MOST_LEAD = 0.25
# An answer of so few words or fewer ("At least S$200 million") speaks with its question's words.
SHORT_CLAIM = 3
# Words that the question has too tell less of whether the passage says so.
ASKED_WEIGHT = 0.5
# Words that English puts anywhere ("give", "turn") tell least of all.
LIGHT_WEIGHT = 0.35
# The "No" that answers the question is none of what follows it.
_ANSWERED = re.compile(r"^\s*(?:yes|no)\s*[,:.;—–-]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Support:
    """How much of a sentence some passages hold: a share of its content words, 0 to 1."""

    share: float
    missing: tuple[str, ...]


def measure_support(claim: Claim, evidence: Sequence[Evidence], question: str = "") -> Support:
    """Give the share of a sentence's content words that stand in the passages, by stems and synonyms.

    Institutions, the names of documents and figures are left out: each has its own check.
    """
    wanted = dict.fromkeys(concepts(_without_names(claim.text, evidence)))
    asked = dict.fromkeys(concepts(question))
    held: frozenset[str] = frozenset().union(*(each.concepts | each.header_concepts for each in evidence))
    own = _share(wanted, asked, held)
    if len(wanted) > SHORT_CLAIM or not asked:
        return own
    return max(own, _share(wanted | asked, asked, held), key=lambda support: support.share)


def _share(wanted: Iterable[str], asked: Container[str], held: AbstractSet[str]) -> Support:
    weights = {
        word: LIGHT_WEIGHT if word in LIGHT_WORDS else ASKED_WEIGHT if word in asked else 1.0
        for word in wanted
    }
    missing = tuple(word for word in weights if word not in held and not is_akin(word, held))
    if not weights:
        return Support(1.0, ())
    return Support(1.0 - sum(weights[word] for word in missing) / sum(weights.values()), missing)


def _find_contradiction(claim: Claim, cited: Sequence[Evidence], question: str) -> str | None:
    if any(is_verbatim(claim.text, each.text) for each in cited):
        return None
    text = _ANSWERED.sub("", claim.text)
    for each in cited:
        changed = find_turned_word(text, each.text) or find_swapped_words(text, each.text, question)
        if changed is not None:
            return changed
    passage = write_out("\n\n".join(each.text for each in cited))
    return (
        find_opposite(text, passage)
        or find_unheld_denial(_without_names(text, cited), passage)
        or find_denied_state(text, passage)
        or find_outsider(text, passage)
        or find_contradiction(text, passage)
    )


def _without_names(text: str, evidence: Sequence[Evidence]) -> str:
    aliases = tuple(dict.fromkeys(alias for each in evidence for alias in each.aliases))
    spans = [mention.span for mention in find_institutions(text, aliases)]
    for start, end in [*spans, *(figure.span for figure in find_figures(text))]:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


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
    fault = _find_contradiction(claim, cited, question)
    if fault is not None:
        return [Verdict("citation", claim.text, ok=False, evidence=fault)]
    names = ", ".join(each.name for each in cited)
    return [Verdict("citation", claim.text, ok=True, evidence=f"{support.share:.0%} of its words in {names}")]
