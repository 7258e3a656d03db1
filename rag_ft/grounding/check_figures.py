"""Every figure of an answer stands in a cited passage, with the same unit and the same role."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag_ft.grounding.claims import Claim
from rag_ft.grounding.concepts import concepts
from rag_ft.grounding.evidence import Evidence, read_evidence
from rag_ft.grounding.figures import Figure, find_figures
from rag_ft.grounding.figures.figure import plain
from rag_ft.grounding.figures.numbers import NUMBER, read_number
from rag_ft.grounding.roles import find_role_fault
from rag_ft.schema import Passage, Verdict


def check_figures(claim: Claim, cited: Sequence[Evidence], question: str = "") -> list[Verdict]:
    """Give a verdict on each figure of a claim."""
    return [_check(figure, claim, cited, question) for figure in find_figures(claim.text)]


def find_unstated(figures: Sequence[Figure], passages: Sequence[Passage]) -> list[Figure]:
    """Give the figures that no passage has, in whatever role, nor the place where it stands."""
    offered = read_evidence(passages) if figures else ()
    return [
        figure
        for figure in figures
        if not any(any(figure.same(o) for o in e.figures) or _in_header(figure, e) for e in offered)
    ]


def _check(figure: Figure, claim: Claim, cited: Sequence[Evidence], question: str) -> Verdict:
    if figure.kind == "count" and figure.value == "0":
        figure = replace(figure, kind="percent", unit="percent")  # "zero appreciation" is zero percent of it
    if figure.kind == "count" and figure.text.casefold() == "one" and not _is_counted(figure, cited):
        return Verdict("figure", figure.text, ok=True, evidence="says no more than a singular does")
    if figure.value == "next" and not any(each.value == "next" for e in cited for each in e.figures):
        return Verdict("figure", figure.text, ok=True, evidence="no cited passage counts in such steps")
    faults = []
    for evidence in cited:
        occurrences = [
            other for other in evidence.figures if figure.same(other) and _counts(figure, other, evidence)
        ]
        if occurrences:
            fault = find_role_fault(figure, claim.text, question, occurrences, evidence.text)
            if fault is None:
                return Verdict(
                    "figure", figure.text, ok=True, evidence=f"{evidence.name} has {occurrences[0].text}"
                )
            faults.append(f"{evidence.name}: {fault}")
        elif figure.kind in ("reference", "date") and _in_header(figure, evidence):
            return Verdict("figure", figure.text, ok=True, evidence=f"it is where {evidence.name} stands")
    if faults:
        return Verdict("figure", figure.text, ok=False, evidence="; ".join(faults))
    bare = _bare_number(figure, cited)
    if bare is not None:
        return Verdict("figure", figure.text, ok=True, evidence=f"it says the number of {bare.text}")
    return Verdict("figure", figure.text, ok=False, evidence=_missing(figure, cited))


def _bare_number(figure: Figure, cited: Sequence[Evidence]) -> Figure | None:
    """Find the period or count that a number without a noun shortens: "extended to 21" for "21 days"."""
    if figure.kind != "count" or figure.unit or concepts(figure.noun):
        return None
    for each in (other for evidence in cited for other in evidence.figures):
        number = _NUMBER.match(each.text) if each.kind in ("period", "count") else None
        if number is not None and plain(read_number(number.group())) == figure.value:
            return each
    return None


_NUMBER = re.compile(rf"{NUMBER}\b", re.IGNORECASE)


def _is_counted(figure: Figure, cited: Sequence[Evidence]) -> bool:
    """Tell whether a cited passage counts what a figure counts."""
    mine = set(concepts(figure.noun))
    counts = (each for evidence in cited for each in evidence.figures if each.kind == "count")
    return any(mine & set(concepts(each.noun)) for each in counts)


def _counts(figure: Figure, other: Figure, evidence: Evidence) -> bool:
    """Tell whether two equal counts may count the same: not where each names another thing."""
    if figure.kind != "count" or not figure.noun:
        return True
    mine = set(concepts(figure.noun))
    if not mine or mine & set(concepts(other.noun)):
        return True
    # A bare count there will do, unless another number there counts the very thing.
    return not concepts(other.noun) and not _is_counted(figure, [evidence])


def _in_header(figure: Figure, evidence: Evidence) -> bool:
    """Tell whether a number is the passage's own: its document's, or its paragraph's label."""
    info = evidence.passage.document
    dates = [day.isoformat() for day in (info.issued, info.revised, info.effective) if day]
    if any(figure.same(other) for other in find_figures(f"{evidence.header}; {'; '.join(dates)}")):
        return True
    if figure.kind != "reference":
        return False
    if figure.unit == "year of the law":
        # The passage calls the law by the short name that its document gives it: "FSM Act".
        return any(a.name.endswith(f" {figure.value}") and a.alias in evidence.text for a in evidence.aliases)
    number = (evidence.passage.document.number or "").casefold().replace("-", "").replace(" ", "")
    if figure.unit == "notice":
        return bool(number) and figure.value == number.removeprefix("notice").removeprefix("mas")
    label = evidence.passage.label.casefold()
    for word in ("s ", "section ", "paragraph ", "para "):
        label = label.removeprefix(word)
    return label == figure.value or label.startswith(tuple(figure.value + end for end in ("(", ".", " ")))


def _missing(figure: Figure, cited: Sequence[Evidence]) -> str:
    if not cited:
        return "its sentence cites no passage"
    there = dict.fromkeys(f.text for e in cited for f in e.figures if f.kind == figure.kind)
    return f"no cited passage has it; {figure.kind}s there: {', '.join(there) or 'none'}"
