"""What a clause does with its words: obliges, permits, forbids, exempts, states or denies.

Each content word gets the force of the cue that governs it: in "a bank must not open an
account", "open" and "account" are forbidden.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from rag_ft.grounding.concepts import concepts, tokens
from rag_ft.grounding.cues import (
    CUE,
    ENDING,
    FLIP,
    NEEDED,
    NEGATIVE,
    NO,
    NO_AFTER,
    ONLY,
    SENTENCE_END,
    UNDER_ENDING,
    VERBS_OF_DENIAL,
    Force,
    without_bounds,
)

Link = Literal["main", "if", "only if", "even if", "unless", "other", "without", "with", "aside"]

# What makes a condition a person's leave: "with the approval of" is a condition, "with interest" is not.
_GRANT = r"(?:exempt|approv|consent|permission|licen[cs]e|authori[sz]|leave)"
_CASES = r"in\s+(?:the\s+)?(?:cases?|circumstances)\s+(?:where|when|in\s+which)"
_LINK = re.compile(
    r"\b(?:(?P<only_if>only\s+(?:if|when|where|after|once|with|upon|to\s+the\s+extent)|(?:if|when|where)\s+and\s+only)"
    r"|(?P<even_if>even\s+(?:if|when|where|though)|regardless\s+of|irrespective\s+of|whether\s+or\s+not|despite)"
    r"|(?P<other>other\s+than|otherwise\s+than|(?:except|save)\s+for)"
    rf"|(?P<unless>unless|except\s+{_CASES}|except(?:ing)?(?:\s+(?:if|when|where|as|to|that|with|in|by))?"
    r"|save(?:\s+(?:where|that|as|with|by|in|under|if|when|on))|before|until|till|prior\s+to)"
    r"|(?P<without>without(?!\s+(?:undue\s+|any\s+|further\s+)?delay))"
    r"|(?P<if>if|when(?:ever)?|while|after|upon|(?<!country\s)(?<!jurisdiction\s)(?<!place\s)where|once"
    r"|provided\s+that|as\s+long\s+as|so\s+long\s+as|in\s+the\s+event)"
    rf"|(?P<with>with(?=\s+(?:an?\s+|the\s+|its\s+|prior\s+|written\s+)*{_GRANT})))\b",
    re.IGNORECASE,
)
_TIMED = re.compile(
    r"(?:(?:until|till|after|once|upon)\s+(?:(?:the\s+)?(?:end\s+of\s+|close\s+of\s+)?\d|(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)|once\s+(?:every|each|a|per)\b)",
    re.IGNORECASE,
)
# "Neither A nor B may" is "no A or B may"; "may neither ask nor answer" keeps its cue.
_FINITE = r"(?=(?:may|can|must|shall|should|will|is|are|was|were|has|have|does|do|needs?)\b)"
_NEITHER_NOR = re.compile(
    rf"\bneither\s+((?:[\w'’-]+\s+){{1,6}}?)nor\s+(?=(?:[\w'’-]+\s+){{1,16}}?{_FINITE})", re.IGNORECASE
)
_NEITHER = re.compile(rf"\bneither\s+((?:of\s+(?:[\w'’-]+\s+){{1,5}}?)?){_FINITE}", re.IGNORECASE)
_ON_OR = re.compile(r"\bon\s+or\s+\Z", re.IGNORECASE)
# A semicolon begins anew too, but for the limbs of a list.
_SENTENCE = re.compile(SENTENCE_END + r"|;\s+(?=[a-z])(?!(?:and|or|provided|nor)\b)")
_PART = re.compile(r"[;:]\s+|\n+|\s*[—–]\s+|,\s+")
# What an exception of things takes in: "other than dollars, or an asset not held in them".
_NOMINAL = re.compile(r"(?:(?!,|\b(?:or|and|is|are|must|shall|may|which|that|as)\b).)*")
# Where "without delay, and the person must" goes on to another clause.
_ONWARD = re.compile(r"[,;]?\s+and\s+(?=(?:the|an?|its?|they|he|she|must|shall|may)\b)", re.IGNORECASE)
_BUT = re.compile(r",\s+(?=but\s)")
_RELATIVE = re.compile(
    r"\b(?:(?:that|which|who|whom|whose\s+\w+)(?:\s+\w+ly)?"
    r"|(?:from|to|by|in|on|of|under|for|at|with)\s+which\s+(?:[\w-]+\s+){1,3}?)\s*\Z",
    re.IGNORECASE,
)
# "No person or system is allowed": the "or" ends no subject.
_NO_SUBJECT = re.compile(r"\bno\s+(?:\w+\s+){1,3}or\s+(?:\w+\s+){1,3}\Z", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|no|never|cannot|nobody|none|neither|nor|(?:ceas|fail|lack|refus)\w*)\b|n['’]t\b", re.IGNORECASE
)
_PURPOSE = re.compile(r"\b(?:so|in\s+order)\s+that\b", re.IGNORECASE)
# "An amendment disallowed by the Authority": the participle only tells which one.
_PARTICIPLE = re.compile(
    r"(?:prohibited|forbidden|banned|barred|disallowed|required|permitted|allowed|exempted|excluded)(?:\s+from)?",
    re.IGNORECASE,
)
_BY = re.compile(r"\s+by\b", re.IGNORECASE)
_JOINT = re.compile(r"\b(?:and|or|but|which|who|that)\b|,", re.IGNORECASE)
# A denial that only sets one thing against another: "to the committee and not to the chairman".
_CONTRAST = re.compile(r"(?:\b(?:and|but)\s+not\b|\brather\s+than\b|\binstead\s+of\b)", re.IGNORECASE)
# Which way a clause bounds a figure, in this order: "no more than" before "more than".
Limit = Literal["most", "least", "over", "under"]
_LIMIT_WORDS: tuple[tuple[Limit, str], ...] = (
    ("most", r"at\s+most|up\s+to|not?\s+more\s+than|not\s+exceed\w*|maximum|no\s+later|capped|within"),
    ("least", r"at\s+least|not?\s+(?:less|fewer)\s+than|minimum"),
    ("over", r"(?:more|greater|higher|longer|later)\s+than|above|over|exceed\w*"),
    ("under", r"(?:less|fewer|lower|shorter)\s+than|below|under(?=\s+(?:[A-Z]{1,3})?[$€£]?\s?\d)"),
)
_LIMITS = tuple((limit, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for limit, words in _LIMIT_WORDS)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of words under one cue.

    `sentence` counts the sentences of the text; `link` tells how it hangs on the main
    clause, "aside" that it only describes a noun. `subject` is the content words before
    the cue and `head` the first one after it, as written. `marked` tells that the cue
    stands in the clause and is not carried over from before it; `limit` which way it bounds
    a figure; `denied` that a "not" or "no" stands in it, where a verb alone may deny too;
    `only` that it narrows what it says to some.
    """

    sentence: int
    link: Link
    force: Force
    words: tuple[str, ...]
    subject: tuple[str, ...]
    head: str
    marked: bool
    limit: Limit | None
    denied: bool = False
    only: bool = False

    @property
    def all_words(self) -> frozenset[str]:
        """Subject and the rest together."""
        return frozenset(self.words + self.subject)

    @property
    def is_negative(self) -> bool:
        """Whether it forbids, denies or exempts."""
        return self.force in NEGATIVE


def read_clauses(text: str) -> tuple[Clause, ...]:
    """Cut a text into clauses, each with its force.

    A cue governs what follows it up to the next one: "shall keep records, and produce them"
    obliges both, and the limbs of a list stand under their lead-in.
    """
    clauses: list[Clause] = []
    carried: Force | None = None
    text = _NEITHER.sub(r"None \1", _NEITHER_NOR.sub(r"no \1or ", text))
    for number, sentence in enumerate(filter(str.strip, _SENTENCE.split(text))):
        found, force = _read_sentence(sentence, number, carried)
        clauses.extend(found)
        # A lead-in ends without a full stop; its force holds for the limbs that follow.
        carried = force if not sentence.rstrip().endswith((".", "!", "?")) else None
    return tuple(clauses)


def _read_sentence(sentence: str, number: int, carried: Force | None) -> tuple[list[Clause], Force | None]:
    clauses: list[Clause] = []
    main = carried
    for link, body in _linked(sentence):
        running = main if link == "main" else None
        for part in filter(str.strip, _PART.split(body)):
            if part.casefold().startswith("but "):
                running = None  # what comes after "but" has a force of its own
            found = _read_part(
                part, number, link, running, _limit_of(part) or _limit_of(body), first=not clauses
            )
            clauses.extend(found)
            marked = [clause for clause in found if clause.marked and clause.link == "main"]
            if marked:
                main = running = marked[-1].force
    return clauses, main


def _linked(sentence: str) -> list[tuple[Link, str]]:
    """Cut a sentence at its conditions, and give back to the main clause what follows them."""
    pieces: list[tuple[Link, str]] = []
    position = 0
    link: Link = "main"
    for match in _LINK.finditer(sentence):
        if _TIMED.match(sentence, match.start()) or _ON_OR.search(sentence, 0, match.start()):
            continue  # "until 30 September", "once every three months": a time, not a condition
        pieces.append((link, sentence[position : match.start()]))
        link = cast(
            "Link", next(name for name, value in match.groupdict().items() if value).replace("_", " ")
        )
        position = match.end()
    pieces.append((link, sentence[position:]))
    closed: list[tuple[Link, str]] = []
    for link, body in pieces:
        closed.extend(_closed(link, body, closed))
    return [(link, body) for link, body in closed if body.strip()]


def _closed(link: Link, body: str, before: Sequence[tuple[Link, str]]) -> list[tuple[Link, str]]:
    """End a condition where it ends: at its comma where it opens the sentence, or at the next cue."""
    head, comma, rest = body.partition(", ")
    cue = CUE.search(body)
    if link == "main":
        return [(link, body)]
    if comma and CUE.search(rest) and not any(kind == "main" and words.strip() for kind, words in before):
        return [(link, head), ("main", rest)]
    onward = _BUT.search(body)
    if onward:
        return [(link, body[: onward.start()]), ("main", body[onward.start() :])]
    if link == "other":
        nominal = _NOMINAL.match(body)
        end = nominal.end() if nominal else len(body)
        return [(link, body[:end]), ("aside", body[end:])]
    if link in ("without", "with") and cue and not any(CUE.search(words) for _, words in before):
        # "For a customer without an account, checks are due": what follows the comma is the main clause.
        at = len(head) if comma and len(head) < cue.start() else cue.start()
        return [(link, body[:at]), ("main", body[at:].removeprefix(", "))]
    if link in ("without", "with") and (onward := _ONWARD.search(body)) and CUE.search(body, onward.end()):
        return [(link, body[: onward.start()]), ("main", body[onward.start() :])]
    return [(link, body)]


def _limit_of(text: str) -> Limit | None:
    return next((limit for limit, pattern in _LIMITS if pattern.search(text)), None)


def _read_part(
    part: str, number: int, link: Link, running: Force | None, limit: Limit | None, *, first: bool
) -> list[Clause]:
    masked = without_bounds(part)
    cues = _cues(masked)
    if not cues:
        # A "no" later on in a list denies its own noun only.
        no = NO.search(masked)
        # A bound whose modal was blanked with it ("shall not exceed") carries no force over.
        force: Force = "states" if running is None or masked != part else running
        turned = FLIP[force] if no and force not in NEGATIVE else force
        pieces = [(turned, masked, no is not None)]
        if no and len(concepts(masked[: no.start()])) > 1:
            pieces = [(force, masked[: no.start()], False), (turned, masked[no.start() :], True)]
        return [
            Clause(number, link, its, concepts(text), (), _head(text), denied and first, limit, denied)
            for its, text, denied in pieces
        ]
    clauses: list[Clause] = []
    start = 0
    for position, (force, opened, closed) in enumerate(cues):
        end = cues[position + 1][1] if position + 1 < len(cues) else len(masked)
        before, after = masked[start:opened], masked[closed:end]
        if position:
            # What stands before a later cue is the verb phrase of the one before, up to its "and".
            joined = list(_JOINT.finditer(before))
            denial = _NO_SUBJECT.search(before)
            before = before[joined[-1].end() :] if joined else ""
            before = denial.group() if denial and not NO.search(before) else before
        elif _CONTRAST.search(masked[max(0, opened - 5) : closed]):
            clauses.append(Clause(number, link, "states", concepts(before), (), "", False, limit))
            before = ""
        aside = (
            _RELATIVE.search(masked[:opened])
            or _PURPOSE.search(masked, 0, opened)
            or (_PARTICIPLE.fullmatch(masked[opened:closed]) and _BY.match(masked, closed))
        )
        cue_link: Link = "aside" if aside else link
        force, after = _turned(force, before, masked[opened:closed], after)
        if cue_link == "aside" and force == "states" and link == "main" and not clauses and not first:
            whole = f"{before} {after}"
            clauses.append(Clause(number, link, running or "states", concepts(whole), (), "", False, limit))
            start = closed
            continue
        if cue_link == "aside" and force == "states" and clauses:
            # "An account that is anonymous": the words belong to the noun, and so to what governs it.
            clauses[-1] = replace(clauses[-1], words=clauses[-1].words + concepts(after))
            start = closed
            continue
        subject, words = concepts(before), concepts(after)
        # "A numbered account is permitted" permits the account.
        denied = _NOT.search(masked[start:end]) is not None
        only = ONLY.search(masked[start:end]) is not None
        clauses.append(
            Clause(
                number, cue_link, force, words or subject, subject, _head(after), True, limit, denied, only
            )
        )
        start = closed
    return clauses


def _turned(force: Force, before: str, cue: str, after: str) -> tuple[Force, str]:
    """Turn a force by a "no" beside its cue: "no bank may", "needs no", "nothing prevents"."""
    if force in NEGATIVE:
        prevented = NO.search(before) and VERBS_OF_DENIAL.search(cue)
        return ("permits" if prevented else force), after
    if NO.search(before):
        return ("exempts" if NEEDED.search(cue) else FLIP[force]), after
    if no_after := NO_AFTER.match(after):
        return FLIP[force], after[no_after.end() :]
    return force, after


def _cues(part: str) -> list[tuple[Force, int, int]]:
    """Give the cues of a part: force, start, end; "have" in "may have" is no cue of its own."""
    cues: list[tuple[Force, int, int]] = []
    for match in CUE.finditer(part):
        force = cast("Force", match.lastgroup)
        follows = bool(cues) and not part[cues[-1][2] : match.start()].strip()
        if follows and force == "states":
            cues[-1] = (cues[-1][0], cues[-1][1], match.end())
        elif follows and ENDING.match(match.group()):
            # "Shall cease to" forbids, "must not fail to" obliges.
            cues[-1] = (UNDER_ENDING[cues[-1][0]], cues[-1][1], match.end())
        else:
            cues.append((force, match.start(), match.end()))
    return cues


def _head(text: str) -> str:
    """Give the first content word as written: mostly the verb after a cue."""
    return next((token.casefold() for token in tokens(text) if concepts(token)), "")
