"""Short names and what the documents say they stand for: "MPI", "the Authority"."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rag_ft.errors import IndexCorruptError
from rag_ft.schema import Alias, Passage

ALIASES_NAME = "aliases.json"

# "a major payment institution (“MPI”)", with or without quotation marks.
_IN_BRACKETS = re.compile(r"\((?:the |each,? an? |an? )?[\"“']?([A-Z][A-Za-z]*(?:[-&/][A-Za-z]+)?)[\"”']?\)")
# "“Authority” means the Monetary Authority of Singapore established ..."
_MEANS = re.compile(
    r"[\"“]([^\"“”]{2,40})[\"”] means (?:the )?((?:[A-Z][\w’'&-]*(?: of| and| the| for| on|,)? ?){2,8})"
)
_CAPITALS = re.compile(r"[A-Z]")
_MOST_NAMES = 2


def find_aliases(passages: Iterable[Passage]) -> tuple[Alias, ...]:
    """Return the short names that the passages define, the most frequent names of each first."""
    counts: Counter[tuple[str, str]] = Counter()
    where: dict[tuple[str, str], str] = {}
    for passage in passages:
        for alias, name in _definitions(" ".join(passage.text.split())):
            counts[alias, name] += 1
            where.setdefault((alias, name), passage.label)
    return tuple(Alias(alias, name, where[alias, name] or None) for (alias, name), _ in counts.most_common())


def save_aliases(aliases: Iterable[Alias], path: Path) -> None:
    """Write aliases as JSON."""
    rows = [[alias.alias, alias.name, alias.paragraph] for alias in aliases]
    path.write_text(json.dumps(rows, ensure_ascii=False) + "\n", encoding="utf-8")


def load_aliases(path: Path) -> tuple[Alias, ...]:
    """Read what `save_aliases` wrote.

    Raises:
        IndexCorruptError: the file is missing or is no such list.
    """
    try:
        return tuple(Alias(*row) for row in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexCorruptError(f"{path} cannot be read: ragft status --check says what to do") from error


class Expander:
    """Adds to a question the other names of what it names, so that both ways find each other."""

    def __init__(self, aliases: Sequence[Alias]) -> None:
        self._names: dict[str, list[str]] = {}
        self._aliases: dict[str, list[str]] = {}
        for alias in aliases:
            if len(_CAPITALS.findall(alias.alias)) < 2:
                continue  # "the Authority" stands for another body in another Act
            names = self._names.setdefault(alias.alias, [])
            if len(names) < _MOST_NAMES:
                names.append(alias.name)
                self._aliases.setdefault(alias.name.casefold(), []).append(alias.alias)

    def expansion(self, question: str) -> str:
        """Return the words to add, empty where the question names nothing that has another name."""
        found: list[str] = []
        for word in re.findall(r"[A-Z][\w&/-]*", question):
            short = word if word in self._names else word.removesuffix("s")
            found.extend(self._names.get(short, ()))
        folded = " ".join(question.casefold().split())
        for name, aliases in self._aliases.items():
            if name in folded:
                found.extend(aliases)
        return " ".join(dict.fromkeys(found))


def _definitions(text: str) -> Iterable[tuple[str, str]]:
    for match in _IN_BRACKETS.finditer(text):
        short = match[1].removesuffix("s") if match[1][:-1].isupper() else match[1]
        if (
            len(_CAPITALS.findall(short)) >= 2
            and (name := _long_form(short, text[: match.start()])) is not None
        ):
            yield short, name
    for match in _MEANS.finditer(text):
        yield match[1], match[2].strip(" ,")


def _long_form(short: str, before: str) -> str | None:
    """Return the words before a bracket whose letters the short form takes.

    The algorithm of Schwartz and Hearst (2003), "A simple algorithm for identifying
    abbreviation definitions in biomedical text": match from the right; the first letter
    must begin a word.
    """
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    words = before.split()[-min(len(letters) + 5, 2 * len(letters)) :]
    text = " ".join(words)
    at = len(text)
    for position in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (
            text[at].casefold() != letters[position] or (position == 0 and at > 0 and text[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
    name = text[at:]
    return name if len(name.split()) > 1 and "(" not in name else None
