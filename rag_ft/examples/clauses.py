"""A sentence of law taken apart: who must or may do what, when, and unless what."""

import re
from dataclasses import dataclass
from typing import Literal

from rag_ft.institutions.words import PLACES

Modal = Literal["must", "must not", "may", "should", "should not", "need not"]

_MODALS: dict[str, Modal] = {
    "must": "must",
    "shall": "must",
    "is required to": "must",
    "are required to": "must",
    "must not": "must not",
    "shall not": "must not",
    "may not": "must not",
    "may": "may",
    "may only": "may",
    "should": "should",
    "should not": "should not",
    "need not": "need not",
    "is not required to": "need not",
    "are not required to": "need not",
    "shall not be required to": "need not",
}
_MODAL = "|".join(sorted((re.escape(words) for words in _MODALS), key=len, reverse=True))
# A noun phrase holds no comma and none of these words, so that no verb hides in it.
_NOT_IN_PHRASE = (
    "who whom whose which that where when if is are was were be been being has have had do does did must "
    "shall may should will would can cannot means includes under unless than without despite"
)
_WORD = rf"(?!(?:{'|'.join(_NOT_IN_PHRASE.split())})\b)[\w“”‘’'/&\-]+"
_DETERMINERS = "An?|The|Any|Every|Each|No|All|Either|Neither|One"
# Words that open a sentence and are no name.
_OPENERS = (
    "Where|When|Whenever|If|Upon|On|In|For|Before|After|Unless|Without|Despite|Subject|Except|Such|This|That|"
    f"These|Those|It|He|She|They|There|Nothing|To|As|At|By|During|With|From|Besides|Nobody|{_DETERMINERS}"
)
_PLURALS = "Banks|Finance companies|Financial institutions|Payment service providers|Applicants|Licensees"
_DETERMINED = rf"(?i:{_DETERMINERS})(?: {_WORD}){{1,13}}"
_BARE = rf"(?!(?:{_OPENERS})\b)(?:[A-Z][\w&-]+|(?i:{_PLURALS}))(?: {_WORD}){{0,5}}"
_RELATIVE = r"(?: (?:who|which|that)(?: (?!(?:must|shall|may|should)\b)[\w“”‘’'/&\-()]+){1,14})?"
_SUBJECT = rf"(?P<subject>(?:{_DETERMINED}|{_BARE}){_RELATIVE})"
_FRONT = (
    r"(?P<front>(?:Where|If|When|Whenever|Before|After|Upon|On|In|During|Once|Prior to|As soon as|Until|"
    r"Unless|At any time)\b.{5,400}?),(?: then)? "
)
_PREAMBLE = (
    r"(?P<preamble>(?:Subject to|Despite|Notwithstanding|Without (?:limiting|prejudice to)|"
    r"For the purposes? of|Except|In addition to|For the avoidance of doubt)\b[^.]{0,160}?), "
)
_CLAUSE = re.compile(
    rf"^(?:{_PREAMBLE})?(?:{_FRONT})?{_SUBJECT} (?P<modal>{_MODAL})(?P<inserted>, [^,]{{4,120}},)? "
    r"(?P<predicate>[a-z].+)\.$"
)
_BACK = re.compile(
    r",? (?P<marker>if|unless|except where|except when|except that|except|when|whenever|where|until|"
    r"before|after) "
)
# A marker after one of these words belongs to it: "on or after", "shortly before".
_NO_BREAK = re.compile(
    r"\b(?:or|and|on|not|only|even|as|immediately|shortly|any|long|to|of|days|months|years|time|would|could|may|must|shall)$"
)
# Words that point outside the sentence: without its section number the reader is lost.
_POINTER = re.compile(
    r"\b(?:sub-?sections?|sub-?paragraphs?|paragraphs?|sections?|regulations? \d|Part \w|Division|Schedules?|"
    r"this(?! (?:Act|Notice)\b)|those|these(?! (?:Guidelines|Regulations)\b)|such|said|"
    r"aforesaid|above|below|same|"
    r"that (?:person|bank|company|act|entity|date|case|period|notice|order|direction|time|other)|"
    r"he|she|him|them|they|mentioned|referred to|concerned|in question)\b",
    re.IGNORECASE,
)
# "The objects for which moneys may be applied are ...": the modal is not the rule's own.
_EMBEDDED = re.compile(r"\b(?:for|of|in|to|by|on|under|with|from|at) (?:which|whom|whose)\b")
# Who can do something; papers and funds cannot.
_AGENTS = re.compile(
    r"\b(?:Authority|MAS|Minister|Court|court|Commission|Agency|Registrar|President|Government|Council|Board|board|"
    r"Committee|Panel|Depository|Office|officers?|persons?|individuals?|banks?|compan(?:y|ies)|corporations?|"
    r"licensees?|institutions?|organisations?|auditors?|directors?|members?|managers?|trustees?|operators?|"
    r"providers?|insurers?|exchanges?|repositor(?:y|ies)|houses?|holders?|applicants?|transferors?|transferees?|"
    r"employers?|employees?|partners?|secretar(?:y|ies)|brokers?|advisers?|actuar(?:y|ies)|administrators?|"
    r"submitters?|issuers?|controllers?|shareholders?|unitholders?|investigators?|inspectors?|valuers?|"
    r"liquidators?|receivers?|customers?|participants?|entit(?:y|ies)|foremen|foreman|wardens?|keepers?|pickers?|"
    r"owners?|agents?|appointees?|intermediar(?:y|ies)|purchasers?|depositors?)\b(?![’'])"
)
_INNER_VERB = re.compile(r"\b(?:is|are|was|were|has|have|that|which|who|whom|it|they)\b")
# "The notice" is one that was spoken of before.
_DEFINITE = re.compile(
    r"\bthe (?:notice|application|order|direction|report|request|certificate|determination|decision|document|"
    r"individual|applicant|transfer|approval|refusal|appeal|objection|offence|contravention|charge|register|"
    r"agreement|contract|documents|information|period|date|amount|matter|shares|power|duty|statement|"
    r"recipient|examinee|warrant|premises|inspection|investigation|circumstances|measures|books)\b"
    r"(?! (?:of|in|that|which|made|issued|to)\b)"
)
_LINK = re.compile(
    r"^(?:In addition|However|Further|Furthermore|Moreover|Similarly|Accordingly|Therefore|Generally|"
    r"Nevertheless|Hence|Thus|In particular|In general), "
)
# "... and the exchange must comply": a second rule hangs on the first.
_SECOND_RULE = re.compile(r"\band (?:the|an?|that|every|any|such) [\w ]{3,60}? (?:must|shall)\b")
_NO_VERB = re.compile(
    r"^(?:\w+ly )?(?:the|a|an|any|of|to|in|for|on|such|if|where|and|or|as|at|by|within|from)\b"
)
_TWO_MARKERS = re.compile(r"\b(?:if|where|when|unless),? (?:if|where|when|unless)\b", re.IGNORECASE)
_COMMON = (
    "Or|And|Once|Whatever|False|Audited|New|Final|Staff|Senior|Beneficiary|Nobody|While|Over|Under|Apart|Regulations|Rules|Directions|Overall|Looking|Meanwhile|However|Excluding|"
    "Including|Barring|Following|Taking|Within|Among|About|Around|Some|Most|More|Several|Two|Three|Both|Only|"
    "Further|Its|Their|His|Growth|Inflation|Nominal|Real|Private|Global|Regional|Domestic|Imported|Services|"
    "Food|Headline|Core|Economic|Persons|Proceedings|Subsections?|Sections?|Paragraphs?|Information|Documents|"
    "Customers|Transactions|Failure|Notice of|Particulars|Records|Shares|Moneys|Payment of|Where the"
)
# Names seldom end so: insurers, training, documentation, privacy.
_COMMON_ENDS = (
    "ers",
    "ors",
    "ies",
    "ees",
    "ings",
    "ents",
    "ants",
    "ing",
    "tion",
    "tions",
    "ity",
    "ment",
    "acy",
)
_SHORTEST_PLURAL = 5  # characters
_COMMON_FIRST = re.compile(rf"(?:{_OPENERS}|{_PLURALS}|{_COMMON})\b")


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule: subject, modal and predicate, with the conditions before and after it.

    `condition` is the fronted one, `back` what follows `marker` in the predicate;
    `predicate` holds no back condition, `full_predicate` does.
    """

    subject: str
    modal: Modal
    predicate: str
    preamble: str | None = None
    condition: str | None = None
    inserted: str | None = None
    marker: str | None = None
    back: str | None = None

    @property
    def full_predicate(self) -> str:
        """The predicate with its condition and what was inserted after the modal."""
        inserted = f", {self.inserted}, " if self.inserted else ""
        back = f" {self.marker} {self.back}" if self.back else ""
        return f"{inserted} {self.predicate}{back}".replace(" ,", ",").replace("  ", " ").strip()

    @property
    def rule(self) -> str:
        """The rule in plain words, from its subject on, without a full stop."""
        joint = "" if self.inserted else " "
        return f"{self.subject} {self.modal}{joint}{self.full_predicate}"

    @property
    def sentence(self) -> str:
        """The whole rule in plain words, its conditions first, with a full stop."""
        fronts = [front for front in (self.preamble, self.condition) if front]
        said = ", ".join([*fronts, self.rule])
        return f"{said[0].upper()}{said[1:]}."

    @property
    def has_agent(self) -> bool:
        """Whether the subject is somebody who can act, and not a paper or a fund."""
        head = re.split(r" (?:of|in|to|for|on|under|who|which|that|made|appointed|issued)\b", self.subject)[0]
        return _AGENTS.search(head) is not None

    @property
    def is_passive(self) -> bool:
        """Whether something is done to the subject."""
        return self.predicate.startswith(("be ", "have been "))


def read_clause(sentence: str, context: str = "") -> Clause | None:
    """Take a sentence apart; None where it does not have this shape for certain.

    `context` is the text around it, by which common words are told from names.
    """
    sentence = _without_link(sentence)
    match = _CLAUSE.match(sentence)
    if match is None:
        return None
    subject, modal = match["subject"], _MODALS[match["modal"]]
    predicate = match["predicate"]
    if match["modal"].endswith(" only"):
        predicate = f"only {predicate}"
    if "—" in sentence or " – " in sentence or _TWO_MARKERS.search(sentence):
        return None
    if predicate.startswith("not"):
        return None  # "must not, by virtue of ..., be": the words between were too many to take out
    if _EMBEDDED.search(subject) or _NO_VERB.match(predicate) or _SECOND_RULE.search(predicate):
        return None
    no_one = re.match(r"[Nn](?:o|either) ", subject)
    if no_one:
        if modal not in ("must", "may"):
            return None
        subject, modal = with_article(subject[no_one.end() :]), "must not"
    marker = back = None
    found = _BACK.search(predicate)
    if found and found.start() > 8 and _breaks(predicate, found):
        marker, back = found["marker"], predicate[found.end() :]
        predicate = predicate[: found.start()]
    return Clause(
        subject=lowered(subject, context),
        modal=modal,
        predicate=predicate,
        preamble=lowered(match["preamble"]) if match["preamble"] else None,
        condition=lowered(match["front"]) if match["front"] else None,
        inserted=match["inserted"].strip(", ") if match["inserted"] else None,
        marker=marker,
        back=back,
    )


def _breaks(predicate: str, found: re.Match[str]) -> bool:
    """Tell whether a marker opens a condition of the rule, and not of a clause within it."""
    before = predicate[: found.start()]
    if _NO_BREAK.search(before):
        return False
    return found["marker"] in ("if", "unless") or _INNER_VERB.search(before) is None


def stands_alone(*words: str | None) -> bool:
    """Tell whether words can be understood without the provision they stand in."""
    return not any(text and (_POINTER.search(text) or _DEFINITE.search(text)) for text in words)


def _without_link(sentence: str) -> str:
    """Drop the word that ties a sentence to the one before it: "In addition,"."""
    rest = _LINK.sub("", sentence)
    return rest if rest is sentence else rest[0].upper() + rest[1:]


def with_article(noun: str) -> str:
    """Put a or an before a noun, by its sound."""
    if re.match(r"one\b|us[ei]|uni|uti", noun):
        return f"a {noun}"
    return f"an {noun}" if re.match(r"[aeiou]|hono|hour|MAS\b|MPI\b|FI\b", noun) else f"a {noun}"


def lowered(phrase: str, context: str = "") -> str:
    """Lower the first letter of what opened a sentence, unless it is a name.

    Args:
        phrase: the words.
        context: a text around them; a word that it writes small elsewhere is no name.
    """
    first = phrase.split(" ", 1)[0]
    small = first[:1].lower() + first[1:]
    is_word = first[1:].islower() and first.isalpha() and first.casefold() not in PLACES
    seen = is_word and re.search(rf"(?<![\w.]){small}\b", context) is not None
    plural = is_word and len(first) > _SHORTEST_PLURAL and first.endswith(_COMMON_ENDS)
    return small + phrase[len(first) :] if seen or plural or _COMMON_FIRST.match(phrase) else phrase
