"""Which passages may hold some words, over a whole index: SQLite looks for them, so that proof is quick."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from rag_ft.retrieval.passage_db import PassageReader
from rag_ft.schema import Passage

# The letters beyond ASCII that `casefold` or a pattern without case takes for ASCII ones. LIKE
# folds ASCII alone, and reads no further than a NUL: a text with any of these is always looked at.
FOLDED_TO_ASCII = "ßİıŉſǰẖẗẘẙẚẞ\u212aﬀﬁﬂﬃﬄﬅﬆ"
_ROWS_AT_ONCE = 2000
_UNSEEN_BY_LIKE = re.compile(f"[{FOLDED_TO_ASCII}\0]")
_ASCII_RUN = re.compile(r"[\x01-\x7f]+")

# Casefolded words that stand together for one name.
Spelling = Sequence[str]


class WordSearch:
    """Finds the passages of a document whose words may hold a name; none that do are left out."""

    def __init__(self, db: PassageReader) -> None:
        self._db = db

    def candidates(self, position: int, spellings: Iterable[Spelling]) -> list[Passage]:
        """Return the passages of a document that may hold every word of some spelling, as parts of words.

        A passage's words are those of its text and heading, and of its document's title and number.

        Args:
            position: of the document.
            spellings: words as `casefold` writes them, of letters, digits and underscores alone.
        """
        record = self._db.documents[position]
        header = f"{record.info.title}. {record.info.number or ''}".casefold()
        conditions, values = [], []
        for spelling in spellings:
            # The longest first: it is the rarest, and what lacks it needs no second look.
            words = sorted({word for word in spelling if word not in header}, key=len, reverse=True)
            runs = [run for word in words for run in _ASCII_RUN.findall(word)]
            conditions.append(" AND ".join(["(text LIKE ? OR heading LIKE ?)"] * len(runs)) or "TRUE")
            values += [f"%{run}%" for run in runs for _ in ("text", "heading")]
        first, end = record.first_row, record.first_row + record.n_rows
        query = f"SELECT row FROM passages WHERE row >= ? AND row < ? AND ({' OR '.join(conditions)})"  # noqa: S608
        rows = {row for (row,) in self._db.raw(query, (first, end, *values))} if conditions else set()
        rows.update(row for row in self._unseen if first <= row < end)
        found = self._db.passages(sorted(rows))
        return [found[row] for row in sorted(rows)]

    @cached_property
    def _unseen(self) -> list[int]:
        """The rows in whose words LIKE may miss what `casefold` finds; hardly any text has one."""
        last = sum(record.n_rows for record in self._db.documents)
        return [
            row
            for start in range(0, last, _ROWS_AT_ONCE)
            for row, heading, text in self._db.raw(
                "SELECT row, heading, text FROM passages WHERE row >= ? AND row < ?",
                (start, start + _ROWS_AT_ONCE),
            )
            if _UNSEEN_BY_LIKE.search(f"{heading} {text}")
        ]
