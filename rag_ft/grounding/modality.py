"""What a clause does with its words: obliges, permits, forbids, exempts, states or denies.

Each content word gets the force of the cue that governs it: in "a bank must not open an
account", "open" and "account" are forbidden. A claim contradicts a passage where the words
they share stand under forces that do not go together.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag_ft.grounding.stems import concepts, tokens

Force = Literal["states", "obliges", "advises", "permits", "denies", "forbids", "exempts"]
Link = Literal["main", "if", "only if", "unless", "even if", "without", "with", "other", "when"]

NEGATIVE: frozenset[Force] = frozenset({"denies", "forbids", "exempts"})

# What a passage must say (right) for a claim of a force (left) to be its own.
_HELD_BY: dict[Force, frozenset[Force]] = {
    "states": frozenset({"states", "obliges", "advises", "permits"}),
    "obliges": frozenset({"obliges", "states"}),
    "advises": frozenset({"advises", "obliges", "states"}),
    "permits": frozenset({"permits", "states"}),
    "denies": NEGATIVE,
    "forbids": frozenset({"forbids", "denies"}),
    "exempts": frozenset({"exempts", "denies"}),
}

# Bounds of figures hold a "not" that denies nothing; they are masked before cues are read.
_BOUNDS = re.compile(
    r"\b(?:(?:must|shall|may|can|should|do|does|did|will)\s*not\s+(?:be\s+)?exceed\w*|cannot\s+exceed"
    r"|not\s+(?:be\s+)?(?:to\s+)?exceed\w*|no[t]?\s+(?:be\s+)?(?:more|less|later|earlier|fewer|longer|shorter|greater"
    r"|higher|lower|larger|smaller)\s+than|not\s+only|(?:whether\s+)?or\s+not|no\s+doubt|if\s+not|in\s+no\s+way\s+limited"
    r"|no\s+(?:matter|other)|not\s+yet|as\s+may\s+be|may\s+be,)(?=\W|\Z)",
    re.IGNORECASE,
)
_ADVERB = (
    r"(?:\s+(?:also|only|then|still|always|now|therefore|however|nevertheless|thereafter|generally|in\s+any\s+case"
    r"|\w+ly))?"
)
_BE = r"(?:is|are|was|were|be|been|being)"
_CUES: tuple[tuple[Force, str], ...] = (
    (
        "exempts",
        rf"need{_ADVERB}\s+not|needn['’]t|(?:don|doesn|didn|needn)['’]t\s+(?:need|have)\s+to|needs?\s+no|no\s+need"
        rf"|(?:do|does|did|will|would|shall){_ADVERB}\s+not\s+(?:need|have|require)(?:\s+to(?:\s+be)?)?"
        rf"|(?:{_BE}\s+|shall\s+|will\s+)?not\s+(?:be\s+)?(?:required|obliged|bound|necessary|mandatory|compulsory)(?:\s+to(?:\s+be)?)?"
        rf"|{_BE}\s+exempt(?:ed)?(?:\s+from)?|exempts(?:\s+from)?",
    ),
    (
        "forbids",
        rf"(?:must|shall|may|can|should|could|ought){_ADVERB}\s+(?:not|never|neither|no\s+longer)(?:\s+to)?(?:\s+be)?"
        rf"|cannot(?:\s+be)?"
        rf"|(?:can|mustn|shan|shouldn)['’]t|(?:{_BE}\s+)?not\s+(?:be\s+)?(?:allowed|permitted|entitled|free|lawful)(?:\s+to)?"
        rf"|(?:{_BE}\s+)?(?:prohibited|forbidden|banned|barred|unlawful|disallowed)(?:\s+from)?|prohibits?|forbids?|bans?",
    ),
    (
        "denies",
        rf"(?:{_BE}|has|have|had|do|does|did|will|would){_ADVERB}\s+(?:not|never|no\s+longer)(?:\s+be(?:en)?)?"
        rf"|(?:is|are|was|were|has|have|do|does|did|will|would|wo)n['’]t|never|no\s+longer|nor|neither|not"
        rf"|(?:{_BE}\s+)?(?:left\s+out|excluded|omitted|disregarded|ignored)(?:\s+(?:of|from))?|fails?\s+to|{_BE}\s+unable\s+to|refrains?\s+from",
    ),
    (
        "advises",
        rf"should(?:\s+be)?|ought\s+to|{_BE}\s+(?:expected|encouraged|advised|recommended)(?:\s+to)?|recommend(?:s|ed)?",
    ),
    (
        "obliges",
        rf"(?:must|shall){_ADVERB}(?:\s+be)?(?=\W)|(?:has|have|had)\s+to(?:\s+be)?|{_BE}\s+(?:required|obliged|bound|to\s+be)(?:\s+to)?"
        rf"|{_BE}\s+(?:needed|necessary|mandatory|compulsory)|(?:is|are)\s+to(?=\s)|needs?\s+to|needs?|requires?|required|obliged|obligation\s+to|duty\s+to",
    ),
    (
        "permits",
        rf"(?:may|can|could|might){_ADVERB}(?:\s+be)?(?=\W)|{_BE}\s+(?:also\s+)?(?:allowed|permitted|entitled|free|able|lawful)(?:\s+to)?"
        r"|(?:has|have|with)\s+(?:the\s+)?(?:power|right)\s+to|allow(?:s|ed)|permit(?:s|ted)|entitle[sd]?|permissible",
    ),
    ("states", rf"{_BE}|has|have|had|does|do|did|will|would"),
)
_CUE = re.compile(
    r"\b(?:" + "|".join(f"(?P<{force}>{words})" for force, words in _CUES) + r")(?=\W|\Z)", re.IGNORECASE
)
# "No bank shall", "nothing in this Act may": the negation stands before the verb.
_NO = re.compile(r"\b(?:no(?!\s*[.:])|none|nobody|nothing|no\s+one)\b", re.IGNORECASE)
_NO_AFTER = re.compile(r"\s*(?:be\s+|have\s+)?(?:no|none)\b(?!\s+later|\s+more)", re.IGNORECASE)
_FLIP: dict[Force, Force] = {
    "obliges": "forbids",
    "permits": "forbids",
    "advises": "forbids",
    "states": "denies",
    "forbids": "permits",
    "denies": "states",
    "exempts": "obliges",
}

_GRANT = r"(?:exempt|approv|consent|permission|licen[cs]e|authori[sz])"
_LINK = re.compile(
    r"\b(?:(?P<only_if>only\s+(?:if|when|where|after|once|with|upon|to\s+the\s+extent)|(?:if|when|where)\s+and\s+only)"
    r"|(?P<even_if>even\s+(?:if|when|where|though)|regardless\s+of|irrespective\s+of|whether\s+or\s+not|despite)"
    r"|(?P<other>other\s+than|otherwise\s+than|(?:except|save)\s+for)"
    r"|(?P<unless>unless|except\s+in\s+(?:the\s+)?(?:cases?|circumstances)\s+(?:where|when|in\s+which)|except(?:ing)?(?:\s+(?:if|when|where|as|to|that|for|with|in|by))?"
    r"|save(?:\s+(?:where|that|as|with)))"
    r"|(?P<without>without)"
    r"|(?P<when>before|after|until|till|upon|prior\s+to)"
    r"|(?P<if>if|when|(?<!country\s)(?<!jurisdiction\s)(?<!place\s)where|once|provided\s+that|as\s+long\s+as|so\s+long\s+as|in\s+the\s+event)"
    rf"|(?P<with>with(?=\s+(?:an?\s+|the\s+|its\s+|prior\s+|written\s+)*{_GRANT})))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"“(]?[A-Z0-9])")
_PART = re.compile(r"[;:]\s+|\n+|,\s+but\s+|\s*[—–]\s+|,\s+(?=and\s|or\s|which\s|who\s)|,\s+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of words under one cue: its link to the main clause, its force, its content words.

    `subject` is the words before the cue. `sentence` counts the sentences of the text.
    `head` is the first content word after the cue, as written. `marked` tells that the cue
    stands in the clause and is not carried over from before it.
    """

    sentence: int
    link: Link
    force: Force
    words: tuple[str, ...]
    subject: tuple[str, ...]
    head: str
    marked: bool


def read_clauses(text: str) -> tuple[Clause, ...]:
    """Cut a text into clauses, each with its force.

    A cue governs what follows it up to the next one: "shall keep records, and produce them"
    obliges both, and the limbs of a list stand under their lead-in.
    """
    masked = without_bounds(text)
    clauses: list[Clause] = []
    carried: Force | None = None
    for number, sentence in enumerate(_sentences(masked)):
        clauses_here, force = _read_sentence(sentence, number, carried)
        clauses.extend(clauses_here)
        # A lead-in ends without a full stop; its force holds for the limbs that follow.
        carried = force if not sentence.rstrip().endswith((".", "!", "?")) else None
    return tuple(clauses)


def without_bounds(text: str) -> str:
    """Blank the bounds of figures ("not exceeding"), whose "not" denies nothing; the length stays."""
    return _BOUNDS.sub(lambda match: " " * len(match.group()), text)


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.split(text) if part.strip()]


def _read_sentence(sentence: str, number: int, carried: Force | None) -> tuple[list[Clause], Force | None]:
    clauses: list[Clause] = []
    main: Force | None = carried
    for link, body in _linked(sentence):
        running = main if link == "main" else None
        for part in filter(str.strip, _PART.split(body)):
            found = _read_part(part, number, link, running, first=not clauses)
            clauses.extend(found)
            marked = [clause for clause in found if clause.marked]
            if marked and link == "main":
                main = running = marked[-1].force
    return clauses, main


def _linked(sentence: str) -> list[tuple[Link, str]]:
    """Cut a sentence at its conditions; a condition that opens it ends at its comma."""
    pieces: list[tuple[Link, str]] = []
    position, link = 0, "main"
    for match in _LINK.finditer(sentence):
        pieces.append((link, sentence[position : match.start()]))  # type: ignore[arg-type]
        link = next(name for name, value in match.groupdict().items() if value).replace("_", " ")
        position = match.end()
    pieces.append((link, sentence[position:]))  # type: ignore[arg-type]
    return [piece for each in _closed(pieces) for piece in [each] if piece[1].strip()]


_NOMINAL = re.compile(r"(?:(?!,|\b(?:or|and|is|are|must|shall|may|which|that|as)\b).)*")


def _closed(pieces: Sequence[tuple[Link, str]]) -> list[tuple[Link, str]]:
    """Give back to the main clause what follows a condition: after its comma, or at its next cue."""
    closed: list[tuple[Link, str]] = []
    for link, body in pieces:
        opens = not any(kind == "main" and words.strip() for kind, words in closed)
        head, comma, rest = body.partition(", ")
        cue = _CUE.search(body)
        if link == "main":
            closed.append((link, body))
        elif opens and comma and _CUE.search(rest):
            closed.extend([(link, head), ("main", rest)])
        elif link == "other":
            # "Moneys other than dollars, or an asset not held in them": the exception follows at once.
            nominal = _NOMINAL.match(body)
            end = nominal.end() if nominal else len(body)
            closed.extend([(link, body[:end]), ("when", body[end:])])
        elif link in ("without", "with") and cue and not any(_CUE.search(words) for _, words in closed):
            closed.extend([(link, body[: cue.start()]), ("main", body[cue.start() :])])
        else:
            closed.append((link, body))
    return closed


def _read_part(part: str, number: int, link: Link, running: Force | None, *, first: bool) -> list[Clause]:
    cues = _cues(part)
    if not cues:
        # A "no" later on in a list denies its own noun only.
        no = _NO.search(part) is not None
        force: Force = running or "states"
        if no and force not in NEGATIVE:
            force = _FLIP[force]
        return [Clause(number, link, force, tuple(concepts(part)), (), _head(part), no and first)]
    clauses = []
    start = 0
    for position, (force, opened, closed) in enumerate(cues):
        end = cues[position + 1][1] if position + 1 < len(cues) else len(part)
        before, after = part[start:opened], part[closed:end]
        if position:
            # What stands before a later cue is the verb phrase of the one before, up to its "and".
            joined = list(_JOINT.finditer(before))
            before = before[joined[-1].end() :] if joined else ""
        if force not in NEGATIVE:
            if _NO.search(before):
                force = _FLIP[force]
            elif no_after := _NO_AFTER.match(after):
                force, after = _FLIP[force], after[no_after.end() :]
        # "A bank that cannot comply must": the relative clause says of which bank, not what it must do.
        clause_link: Link = "when" if _RELATIVE.search(part[:opened]) else link
        subject, words = tuple(concepts(before)), tuple(concepts(after))
        # "A numbered account is permitted" permits the account.
        clauses.append(
            Clause(number, clause_link, force, words or subject, subject, _head(after), marked=True)
        )
        start = closed
    return clauses


_RELATIVE = re.compile(r"\b(?:that|which|who|whom|whose\s+\w+)(?:\s+\w+ly)?\s*\Z", re.IGNORECASE)
_JOINT = re.compile(r"\b(?:and|or|but|which|who|that)\b|,", re.IGNORECASE)


def _cues(part: str) -> list[tuple[Force, int, int]]:
    """Give the cues of a part: force, start, end; "have" in "may have" is no cue of its own."""
    cues: list[tuple[Force, int, int]] = []
    for match in _CUE.finditer(part):
        force: Force = match.lastgroup  # type: ignore[assignment]
        if cues and force == "states" and not part[cues[-1][2] : match.start()].strip():
            cues[-1] = (cues[-1][0], cues[-1][1], match.end())
        else:
            cues.append((force, match.start(), match.end()))
    return cues


def _head(text: str) -> str:
    """Give the first content word as written: mostly the verb after a cue."""
    return next((token.casefold() for token in tokens(text) if concepts(token)), "")


def find_contradiction(claim: str, passage: str) -> str | None:
    """Say where a claim's forces go against the passage's, or None where they do not.

    Only words that both have are compared; whether the claim's words stand there at all
    is another check.
    """
    ours, theirs = read_clauses(claim), read_clauses(passage)
    settled: set[int] = set()
    for clause in ours:
        held = _condition_held(clause, ours, theirs)
        if held is False:
            return f"the condition is turned round: {clause.link} {' '.join(clause.words[:6])}"
        if held:
            settled.add(clause.sentence)
    for clause in ours:
        if clause.link == "main" and clause.words and clause.sentence not in settled:
            fault = _against(clause, theirs)
            if fault is not None:
                return fault
    return None


def _condition_held(clause: Clause, ours: Sequence[Clause], theirs: Sequence[Clause]) -> bool | None:
    """Tell whether what holds under a claim's condition holds under the passage's.

    "Must not, unless C" and "may, if C" say the same of C; "must not, even if C" the
    reverse. None where the passage has no such condition.
    """
    if clause.link not in _SIGN or not clause.words:
        return None
    sign = _sign(clause, ours)
    every = {*clause.words, *clause.subject}
    alike: list[tuple[float, bool]] = []
    for other in theirs:
        words = {*other.words, *other.subject}
        shared = every & words
        if len(shared) < max(1, 0.5 * len(every)):
            continue
        likeness = len(shared) / len(every | words)
        if other.link in _SIGN:
            alike.append((likeness, _sign(other, theirs) == sign))
        elif clause.link == "without" and other.link == "main" and other.force in {"obliges", "exempts"}:
            alike.append((likeness, (other.force == "obliges") == (sign > 0)))
    best = max((likeness for likeness, _ in alike), default=0.0)
    return any(same for likeness, same in alike if likeness == best) if alike else None


# Whether the main clause holds under the condition (1), or its contrary does (-1).
_SIGN: dict[Link, int] = {
    "if": 1,
    "only if": 1,
    "even if": 1,
    "with": 1,
    "unless": -1,
    "other": -1,
    "without": -1,
}


def _sign(condition: Clause, clauses: Sequence[Clause]) -> int:
    main = [c for c in clauses if c.sentence == condition.sentence and c.link == "main"]
    # "No, unless": a bare denial governs too.
    main = [c for c in main if c.marked or c.force in NEGATIVE] or [c for c in main if c.words]
    # The main clause beside the condition: the last before it, else the first after it.
    at = clauses.index(condition)
    before = [c for c in main if clauses.index(c) < at]
    governs = before[-1] if before else (main[0] if main else None)
    positive = governs is None or governs.force not in NEGATIVE
    sign = _SIGN[condition.link] * (1 if positive else -1)
    return -sign if condition.force in NEGATIVE else sign


def _against(clause: Clause, theirs: Sequence[Clause]) -> str | None:
    """Compare a claim's main clause with the passage's clauses about the same thing."""
    if clause.force not in NEGATIVE:
        denied = _denied(clause, theirs)
        if denied is not None:
            return _said(clause, denied)
    best = [
        (weight, other.force in _HELD_BY[clause.force] or _requires(clause, other, theirs), other)
        for weight, other in _aligned(clause, theirs)
    ]
    good = sum(weight for weight, held, _ in best if held)
    bad = sum(weight for weight, held, _ in best if not held)
    if bad <= good:
        return None
    return _said(clause, max((row for row in best if not row[1]), key=lambda row: row[0])[2])


def _denied(clause: Clause, theirs: Sequence[Clause]) -> Clause | None:
    """Find what the passage denies by its own verb and the claim asserts."""
    every = set(clause.words) | set(clause.subject)
    for other in theirs:
        if other.force in NEGATIVE and other.marked and other.link == "main" and other.words:
            verb, around = other.words[0], set(other.words) | set(other.subject)
            shared = every & around
            near = verb in every and len(shared) > 1 and len(shared) >= 0.4 * len(around)
            elsewhere = any(
                o.force in _HELD_BY[clause.force]
                and verb in (*o.words, *o.subject)
                and len(every & {*o.words, *o.subject}) >= len(shared)
                for o in theirs
            )
            if near and not elsewhere and not _requires(clause, other, theirs):
                return other
    return None


def _requires(clause: Clause, other: Clause, theirs: Sequence[Clause]) -> bool:
    """Tell whether "needs X" is the claim's way of saying "must not, unless X"."""
    if other.force != "forbids" or clause.force not in {"obliges", "states", "permits"}:
        return False
    every = set(clause.words) | set(clause.subject)
    conditions = [o for o in theirs if o.sentence == other.sentence and _SIGN.get(o.link, 1) < 0]
    return any(every & {*o.words, *o.subject} for o in conditions)


def _said(clause: Clause, other: Clause) -> str:
    return f"the answer {clause.force} what the passage {other.force}: {' '.join(clause.words[:6])}"


def _aligned(clause: Clause, theirs: Sequence[Clause]) -> list[tuple[float, Clause]]:
    """Give the passage's clauses that share most with a claim's, each with what it shares.

    The first content word after a cue is mostly its verb: where the passage has it, only
    the clauses that have it are compared.
    """
    if not clause.marked:
        return []
    verb = clause.words[0]
    as_written = [other for other in theirs if clause.head and other.head == clause.head]
    with_verb = as_written or [other for other in theirs if verb in other.words]
    if clause.words == clause.subject:
        # Nothing follows the cue: it is said of the subject.
        with_verb = [
            o
            for o in theirs
            if len({verb, *clause.words} & {*o.words, *o.subject}) >= 0.6 * len(clause.words)
        ]
    elif not with_verb and clause.force == "states":
        return []
    every = set(clause.words) | set(clause.subject)
    scored = []
    for other in with_verb or theirs:
        shared = len(
            set(clause.words) & {*other.words, *(other.subject if clause.words == clause.subject else ())}
        )
        around = 0.5 * len(every & (set(other.words) | set(other.subject)))
        if shared and (with_verb or shared >= max(2, 0.5 * len(set(clause.words)))):
            scored.append((shared + around, other))
    if not scored:
        return []
    top = max(score for score, _ in scored)
    return [(score, other) for score, other in scored if score >= 0.75 * top]
