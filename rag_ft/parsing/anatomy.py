"""The regular shapes of regulatory text: definitions, annexes, amendment tags, captions."""

import re

# A definition opens with its quoted term; between it and the verb may stand "in relation
# to ...", other quoted terms, or a bracket.
DEFINITION = re.compile(
    r"[“\"‘](?P<term>[^“”\"‘]{1,120}?)[”\"’]"
    r"(?=[^.;:]{0,300}?(?:\b(?:means?|includes?|refers? to|ha(?:s|ve) the (?:same )?meanings?)\b|[-–—⎯]\s*$))"
)
_ORDINALS = (
    "FIRST|SECOND|THIRD|FOURTH|FIFTH|SIXTH|SEVENTH|EIGHTH|NINTH|TENTH|ELEVENTH|TWELFTH|THIRTEENTH|FOURTEENTH"
    "|FIFTEENTH|SIXTEENTH|SEVENTEENTH|EIGHTEENTH|NINETEENTH|TWENTIETH"
)
# The heading of a part that numbers its paragraphs anew.
ZONE = re.compile(
    rf"(?P<name>(?i:ANNEX(?:URE)?|APPENDIX|ATTACHMENT)(?: ?[A-Z0-9]{{1,3}})?+"
    rf"|(?:THE )?(?:(?i:{_ORDINALS}) )?SCHEDULE(?: \d{{1,2}}[A-Z]?)?+|(?i:{_ORDINALS}) (?i:SCHEDULE)"
    rf"|(?i:Endnotes? on History of Amendments)|(?i:Endnotes?)|LEGISLATIVE HISTORY)"
    r"(?=$|[\s:.–—-](?! ?(?:to|of|in|is|was|and|or|as|under|shall|may|for|which|sets?)\b))"
)
# Tags that say which instrument changed a paragraph: kept in the text, outside every span.
ANNOTATION = re.compile(
    r"\[\s*(?:\d{1,3}/\d{2,4}(?:\s*[;,]\s*\d{1,3}/\d{2,4})*"
    r"|(?:(?:Deleted|Repealed|Renumbered|Substituted|Inserted|Amended) by )?"
    r"(?:Act \d+ of \d{4}|S \d+/\d{4}|MAS Notice|Notice|Circular|Guidelines?)\b[^\]]{0,120}"
    r"|(?:MAS )?[A-Z]{2,5}-?[A-Z]?\d{1,4} \(Amendment[^\]]{0,60})\s*\]"
)
CAPTION = re.compile(
    r"(?P<name>(?:Table|Figure|Chart|Diagram|Box|TABLE|FIGURE|CHART|BOX) "
    r"[A-Z]{0,2}\d{1,3}(?:[-.]\d{1,3}){0,2}[A-Za-z]?)"
    r"(?=$|[\s:.–—-])"
)
# Words after which a figure, or a letter in brackets, is a reference and not a label.
REFERRING = re.compile(
    r"(?:\b(?:sub)?(?:sections?|paragraphs?|regulations?|rules?|articles?|items?|limbs?)|\bNotices?|\bAct"
    r"|(?<!;) and|(?<!;) or|\bto|\bof|(?<!;),|\bthe|\bthan|\bleast|\bS\$|\bTables?|\bAppendix|\bAnnex"
    r"|\bParts?|\bRg\.|\bNo\.|\bby|\bin|\bwithin)\s*$"
)
SENTENCE_END = re.compile(r"[.;:?!—–⎯-][”\"’)\]]?$|\b(?:and|or)$")
_LONG_NAME = 3


def zone_name(match: re.Match[str]) -> str:
    """Write the name of an annex as it is cited: "Annex A", "First Schedule"."""
    words = match["name"].removeprefix("THE ").split()
    if words[0].lower().startswith("endnote"):
        return match["name"]
    return " ".join(word if len(word) <= _LONG_NAME else word.capitalize() for word in words)
