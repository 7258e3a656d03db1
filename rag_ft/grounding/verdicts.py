"""The verifier: every check over a candidate, and no way to pass by breaking it."""

import logging
from collections.abc import Callable, Sequence
from datetime import date

from rag_ft.grounding.check_citations import check_citations, measure_support
from rag_ft.grounding.check_currency import check_currency
from rag_ft.grounding.check_figures import check_figures
from rag_ft.grounding.check_institutions import check_institutions
from rag_ft.grounding.check_names import check_names
from rag_ft.grounding.claims import Claim, read_claims
from rag_ft.grounding.evidence import Aliases, Evidence, plain_characters, read_evidence
from rag_ft.institutions import Institution
from rag_ft.schema import DocumentInfo, Passage, Verdict

logger = logging.getLogger(__name__)


def verify(
    question: str,
    candidate: str,
    passages: Sequence[Passage],
    aliases: Aliases | None = None,
    *,
    as_of: date | None = None,
    institutions: Sequence[Institution] = (),
    documents: Sequence[DocumentInfo] = (),
) -> tuple[Verdict, ...]:
    """Check an answer against the passages that it cites; it is grounded where every verdict is ok.

    Args:
        question: the question asked; its words prove nothing.
        candidate: the answer's text; mark `[n]` is `passages[n - 1]`.
        passages: the passages offered, in the order of their marks.
        aliases: what each document defines, by document id.
        as_of: the date asked, None for the latest version at hand.
        institutions: a person's own list, beyond those known.
        documents: every document of the index, so that superseded versions are known.

    A check that breaks gives a verdict that is not ok: the verifier fails closed.
    """
    return fail_closed(
        candidate,
        lambda: _verify(question, candidate, passages, aliases, as_of, institutions, documents),
    )


def fail_closed(candidate: str, check: Callable[[], Sequence[Verdict]]) -> tuple[Verdict, ...]:
    """Make a check; where it breaks, its verdict is that the candidate is not held."""
    try:
        return tuple(check())
    except Exception as error:
        logger.exception("the verifier broke; the answer is refused")
        said = f"the check itself failed ({type(error).__name__}), so the answer counts as not held"
        return (Verdict("citation", candidate[:200], ok=False, evidence=said),)


def weakest_support(
    question: str, candidate: str, passages: Sequence[Passage], aliases: Aliases | None = None
) -> float:
    """Give the share of its words that the least supported sentence has in its cited passages, 0 to 1."""
    offered = read_evidence(passages, aliases)
    claims = read_claims(plain_characters(candidate))
    shares = (measure_support(claim, _cited(claim, offered), question).share for claim in claims)
    return min(shares, default=0.0)


def _verify(
    question: str,
    candidate: str,
    passages: Sequence[Passage],
    aliases: Aliases | None,
    as_of: date | None,
    institutions: Sequence[Institution],
    documents: Sequence[DocumentInfo],
) -> tuple[Verdict, ...]:
    offered = read_evidence(passages, aliases, institutions)
    claims = read_claims(plain_characters(candidate))
    if not claims:
        return (Verdict("citation", candidate, ok=False, evidence="the answer says nothing"),)
    verdicts: list[Verdict] = []
    used: dict[int, Evidence] = {}
    for claim in claims:
        cited = _cited(claim, offered)
        used.update((mark, offered[mark - 1]) for mark in claim.marks if 1 <= mark <= len(offered))
        verdicts += check_citations(claim, cited, offered, question)
        verdicts += check_institutions(claim, cited, institutions)
        verdicts += check_names(claim, cited, institutions)
        verdicts += check_figures(claim, cited, question)
    verdicts += [check_currency(used[mark], as_of, documents) for mark in sorted(used)]
    return tuple(verdicts)


def _cited(claim: Claim, offered: Sequence[Evidence]) -> list[Evidence]:
    return [offered[mark - 1] for mark in claim.marks if 1 <= mark <= len(offered)]
