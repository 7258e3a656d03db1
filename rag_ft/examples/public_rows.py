"""What a row of a public set teaches: the question as it will be asked, and its answer."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from rag_ft.grounding.concepts import concepts
from rag_ft.prompts import parse_marks, strip_marks
from rag_ft.retrieval.words import stems
from rag_ft.sentences import split_sentences

LONGEST_ANSWER = 70  # words
MOST_GOLD = 2

Row = Mapping[str, Any]

_SHORTEST_SENTENCE = 6  # words
_SHORTEST_WRITTEN = 4  # words
_SHARED = 2  # words that a marked sentence and its question must have in common
_SITE_WORDS = frozenset(
    concepts(
        "website site company policy user data information privacy third party personal does your our use "
        "collect share service provide"
    )
)
# The share of a question's telling words that its gold passage must hold.
_COVERED = 0.75
_SENTENCE = 0.65  # the same, of the sentence that an answer stands in
_HALF = 0.5  # the same, of a sentence that affirms or denies
_BACKED = 0.85  # the same, of a written answer's words
_ASKING = frozenset(stems("is are was can does many much name call number type kind year still ever same"))
# What is capitalised or counted within a question; without it "how many were there?" is any of many.
_NAMED = re.compile(r"(?<=[\s“\"(])[A-Z]|\d")
# Questions written to have more than the passage says.
_BEYOND = re.compile(
    r"\b(?:examples?|elaborate|clarify|clarification|further guidance|could you|can you|best practices?|"
    r"how does the|upcoming|hidden|specific(?:ally)?|processes|mechanisms?|how should|how often|"
    r"importance of)\b",
    re.IGNORECASE,
)
_HEADED = re.compile(r"^(?:[A-Z]{3,}\b[ ,–-]*){2}|^[A-Z][\w’' ,()-]{2,60}\. ")
# An answer about its sources rather than from them.
_ABOUT_SOURCES = re.compile(r"\b(?:the|this) (?:source|target|passage|text|excerpt)\b", re.IGNORECASE)
_YES_NO = re.compile(r"(?:Yes|No)\b")
_WHETHER = re.compile(r"(?:Can|Could|Does|Do|Is|Are|Must|May|Should|Will|Has|Have)\b")
_DENIAL = re.compile(
    r"\b(?:not|no|never|nor|neither|none|cannot|without|only|unlike|instead|rather|differ\w*|fail\w*)\b|n['’]t\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+")
# Asked of the day it was typed on.
_TIMELY = re.compile(
    r"\b(?:this|next|latest|newest|now|current(?:ly)?|today|right now|last (?:night|year))\b", re.I
)
# What a passage must hold to say something; a heading does not.
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|has|have|must|may|shall|should|will|can|cannot|means|includes?|appl(?:y|ies))\b"
)
_LIST = re.compile(r"\((?:a|i|1)\)|:")
# Sentences that comment on an answer and add nothing to it.
_COMMENT = re.compile(
    r"(?:In practice|This|These|Together|Using|The combined|Taken|Overall|In other words|Therefore|Thus|"
    r"Accordingly|As a result|Consequently|Because|Where this|If this)\b"
)


class Taught(NamedTuple):
    """A question and its answer, None to abstain."""

    question: str
    answer: str | None


def span(row: Row) -> Taught | None:
    """An answer in the passage's own words; nothing where people marked several or half a word."""
    if not row["answerable"]:
        return Taught(row["q"], None)
    answer = str(row["a"]).strip(" ,;:")
    if answer.casefold() == str(row.get("title")).casefold() and str(row["q"]).casefold().startswith("where"):
        return None  # the name of a place is not where it is
    spelt = {" ".join(str(other).casefold().split()) for other in row.get("alts") or ()}
    alike = all(answer.casefold() in other or other in answer.casefold() for other in spelt)
    if not answer or not alike or len(answer.split()) > LONGEST_ANSWER:
        return None
    whole = re.compile(rf"(?<!\w){re.escape(answer)}(?!\w)")
    return Taught(row["q"], answer) if any(whole.search(text) for text in _gold_texts(row)) else None


def named_span(row: Row) -> Taught | None:
    """A span whose question names something: written beside its passage, another leans on it."""
    asked = str(row["q"]).strip()
    held = set(_FIGURE.findall(" ".join(_gold_texts(row))))
    is_said = not row["answerable"] or held >= set(_FIGURE.findall(asked))
    return span(row) if is_said and _NAMED.search(asked) else None


def searched_span(row: Row) -> Taught | None:
    """A span in a sentence about what was asked: these questions were typed before it was found."""
    answer = str(row["a"]).strip(" ,;:")
    said = [part for part in _gold_sentences(row) if answer in part]
    is_about = any(_covers(row, _SENTENCE, part) for part in said)
    is_dated = _TIMELY.search(str(row["q"])) is not None
    return span(row) if is_about and not is_dated and _covers(row, _COVERED) else None


def site_span(row: Row) -> Taught | None:
    """A whole sentence of a site's policy, with the site named: "this website" is any of many.

    These spans mark a practice rather than an answer: one without two words of the question is noise.
    """
    answer = str(row["a"]).strip()
    sentences = {
        text[part.start : part.end].strip(" .") for text in _gold_texts(row) for part in split_sentences(text)
    }
    shared = (set(concepts(str(row["q"]))) - _SITE_WORDS) & set(concepts(answer))
    if (
        answer.strip(" .") not in sentences
        or len(answer.split()) < _SHORTEST_SENTENCE
        or len(shared) < _SHARED
    ):
        return None
    return Taught(f"About the privacy policy of {row['title']}: {row['q']}", answer)


def cited(row: Row) -> Taught | None:
    """The cited sentences of a written answer, where all are short and every gold passage is cited."""
    if _is_open(row) or _ABOUT_SOURCES.search(str(row["a"])):
        return None
    # "… it must. [1]" cites as "… it must [1]." does.
    answer = re.sub(r"\.\s*((?:\[\d\]\s*)+)", r" \1. ", str(row["a"])).replace(" .", ".")
    kept: list[str] = []
    for part in split_sentences(answer):
        sentence = answer[part.start : part.end]
        if parse_marks(sentence) and not _COMMENT.match(sentence):
            kept.append(sentence)
        elif not kept:
            return None  # without its first sentence the rest hangs in the air
    said = " ".join(kept)
    needed = {at for at, passage in enumerate(row["passages"], start=1) if passage["gold"]}
    is_whole = bool(needed) and set(parse_marks(said)) == needed
    return Taught(row["q"], said) if is_whole and len(said.split()) <= LONGEST_ANSWER else None


def both(row: Row) -> Taught | None:
    """A short answer that every gold passage is needed for, in their words; a bare verdict has no reason."""
    answer = str(row["a"]).strip()
    if not _SHORTEST_WRITTEN <= len(answer.split()) <= LONGEST_ANSWER:
        return None
    if _is_open(row) or _YES_NO.match(answer) or _WHETHER.match(str(row["q"])):
        return None
    if not _covers(row, _COVERED):
        return None
    said = set(stems(strip_marks(answer)))
    held = set(stems(" ".join(_gold_texts(row))))
    return Taught(row["q"], answer) if len(said & held) >= _BACKED * len(said) else None


def verdict(row: Row) -> Taught | None:
    """Yes or no, where the row says so without conditions and few passages show it."""
    question = f"{row['scenario']} {row['q']}" if row.get("scenario") else str(row["q"])
    if not row["answerable"]:
        return Taught(question, None)
    said = str(row.get("label") or row["a"]).casefold()
    conditions = [condition for answer in row.get("conditions") or () for condition in answer["conditions"]]
    several = len(row.get("alts") or ()) > 1
    texts = _gold_texts(row)
    # Of a page's bullet points alone nobody could tell.
    fragments = [text for text in texts if not text.rstrip().endswith((".", "?", "!", '"'))]
    if said not in ("yes", "no") or conditions or several or len(texts) > MOST_GOLD or fragments:
        return None
    return Taught(question, said.capitalize())


def article_verdict(row: Row) -> Taught | None:
    """Yes or no about an article whose words hold every telling word of the question.

    A verdict often rests on what the passage leaves unsaid.
    """
    return verdict(row) if _covers(row, 1.0) and _says_so(row) else None


def scenario_verdict(row: Row) -> Taught | None:
    """Yes or no on somebody's case, where a sentence of the rules speaks of what was asked."""
    taught = verdict(row)
    is_said = taught is None or taught.answer is None or (_covers(row, _SENTENCE) and _says_so(row))
    return taught if is_said else None


def passage(row: Row) -> Taught | None:
    """A question whose gold has no written answer: the one gold passage is it, where it is short.

    What people found relevant but no answer teaches to abstain.
    """
    if not row["answerable"]:
        return Taught(row["q"], None)
    texts = _gold_texts(row)
    said = " ".join(texts[0].split()) if len(texts) == 1 else ""
    is_sentence = said.endswith(".") and _LIST.search(said) is None and said[0].isupper()
    if not is_sentence or len(said.split()) > LONGEST_ANSWER or _HEADED.match(said):
        return None
    # These passages were found to bear on the question, which is less than to answer it.
    answers = _covers(row, _COVERED) and _BEYOND.search(str(row["q"])) is None
    return Taught(row["q"], said) if answers else None


def irrelevant(row: Row) -> Taught | None:
    """A clause that people judged not to hold the answer."""
    return None if row["answerable"] else Taught(row["q"], None)


def _covers(row: Row, share: float, text: str | None = None) -> bool:
    """Tell whether gold passages, or a text, with their title hold a share of a question's telling words."""
    asked = set(stems(str(row["q"]))) - _ASKING
    title = str(row.get("title") or "").replace("_", " ")
    held = set(stems(" ".join([title, *(_gold_texts(row) if text is None else [text])])))
    return len(asked & held) >= share * len(asked)


def _says_so(row: Row) -> bool:
    """Tell whether a sentence on half of the question denies it, for a no, or does not, for a yes."""
    denies = str(row.get("label") or row["a"]).casefold() == "no"
    return any(
        (_DENIAL.search(part) is not None) == denies and _covers(row, _HALF, part)
        for part in _gold_sentences(row)
    )


def _is_open(row: Row) -> bool:
    """Tell whether a gold passage ends before what it announces, or is a heading."""
    texts = _gold_texts(row)
    return any(
        text.rstrip().endswith((":", "—", "–", ",", "; and", "; or")) or not _VERB.search(text)
        for text in texts
    )


def _gold_sentences(row: Row) -> list[str]:
    return [text[part.start : part.end] for text in _gold_texts(row) for part in split_sentences(text)]


def _gold_texts(row: Row) -> list[str]:
    return [str(passage["text"]) for passage in row["passages"] if passage["gold"]]
