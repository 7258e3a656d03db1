"""Marks mended before an answer is judged: those that support nothing dropped, plain ones added."""

from collections.abc import Sequence

from rag_ft.grounding.check_citations import check_citations, measure_support
from rag_ft.grounding.check_figures import check_figures
from rag_ft.grounding.check_institutions import check_institutions
from rag_ft.grounding.check_names import check_names
from rag_ft.grounding.claims import Claim, read_claims
from rag_ft.grounding.evidence import Aliases, Evidence, read_evidence
from rag_ft.institutions import Institution
from rag_ft.schema import Passage, Verdict

# A mark whose passage holds less of a sentence than this supports nothing of it.
LEAST_SHARE = 0.3
# A mark is added only where a passage holds this much of a sentence, and every check agrees.
PLAIN_SHARE = 0.7


def repair_citations(
    question: str,
    answer: str,
    passages: Sequence[Passage],
    aliases: Aliases | None = None,
    institutions: Sequence[Institution] = (),
) -> str:
    """Drop the marks of an answer that support nothing, and add those that are plain.

    The words of the answer stay as they are; what is still unsupported fails the checks.
    """
    offered = read_evidence(passages, aliases, institutions)
    claims = read_claims(answer)
    return " ".join(
        _written(answer, claim, _marks(claim, offered, question, institutions)) for claim in claims
    )


def _marks(
    claim: Claim, offered: Sequence[Evidence], question: str, institutions: Sequence[Institution]
) -> tuple[int, ...]:
    kept = tuple(mark for mark in claim.marks if 1 <= mark <= len(offered))
    for mark in kept:
        rest = [offered[other - 1] for other in kept if other != mark]
        support = measure_support(claim, [offered[mark - 1]], question)
        if support.share < LEAST_SHARE and _faults(claim, rest, question, institutions) <= _faults(
            claim, [*rest, offered[mark - 1]], question, institutions
        ):
            kept = tuple(other for other in kept if other != mark)
    if kept:
        return kept
    shares = [(measure_support(claim, [each], question).share, -at) for at, each in enumerate(offered)]
    for share, at in sorted(shares, reverse=True):
        holder = [offered[-at]]
        alone = Claim(claim.text, (1 - at,), claim.span)
        if share < PLAIN_SHARE or _faults(alone, holder, question, institutions):
            continue
        if all(verdict.ok for verdict in check_citations(alone, holder, offered, question)):
            return alone.marks
    return ()


def _faults(
    claim: Claim, cited: Sequence[Evidence], question: str, institutions: Sequence[Institution]
) -> int:
    """Count the names and figures of a sentence that some passages do not hold."""
    verdicts: list[Verdict] = [
        *check_institutions(claim, cited, institutions),
        *check_names(claim, cited, institutions),
        *check_figures(claim, cited, question),
    ]
    return sum(not verdict.ok for verdict in verdicts)


def _written(answer: str, claim: Claim, marks: Sequence[int]) -> str:
    """Write a sentence with its marks before its full stop; one whose marks hold stays as it was."""
    if tuple(marks) == claim.marks:
        return answer[claim.span.start : claim.span.end]
    text = claim.text.rstrip()
    end = text[-1] if text[-1:] in ".!?;" else ""
    cited = "".join(f"[{mark}]" for mark in marks)
    return f"{text.removesuffix(end).rstrip()} {cited}{end}" if cited else text
