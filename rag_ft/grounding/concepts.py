"""Content words by their roots, with the synonyms that regulatory prose and its readers swap."""

import re
from collections.abc import Iterable
from functools import lru_cache
from math import ceil

from rag_ft.stems import stem

_TOKEN = re.compile(r"[A-Za-zÀ-ÿ]+(?:[’'][A-Za-z]+)?|\d+(?:[.,]\d+)*")

STOP_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty a about"
    " above since already after all also am an and any are as at be because been before being below"
    " between both but by can could did do does doing down during each either else ever every few for"
    " from further had has have having he her here him his how however i if in into is it its itself"
    " just may me might more most must my neither no nor not of off on once only or other our out over"
    " own per same shall she should so some such than that the their them then there these they this"
    " those through to too under until up upon us very via was we were what when where whether which"
    " while who whom whose why will with within without would yes yet you your unless except otherwise"
    " need cannot thus hence thereof therein thereto herein hereby namely eg ie etc said subject"
    " pursuant accordance respect towards toward relation means mean called referred accordingly answer"
    " question passage passages according state states stated say says provide provides provided needed"
    " needs require requires required allowed permitted million obliged obliges obligation obligatory"
    " free freely come comes came coming go goes going went gone now beyond wish wishes wishing billion"
    " thousand hundred percent dollars least exceed exceeds exceeding less".split()
)

_IRREGULAR = {
    "held": "hold",
    "kept": "keep",
    "paid": "pay",
    "made": "make",
    "given": "give",
    "gave": "give",
    "sent": "send",
    "told": "tell",
    "taken": "take",
    "took": "take",
    "sold": "sell",
    "bought": "buy",
    "sought": "seek",
    "begun": "begin",
    "began": "begin",
    "borne": "bear",
    "met": "meet",
    "left": "leave",
    "became": "become",
    "found": "find",
    "lent": "lend",
    "men": "man",
    "people": "person",
    "persons": "person",
    "retention": "retain",
    "submission": "submit",
    "submissions": "submit",
    "permission": "permit",
    "permissible": "permit",
    "maintenance": "maintain",
    "receipt": "receive",
    "written": "write",
    "writing": "write",
    "wrote": "write",
    "sale": "sell",
    "sales": "sell",
    "proof": "prove",
    "belief": "believe",
    "choice": "choose",
    "chosen": "choose",
    "loss": "lose",
    "lost": "lose",
    "compliance": "comply",
    "compliant": "comply",
    "complies": "comply",
    "complied": "comply",
    "commission": "commission",
    "commissions": "commission",
    "decision": "decide",
    "decisions": "decide",
    "denial": "deny",
    "growth": "grow",
    "imprisonment": "prison",
    "imprisoned": "prison",
    "exception": "except",
    "exceptions": "except",
    "analysis": "analys",
    "analyses": "analys",
    "criteria": "criterion",
    "yearly": "annual",
    "annually": "annual",
    "data": "data",
    "business": "business",
    "businesses": "business",
    "use": "use",
    "used": "use",
    "uses": "use",
    "using": "use",
    "usage": "use",
    "relationship": "relation",
    "relationships": "relation",
}

# Words that stand for one another in this field; each group meets in its first word.
_SYNONYMS = """
keep retain maintain hold preserve store
submit file lodge furnish
notify inform tell alert advise
report
perform conduct undertake execute
ask inquire enquire
begin commence start institute initiate launch
publish release appear
proceeding prosecution
end terminate cease stop discontinue
get obtain receive acquire
approval consent authorisation authorization sign-off
forbid prohibit ban bar disallow
allow permit let
customer client
fine penalty
breach break contravene violate infringe
punish punishable liable
return repay
firm company corporation
require need necessary mandatory obligatory compulsory
minimum
maximum limit cap ceiling
give supply
show demonstrate prove
check verify confirm
employee staff personnel
say state specify
transfer send transmit remit
set impose establish fix
pay payment
amend vary modify alter change
add aggregate sum combine total
revoke withdraw cancel rescind
delay defer postpone
refuse reject decline
help assist
buy purchase
rule requirement
month monthly
year annual
day daily
week weekly
hour hourly
quarter quarterly
big large significant
kind type sort category
lend loan
raise increase lift
lower reduce decrease
effect force
quick prompt immediate
document documentation
record
name identity
suspicious suspicion suspect
risk
appoint designate
assess evaluate
review reassess
owner ownership
fund money
launder
abroad overseas foreign
singapore
"""

_LIGHT = (
    "give get take make put keep turn ask tell show use want try call find let become leave seem run"
    " move bring happen set start stop hold cost carry work lead follow remain stay stand fall come back"
    " part away together nothing something anything somebody anybody anyone everyone someone latest"
    " already afterwards beforehand earlier later long plus besides moreover possible able place time"
    " case way thing example instance only soon once new good right full whole entire various different"
    " certain like such begin finish complete implement apply concern"
)


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """Cut a word to the stem that its forms share, irregular ones and British and American ones too."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    word = _IRREGULAR.get(word, word).replace("iz", "is").replace("licence", "license")
    return stem(_IRREGULAR.get(word, word))


def _groups() -> dict[str, str]:
    heads: dict[str, str] = {}
    for line in _SYNONYMS.strip().splitlines():
        roots = [root(word) for word in line.split()]
        for each in roots:
            heads.setdefault(each, roots[0])
    return heads


_HEAD = _groups()


def concept(word: str) -> str:
    """Give the root of a word, or of the word that stands for its group of synonyms."""
    cut = root(word)
    return _HEAD.get(cut, cut)


# So many first letters, and this share of the shorter one, make two roots akin.
_LEAST_STEM = 4
_LEAST_SHARED = 0.8


def is_akin(word: str, others: Iterable[str]) -> bool:
    """Tell whether a root has a relative by derivation among others: "appli" and "applic"."""
    return any(
        other.startswith(word[: max(_LEAST_STEM, ceil(_LEAST_SHARED * min(len(word), len(other))))])
        and len(word) >= _LEAST_STEM
        for other in others
    )


LIGHT_WORDS = frozenset(concept(word) for word in _LIGHT.split())


def tokens(text: str) -> list[str]:
    """Cut a text into its words, as written."""
    return _TOKEN.findall(text)


# Verbs of two words that stand for one.
_PHRASE_WORDS = {"out": "perform", "up": "establish", "sure": "ensure"}
_PHRASES = re.compile(
    r"\b(?:carr(?:y|ies|ied|ying) out|set(?:s|ting)? up|(?:make|makes|made|making) sure)\b", re.IGNORECASE
)


# The checks of one answer read the same few texts many times.
@lru_cache(maxsize=4096)
def concepts(text: str) -> tuple[str, ...]:
    """Give the concepts of a text's content words, in order; figures and function words left out."""
    return tuple(
        concept(token)
        for token in tokens(
            _PHRASES.sub(lambda match: _PHRASE_WORDS[match.group().casefold().split()[1]], text)
        )
        if not token[0].isdigit() and token.casefold() not in STOP_WORDS and len(token) > 1
    )
