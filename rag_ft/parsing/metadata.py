"""What a document is: kind, number, title, dates, addressees; what is declared wins over the text."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

from rag_ft.parsing.blocks import Source
from rag_ft.parsing.dates import as_date, first_date, labelled_date, latest_tag
from rag_ft.parsing.titles import front_title, in_title_case
from rag_ft.schema import DocumentInfo, Kind

# The order matters: a guideline names the notice it explains, a consultation the guideline.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("consultation", re.compile(r"\bconsultation paper\b", re.IGNORECASE)),
    ("faq", re.compile(r"\bfrequently asked questions\b|\bFAQs? on\b", re.IGNORECASE)),
    ("circular", re.compile(r"\bcircular no\b|^circular\b", re.IGNORECASE | re.MULTILINE)),
    ("guideline", re.compile(r"\bguidelines? (?:no|to|on|for)\b", re.IGNORECASE)),
    ("code", re.compile(r"^(?:the )?(?:singapore )?code (?:of|on)\b", re.IGNORECASE | re.MULTILINE)),
    ("direction", re.compile(r"^directions? (?:to|under|issued)\b", re.IGNORECASE | re.MULTILINE)),
    (
        "notice",
        re.compile(r"^(?:MAS )?notice (?:no\b|to\b|[A-Z]{0,4}-?[A-Z]?\d)", re.IGNORECASE | re.MULTILINE),
    ),
    (
        "regulations",
        re.compile(r"\bregulations (?:19|20)\d\d\b|\bin exercise of the powers\b", re.IGNORECASE),
    ),
    (
        "statement",
        re.compile(
            r"\bmonetary policy statement\b|\bpress statement\b|\breaffirms monetary policy\b", re.IGNORECASE
        ),
    ),
)
_GUIDELINES_TO = re.compile(
    r"\bguidelines? to (?:MAS )?notices? ([A-Z]{0,4}-?[A-Z]?\d{2,4}[A-Z]?)\b", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"\b(?:guidelines?|circular|notice|consultation paper) no\.?:? *(?P<number>[A-Z0-9][A-Z0-9/.-]*[A-Z0-9])",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\bnotice (?:no\.? *)?(?P<number>(?:[A-Z]{2,4}-?)?[A-Z]?\d{2,4}[A-Z]?)\b", re.IGNORECASE
)
_SHORT_TITLE = re.compile(r"^\(([A-Z]{2,12}\d{4}[A-Z]?)\)$", re.MULTILINE)
_STATUTE_ADDRESS = re.compile(r"sso\.agc\.gov\.sg/+(?:Act|SL)/([A-Za-z0-9-]+)")
_UNDER = re.compile(
    r"\b(?:This|These) [A-Z]\w+ (?:is|are|was|were) (?:issued|made|given)\b[^.;]{0,40}? "
    r"(?:under|pursuant to) sections? (?P<sections>\d[\w(), and]{0,60}?) of the "
    r"(?P<act>[A-Z][\w'’(), -]{3,100}? Act \d{4})"
)
_APPLIES = re.compile(
    r"\b(?:applies to|shall apply to|provides? guidance to|is addressed to) (?:all |every )?"
    r"(?P<whom>[a-z][\w’' -]{2,80}?)(?=,|\.|;| on the| as defined| in respect| which| that| \(|$)"
)
_ADDRESSED = re.compile(r"^NOTICES? TO (?P<whom>[A-Z][A-Z ,&-]{2,80})$", re.MULTILINE)
_LETTER = re.compile(
    r"^To (?:the )?(?:Chief Executives|Directors|CEOs?) of (?:all )?(?P<whom>[^\n]{3,160})$", re.MULTILINE
)
_CHOICES: dict[str, tuple[str, ...]] = {"kind": get_args(Kind), "variant": ("clean", "tracked")}
_HEAD = 3000
_OPENING = 8000
_KEYS = frozenset(
    "title number kind issued date revised effective source applies_to issued_under variant about"
    " as_of".split()
)


def describe(source: Source, text: str, path: Path, document_id: str) -> tuple[DocumentInfo, tuple[str, ...]]:
    """Say what a document is, and warn of what is declared but not understood."""
    declared = {key: value for key, value in source.declared if value is not None}
    head = text[:_HEAD]
    kind = _kind(head, source)
    info = DocumentInfo(
        id=document_id,
        title=_title(source, head, kind) or path.stem,
        kind=kind,
        number=_number(head, kind, declared),
        issued=_issued(head, source),
        revised=_revised(head, text, source),
        effective=_effective(text[:_OPENING], source),
        path=str(path),
        applies_to=_applies_to(text[:_OPENING]),
        issued_under=_issued_under(text[:_OPENING]),
        variant="tracked" if source.tracked else "clean",
    )
    return _with_declared(info, declared)


def _with_declared(
    info: DocumentInfo, declared: Mapping[str, object]
) -> tuple[DocumentInfo, tuple[str, ...]]:
    """Let front matter and side-car win, and say what of them is not understood."""
    warnings = [f"unknown key {key!r} in front matter or side-car" for key in declared if key not in _KEYS]
    known: dict[str, Any] = {}
    for key, value in declared.items():
        name = "issued" if key == "date" else key
        if name in ("title", "number", "source"):
            known[name] = " ".join(str(value).split())
        elif name in ("applies_to", "issued_under"):
            known[name] = tuple(map(str, value)) if isinstance(value, list) else (str(value),)
        elif name in ("issued", "revised", "effective"):
            known[name] = as_date(value) or known.get(name)
            if as_date(value) is None:
                warnings.append(f"{key}: {value!r} is no date: write it as 2025-07-01")
        elif name in _CHOICES:
            if value in _CHOICES[name]:
                known[name] = value
            else:
                warnings.append(f"{key}: {value!r} is none of {', '.join(_CHOICES[name])}")
    return replace(info, **known), tuple(warnings)


def _kind(head: str, source: Source) -> Kind:
    if source.statute:
        return (
            "regulations"
            if re.search(r"\b(?:Regulations|Rules|Order) (?:19|20)\d\d", source.title or "")
            else "act"
        )
    found: list[tuple[int, Kind]] = []
    for kind, pattern in _KINDS:
        if match := pattern.search(head[: _HEAD // 2]):
            found.append((match.start(), kind))
    if not found:
        return "information"
    kinds = {kind for _, kind in found}
    return next(kind for kind, _ in _KINDS if kind in kinds)


def _number(head: str, kind: Kind, declared: Mapping[str, object]) -> str | None:
    if kind in ("act", "regulations"):
        if match := _SHORT_TITLE.search(head):
            return match[1]
        match = _STATUTE_ADDRESS.search(str(declared.get("source", "")))
        return match[1] if match else None
    if kind == "guideline" and (match := _GUIDELINES_TO.search(head)):
        return f"Guidelines to {match[1]}"
    if kind in ("notice", "guideline", "circular", "consultation", "code", "direction"):
        if match := _NUMBERED.search(head):
            return match["number"]
        if kind == "notice" and (match := _NOTICE.search(head)):
            return match["number"]
    return None


def _title(source: Source, head: str, kind: Kind) -> str | None:
    title = front_title(source.blocks, kind) or source.title
    if title is None:
        return None
    title = in_title_case(title)
    if kind == "notice" and "notice" not in title.lower() and (match := _NOTICE.search(head)):
        return f"MAS Notice {match['number']}: {title}"
    return title


def _issued(head: str, source: Source) -> date | None:
    if source.statute:
        return None
    return labelled_date(head, r"(?:issue|issued|published) ?(?:date|on)|date of issue|\bdate") or first_date(
        head[: _HEAD // 2]
    )


def _revised(head: str, text: str, source: Source) -> date | None:
    if source.statute:
        incorporated = labelled_date(head, r"incorporates all amendments up to(?: and including)?")
        return max(filter(None, (incorporated, latest_tag(text))), default=None)
    return labelled_date(head, r"last (?:revised|updated|amended) ?(?:date|on)?|revised on")


def _effective(opening: str, source: Source) -> date | None:
    if source.statute:
        match = re.search(r"^\[(\d{1,2} \w+ \d{4})\]$", opening, re.MULTILINE)
        return first_date(match[1]) if match else None
    return labelled_date(
        opening,
        r"(?:take|have|come)s?(?: into)? (?:effect|operation|force) (?:from|on)(?: and from)?",
    )


def _applies_to(opening: str) -> tuple[str, ...]:
    found = [" ".join(match["whom"].split()) for match in _APPLIES.finditer(opening)][:1]
    found = found or [match["whom"].strip().lower() for match in _ADDRESSED.finditer(opening)][:1]
    found = found or [" ".join(match["whom"].split()) for match in _LETTER.finditer(opening)][:1]
    return tuple(found)


def _issued_under(opening: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            f"{match['act']}, s {match['sections'].strip(' ,')}" for match in _UNDER.finditer(opening)
        )
    )
