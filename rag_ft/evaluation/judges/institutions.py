"""Does an answer name an institution that no cited passage names? Hand-written lists and two patterns.

The measure follows Nan et al. (2021, arXiv 2102.09130), who count the named entities of a
summary that its source does not hold; here the source is what the answer cites.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rag_ft.evaluation.judges.names import institutions

# What the head of an institution's name is, whoever it may be: a name that is on no list
# ("Maternal Surgery of Melbourne") must be seen too.
_HEADS = (
    "Administration|Agency|Association|Authority|Authorities|Bancorp|Bank|Banking|Board|Brokers|Brothers|Bureau|"
    "Capital|Centre|Center|Chamber|Chambers|Clinic|College|Commission|Commissioner|Commissioners|Committee|"
    "Company|Confederation|Corporation|Council|Court|Department|Directorate|Exchange|Executive|Federation|"
    "Finance|Force|Forum|Foundation|Fund|Group|Holdings|Hospital|Inspectorate|Institute|Institution|Insurance|"
    "Insurers|League|Ministry|Network|Office|Ombudsman|Organisation|Organization|Panel|Parliament|Partners|"
    "Police|Registry|Regulator|Roundtable|Reserve|School|Secretariat|Securities|Senate|Service|Services|Society|Surgery|"
    "Taskforce|Treasury|Tribunal|Trust|Union|University|Ltd|Limited|Inc|LLC|LLP|PLC|Plc|Bhd|Berhad|AG|Pte"
)
_JOIN = r"(?:of|and|for|the|de|du|des|la|in|on|to|&)"
_WORD = r"(?:[A-Z][\w’'.-]*\w|[A-Z]\b)"
_RUN = re.compile(rf"{_WORD}(?:\s+(?:{_JOIN}\s+){{0,2}}{_WORD})*(?:\s+\((?:Pte|Singapore)\)(?:\s+{_WORD})*)?")
_IS_HEAD = re.compile(rf"(?:(?:{_HEADS})s?|\w+-General)\.?")
_SEGMENTS = re.compile(rf"\s+({_JOIN})\s+(?:{_JOIN}\s+)?")
# "the central bank of Scotland": no capital, and a claim about an institution all the same.
_DESCRIBED = re.compile(
    r"\b(?:[Cc]entral|[Rr]eserve|[Nn]ational|[Ff]ederal|[Ss]tate) (?:bank|authority|reserve|court|police) of "
    rf"(?:the )?({_WORD}(?:\s+{_WORD})*)"
)
# A name that ends so is a law or a paper, not who issued it: "Insurance Act 1966", "MAS Notice 626".
_PAPER = re.compile(
    r"\b(?:Act|Acts|Regulations?|Notices?|Guidelines?|Rules?|Order|Code|Circulars?|Directions?|Bill|Framework|"
    r"Convention|Treaty|Agreement|Schedule|Part|Division|Annex|Appendix|Paragraph|Section|Programme|Project)\b"
)
_PAPER_AFTER = re.compile(r"\s*(?:Act|Regulations?|Notices?|Guidelines?|Circulars?|Directions?|Code)\b")
# First words of a sentence, and words that defined terms begin with, which are in no name.
_OPENERS = frozenset(
    "A An Any As At All Both But By Does Did Each Every For From How If In Is Its It No Not Of On One Or Our "
    "Such That The Their There These They This Those To Under Unless Until Was We What When Where Whether "
    "Which While Who Why With You Your Yes".split()
)
# Defined terms of the documents whose head is a head above and which name nobody.
_ROLES = re.compile(
    r"(?:(?:\w+-(?:incorporated|licensed|based|regulated)|Reporting|Major|Standard|Relevant|Financial|Payment|Regulated|Designated|Licensed|Exempt|Approved|Foreign|"
    r"Merchant|Full|Wholesale|Qualifying|Respondent|Correspondent|Beneficiary|Ordering|Intermediary|Shell|Senior|"
    r"Executive|Digital|Money|Account|Domestic|Cross|Border|Capital|Markets|Card|Trust|Finance|Insurance|"
    r"Deposit|Scheme|Member|Fund|Collective|Investment|Management|Chief|Officer|External|Internal|Company|"
    r"Bank|Banking|Institutions?|Companies|Services?|Issuance|Acquisition|Transfer|Exchange|Token|Policy|Group|Board|"
    r"Committee|Limited|Insurers?|Entity|Entities|Business|Relations|Partners?|Securities|Reserve|Court|"
    r"Directors|Supervisors|Trustees)(?:\s+|$)(?:of |and )?)+"
)
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Named:
    """A mention: `key` is the listed institution, or the words themselves where it is on no list."""

    key: str
    text: str


def unsupported_institutions(answer: str, passages: Iterable[str]) -> tuple[str, ...]:
    """Return the institutions that an answer names and none of the passages does, as it writes them.

    A listed institution is supported by any of its names. A name on no list has to stand in
    a passage as it is written, capitals included: "Central Bank of Singapore" is not what a
    passage says that calls somebody "the central bank of Singapore".
    """
    texts = [_folded(passage) for passage in passages]
    held = {mention.key for text in texts for mention in named_institutions(text)}
    held |= {key for text in texts for key in _listed_in_any_case(text)}
    missing = [
        mention.text
        for mention in named_institutions(_folded(answer))
        if mention.key not in held and not any(_stands_in(mention.text, text) for text in texts)
    ]
    return tuple(dict.fromkeys(missing))


@lru_cache(maxsize=4096)
def named_institutions(text: str) -> tuple[Named, ...]:
    """Return every institution that a text names, in order: listed ones, then by pattern."""
    folded = _folded(text)
    found: list[tuple[int, Named]] = []
    taken: list[tuple[int, int]] = []
    for run in _RUN.finditer(folded):
        for start, end in _trimmed(folded, run.start(), run.end()):
            mention = _judge_run(folded, start, end)
            if mention is not None:
                found.append((start, mention))
                taken.append((start, end))
    for match in _DESCRIBED.finditer(folded):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found.append((match.start(), Named(f"described as {match.group().casefold()}", match.group())))
            taken.append((match.start(), match.end()))
    for match in _listed_pattern().finditer(folded):
        inside = any(start <= match.start() and match.end() <= end for start, end in taken)
        if not inside and not _is_paper(folded, match.end()):
            found.append((match.start(), Named(_by_name()[match.group()], match.group())))
    return tuple(mention for _, mention in sorted(found, key=lambda item: item[0]))


def _judge_run(text: str, start: int, end: int) -> Named | None:
    """Say who a run of capitalised words names: a listed one, an unknown one, or nobody."""
    run = _POSSESSIVE.sub("", text[start:end])
    key = _by_name().get(run)
    if key is not None:
        return None if _is_paper(text, end) else Named(key, run)
    if not _has_head(run) or _PAPER.search(run) or _is_paper(text, end):
        return None
    return Named(run.removeprefix("The "), run)


def _has_head(run: str) -> bool:
    """Tell whether a run is built like the name of an institution.

    Its head is the last word before "of" or "for" ("Reserve Bank of India"); "Right of
    Authority" has none. A bare "Board" names nobody, nor does a defined role.
    """
    pieces = _SEGMENTS.split(run)
    segments, joints = pieces[::2], [*pieces[1::2], ""]
    followers = [*segments[1:], ""]
    for segment, joint, following in zip(segments, joints, followers, strict=True):
        words = segment.split()
        named = len(words) > 1 or joint in ("of", "for")
        # "Merchant Bank" is a kind of bank; "Reserve Bank of Ruritania" is one bank.
        is_role = _ROLES.fullmatch(segment) and (joint not in ("of", "for") or _ROLES.fullmatch(following))
        if named and _IS_HEAD.fullmatch(words[-1]) and not is_role:
            return True
        if joint not in ("and", "&"):
            return False
    return False


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what is no part of a name off a run; two listed names joined by "and" come apart."""
    words = list(re.finditer(r"\S+", text[start:end]))
    while words and words[0].group().rstrip(",") in _OPENERS:
        if words[0].group() == "The" and text[start + words[0].start() : end] in _by_name():
            break
        words.pop(0)
        while words and re.fullmatch(_JOIN, words[0].group()):
            words.pop(0)
    if not words:
        return []
    first, last = start + words[0].start(), end
    name = text[first:last]
    if _POSSESSIVE.sub("", name) in _by_name():
        return [(first, last)]
    for joint in re.finditer(r" (?:and|of|for|in|with|to) (?:the )?", name):
        left, right = name[: joint.start()], name[joint.end() :]
        known = (left in _by_name(), right in _by_name() or f"the {right}" in _by_name())
        # "and" joins two names; "of" does where both are names on their own.
        if all(known) or (any(known) and " and " in joint.group()):
            return [
                *_trimmed(text, first, first + joint.start()),
                *_trimmed(text, first + joint.end(), last),
            ]
    possessive = re.search(r"['’]s\s", name)
    if possessive and (name[: possessive.start()] in _by_name() or _has_head(name[: possessive.start()])):
        return [(first, first + possessive.start()), *_trimmed(text, first + possessive.end(), last)]
    return [(first, last)]


def _is_paper(text: str, end: int) -> bool:
    """Tell whether what follows makes the name part of a paper's title: "MAS" in "MAS Notice 626"."""
    return _PAPER_AFTER.match(text, end) is not None


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _listed_in_any_case(text: str) -> set[str]:
    """Return the listed institutions that a heading in capitals names; short names need their case."""
    lowered = f" {text.casefold()} "
    return {key for name, key in _by_name().items() if " " in name and f" {name.casefold()} " in lowered}


def _folded(text: str) -> str:
    # A reader writes the hyphen of its own vocabulary where a statute has one that does not break.
    plain = text.translate({0x2019: "'", 0x2010: "-", 0x2011: "-"})
    return " ".join(re.sub(r"\[\d{1,3}\]", " ", plain).split())


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    return {name.replace("’", "'"): names[0] for names in institutions() for name in names}


@lru_cache(maxsize=1)
def _listed_pattern() -> re.Pattern[str]:
    longest_first = sorted(_by_name(), key=len, reverse=True)
    return re.compile(rf"(?<![\w.&-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w&-])")
