"""Marked-up copies: words struck out and words put in, told by coloured rules."""

from collections.abc import Sequence

from rag_ft.parsing.pdf.printed import Colour, PrintedPage, Rule, Word, is_grey, strikes, underlines

_SHADE = 24


def mark_revisions(pages: Sequence[PrintedPage]) -> bool:
    """Set the state of every word of a marked-up document; tell whether it is one.

    A rule through the middle of words of its own colour strikes them out, and the colour
    is the reviser's; a rule of that colour under words says that they were put in. A document
    without any struck word is not a marked-up one: its colours are links and headings.
    """
    colours: set[Colour] = set()
    marked = [
        (page, [rule for rule in page.rules if rule.horizontal and not is_grey(rule.colour)])
        for page in pages
    ]
    for page, rules in marked:
        for word, rule in _meetings(page, rules):
            if strikes(rule, word) and _covers(rule, word) and _alike(rule.colour, word.colour):
                word.state = "deleted"
                colours.add(rule.colour)
    if not colours:
        return False
    for page, rules in marked:
        for word, rule in _meetings(page, [rule for rule in rules if rule.colour in colours]):
            if word.state != "plain" or not underlines(rule, word) or not _covers(rule, word):
                continue
            if _alike(rule.colour, word.colour):
                word.state = "inserted"
    return True


def _meetings(page: PrintedPage, rules: Sequence[Rule]) -> list[tuple[Word, Rule]]:
    if not rules:
        return []
    return [
        (word, rule)
        for line in page.lines
        for near in [[rule for rule in rules if line.box[1] - 3 < rule.y0 < line.box[3] + 3]]
        if near
        for word in line.words
        for rule in near
    ]


def _alike(rule: Colour, word: Colour | None) -> bool:
    """Whether a rule has the colour of the word, as a reviser's marks have."""
    return word is not None and all(abs(a - b) <= _SHADE for a, b in zip(rule, word, strict=True))


def _covers(rule: Rule, word: Word) -> bool:
    """Whether the rule runs over the middle of the word."""
    return rule.x0 - 0.5 <= word.middle[0] <= rule.x1 + 0.5
