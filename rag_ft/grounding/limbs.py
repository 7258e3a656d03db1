"""Lists written out: each limb with the words that lead it in, as a sentence of its own."""

import re

from rag_ft.grounding.cues import SENTENCE_END

_MARKER = re.compile(r"(?:(?<=[\s:;,—–])|\A)\((?:[a-z]{1,4}|\d{1,2})\)\s+")
_LEAD_END = re.compile(r"[:—–]\s*\Z")
_SENTENCE = re.compile(SENTENCE_END + r"|\n\n+")
_JOINT = re.compile(r"[\s,;]*(?:\b(?:and|or)\b)?[\s,;.]*\Z")


def write_out(text: str) -> str:
    """Write a list out: "A bank must: (a) ask; (b) check." becomes a sentence for each limb.

    What is no list stays as it is. A limb read alone would lose the force and the condition of
    its lead-in, and one read in a row would take on the conditions of the limbs before it.
    """
    return "\n".join(part for sentence in _SENTENCE.split(text) for part in _limbs(sentence))


def _limbs(sentence: str) -> list[str]:
    markers = list(_MARKER.finditer(sentence))
    if not markers:
        return [sentence]
    lead = sentence[: markers[0].start()]
    if not lead.strip() or not _LEAD_END.search(lead):
        return [sentence]
    lead = _LEAD_END.sub("", lead).strip()
    ends = [*(marker.start() for marker in markers[1:]), len(sentence)]
    limbs = (_JOINT.sub("", sentence[marker.end() : end]) for marker, end in zip(markers, ends, strict=True))
    return [f"{lead} {limb}." for limb in limbs if limb]
