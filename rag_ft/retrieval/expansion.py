"""The other names of what a question names, as the documents define them: "MPI" and its long form."""

import re
from collections.abc import Sequence

from rag_ft.schema import Alias

_CAPITALS = re.compile(r"[A-Z]")
_MOST_NAMES = 2


class Expander:
    """Adds to a question the other names of what it names, so that both ways find each other.

    Args:
        aliases: what the documents define, the most frequent names of each alias first.
    """

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
