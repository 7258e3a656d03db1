"""Every other name of an answer (a law, a project, a person, an abbreviation) stands in a cited passage.

An institution that no pattern knows is still a capitalised name, so it is caught here.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from rag_ft.grounding.claims import Claim
from rag_ft.grounding.concepts import root, tokens
from rag_ft.grounding.evidence import Evidence
from rag_ft.grounding.figures import find_figures
from rag_ft.institutions import Institution, Mention, find_other_names
from rag_ft.schema import Verdict

# Where everything here happens; the name tells nothing.
_HERE = "Singapore"
# Before a document's name these say who issued it; whether that one is named is another check.
_ISSUERS = frozenset({"mas", "monetary", "authority", "of", "singapore"})
_JOINTS = frozenset({"of", "and", "for", "the", "on", "to", "a", "an", "in", "by"})


def check_names(claim: Claim, cited: Sequence[Evidence], extra: Sequence[Institution] = ()) -> list[Verdict]:
    """Give a verdict on each name of a claim that is no institution's and no common word."""
    aliases = tuple(dict.fromkeys(alias for evidence in cited for alias in evidence.aliases))
    figures = [figure.span for figure in find_figures(claim.text)]
    verdicts = []
    for mention in find_other_names(claim.text, aliases, extra):
        in_figure = any(each.start < mention.span.end and mention.span.start < each.end for each in figures)
        if not _is_telling(mention) or (in_figure and mention.kind != "document"):
            continue
        holder = next((each for each in cited if _holds(each, mention)), None)
        said = f"{holder.name} has it" if holder else "no cited passage has this name"
        verdicts.append(Verdict("institution", mention.text, holder is not None, said))
    return verdicts


def _is_telling(mention: Mention) -> bool:
    """A document called by its kind alone ("the Notice") names none; a figure is checked as one."""
    words = mention.text.split()
    return (
        mention.text != _HERE
        and not (len(words) == 1 and mention.kind == "document")
        and any(w[0].isalpha() for w in words)
    )


def _holds(evidence: Evidence, mention: Mention) -> bool:
    return _has(evidence, mention.text, mention) or _has(evidence, mention.name, mention)


def _has(evidence: Evidence, name: str, mention: Mention) -> bool:
    wanted = _keys(name)
    # What the document defines elsewhere names nothing here: only a name that stands here has two spellings.
    spelt = [a for a in evidence.aliases if any(n in evidence.text for n in (a.alias, a.name))]
    texts = (evidence.text, evidence.header, *(f"{a.alias} {a.name}" for a in spelt))
    if mention.kind == "document":
        # "The Financial Services Act" is not the Financial Services and Markets Act: whole phrases only.
        spellings = [
            wanted,
            _without_issuer(wanted),
            _without_year(wanted),
            _without_year(_without_issuer(wanted)),
        ]
        return any(_stands_in(spelling, _keys(text)) for spelling in spellings for text in texts if spelling)
    there = [set(_keys(text)) for text in texts]
    words = tokens(_apart(name))
    content = [(key, word) for key, word in zip(wanted, words, strict=True) if key not in _JOINTS]
    return any(
        all(key in keys or _spells_out(word, texts) or _is_of_country(word, texts) for key, word in content)
        for keys in there
    )


@lru_cache(maxsize=4096)
def _keys(text: str) -> tuple[str, ...]:
    return tuple(root(token) for token in tokens(_apart(text)))


def _apart(text: str) -> str:
    return text.replace("-", " ").replace("/", " ")


def _without_issuer(keys: tuple[str, ...]) -> tuple[str, ...]:
    start = 0
    while start < len(keys) - 1 and keys[start] in {root(word) for word in _ISSUERS}:
        start += 1
    return keys[start:]


def _without_year(keys: tuple[str, ...]) -> tuple[str, ...]:
    return keys[:-1] if len(keys) > 2 and len(keys[-1]) == 4 and keys[-1].isdigit() else keys


def _stands_in(phrase: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    return any(keys[at : at + len(phrase)] == phrase for at in range(len(keys) - len(phrase) + 1))


def _is_of_country(word: str, texts: Sequence[str]) -> bool:
    """Tell whether a word is the adjective of a name that stands there: "Indonesian" of Indonesia."""
    stems = (word.removesuffix(end) for end in ("n", "an", "ian", "ean", "ese") if word.endswith(end))
    return any(
        len(each) > 3 and re.search(rf"\b{re.escape(each)}\b", text) for each in stems for text in texts
    )


def _spells_out(name: str, texts: Sequence[str]) -> bool:
    """Tell whether an abbreviation is the initials of words that stand together: "CDD"."""
    letters = name.rstrip("s").casefold()
    if not (name[:2].isupper() and letters.isalpha() and 2 <= len(letters) <= 6):
        return False
    for text in texts:
        initials = "".join(token[0].casefold() for token in tokens(text) if token.casefold() not in _JOINTS)
        if letters in initials:
            return True
    return False
