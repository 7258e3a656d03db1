"""Institution swap: one institution's names replaced throughout a row, so that copying beats remembering."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from rag_ft.examples.drafts import SWAPPED
from rag_ft.examples.structure import draw
from rag_ft.institutions import KNOWN_INSTITUTIONS, Institution, find_institutions
from rag_ft.schema import Example

_KINDS = ("authority", "central bank", "ministry", "agency", "standard setter", "bank", "court")
_INITIALS = r"[A-Z][a-z]?[A-Z.&-]+"
_LETTERS = re.compile(_INITIALS)
# A statute keeps its title, which its number repeats: "Harbour Board Act 1970", "HBA1970".
_NAMED_ON = r"(?:['’]s)?\s+(?:(?:[A-Z]\w+\s+){0,3}Act\b|of\s+(?:the\s+)?[A-Z])"
# The short form that a text gives a name: "(MoD)", "(the “ECB”)".
_SHORTENED = rf"\s+\((?:the\s+)?[“\"‘']?(?P<letters>{_INITIALS})[”\"’']?\)"
# Bodies of no country: what nobody can remember can only be copied.
_MADE_UP = (
    Institution("Financial Authority of Valdora", "authority", ("FAV",)),
    Institution("Merivale Prudential Commission", "authority", ("MPRC",)),
    Institution("Reserve Bank of Ostrava Bay", "central bank", ("RBOB",)),
    Institution("Monetary Council of Tarnland", "central bank", ("MCT",)),
    Institution("Northmark Banking Authority", "authority", ("NBKA",)),
    Institution("Ministry of Treasury of Calder", "ministry", ("MTC",)),
)
_BY_NAME = {institution.name: institution for institution in KNOWN_INSTITUTIONS}


def swap_institution(example: Example, seed: int, share: float) -> Example:
    """Replace one institution by another in question, passages and target, in a share of the rows.

    Every name and every alias of it is replaced; letters become letters and a full name a
    full name. A row that names no known institution stays as it is, as does one whose
    point is a name that the passages do not hold.

    Args:
        example: an example.
        seed: decides with the example's id whether, which and by what.
        share: the share of the rows naming an institution that are changed, 0 to 1.
    """
    luck = random.Random(draw(seed, example.id, "swap"))  # noqa: S311  no secret hangs on it
    if luck.random() >= share or example.family.startswith("premise."):
        return example
    whole = "\n".join([example.question, example.target, *(passage.text for passage in example.passages)])
    named = sorted({mention.name for mention in find_institutions(whole)})
    # What answers must name it: a question that alone names a stranger asks about a stranger.
    evidence = "\n".join(passage.text for passage in example.passages if passage.gold or example.abstain)
    known = [_BY_NAME[name] for name in named if name in _BY_NAME]
    there = [
        each
        for each in known
        if each.kind in _KINDS and _holds(each, evidence) and not _is_part_of_name(each, whole)
    ]
    if not there:
        return example
    # What the question or the answer names is the better lesson.
    asked = [each for each in there if _holds(each, f"{example.question}\n{example.target}")]
    gone = _with_letters(luck.choice(asked or there), whole)
    strangers = [each for each in _candidates(gone) if not _holds(each, whole)]
    if not strangers:
        return example
    spellings = _pairs(gone, luck.choice(strangers))
    return replace(
        example,
        question=_replace(example.question, spellings),
        passages=tuple(
            replace(passage, text=_replace(passage.text, spellings)) for passage in example.passages
        ),
        target=_replace(example.target, spellings),
        template=f"{example.template}{SWAPPED}",
    )


def _is_part_of_name(institution: Institution, text: str) -> bool:
    """Tell whether a text names an Act after it, or another's body: "the Harbour Board of the Isles"."""
    spellings = (institution.name, *institution.aliases)
    return any(re.search(rf"{_pattern(name).pattern}{_NAMED_ON}", text) for name in spellings)


def _with_letters(gone: Institution, text: str) -> Institution:
    """Add the letters that a text itself gives an institution: "Harbour Board (HaB)"."""
    found = {
        each["letters"]
        for name in (gone.name, *gone.aliases)
        if " " in name
        for each in re.finditer(rf"{_pattern(name).pattern}{_SHORTENED}", text)
    }
    return replace(gone, aliases=(*gone.aliases, *sorted(found.difference(gone.aliases, {gone.name}))))


def _candidates(gone: Institution) -> Sequence[Institution]:
    """List what may stand for an institution: of its kind, with letters where it has letters."""
    kinds = {"authority", "central bank"} if gone.kind in ("authority", "central bank") else {gone.kind}
    return [
        each
        for each in (*_MADE_UP, *KNOWN_INSTITUTIONS)
        if each.kind in kinds and each.name != gone.name and (_letters(each) or not _letters(gone))
    ]


def _letters(institution: Institution) -> str | None:
    return next((alias for alias in institution.aliases if _LETTERS.fullmatch(alias)), None)


def _holds(institution: Institution, text: str) -> bool:
    return any(_pattern(name).search(text) for name in (institution.name, *institution.aliases))


def _pairs(gone: Institution, new: Institution) -> dict[str, str]:
    """Pair every spelling of the one with a spelling of the other."""
    letters = _letters(new) or new.name
    return {
        spelling: letters if _LETTERS.fullmatch(spelling) else new.name
        for spelling in (gone.name, *gone.aliases)
    }


def _replace(text: str, spellings: dict[str, str]) -> str:
    # The longest first: "MAS" stands inside no longer name that is still to come.
    names = sorted(spellings, key=len, reverse=True)
    together = re.compile("|".join(f"(?:{_pattern(name).pattern})" for name in names))
    folded = {" ".join(name.casefold().split()): new for name, new in spellings.items()}
    return together.sub(lambda found: folded[" ".join(found.group().casefold().split())], text)


def _pattern(name: str) -> re.Pattern[str]:
    """Match a spelling as whole words over any white space; letters only as they are written."""
    words = r"\s+".join(re.escape(word) for word in name.split())
    inner = words if _LETTERS.fullmatch(name) or " " not in name else f"(?i:{words})"
    return re.compile(rf"(?<!\w){inner}(?!\w)")
