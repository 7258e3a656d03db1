"""A person's own list of institutions: one name a line, or a CSV such as a directory's export."""

import csv
from pathlib import Path

from rag_ft.errors import DataFormatError, PathNotFoundError
from rag_ft.institutions.known import Institution

# The heading of the column that holds the names, as exports of registers write it.
_NAME_COLUMNS = (
    "organisation name",
    "organization name",
    "institution name",
    "institution",
    "company",
    "name",
)
_ALIAS_COLUMNS = ("alias", "aliases", "abbreviation", "also known as", "former name")


def load_institutions(path: str | Path) -> tuple[Institution, ...]:
    """Read a list file: text with one name a line, or CSV with a name column.

    In text, `#` starts a remark and bars part a name from its aliases ("DBS Bank | DBS").
    In CSV, the name stands in a column named like a directory's export names it, else in
    the first; alias columns are read where there are any.

    Raises:
        PathNotFoundError: there is no such file.
        DataFormatError: it is not UTF-8 text, or holds no name.
    """
    source = Path(path)
    if not source.is_file():
        raise PathNotFoundError(f"{source}: no such list of institutions")
    try:
        text = source.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DataFormatError(f"{source}: not UTF-8 text; save the list as UTF-8") from None
    rows = _rows_of_csv(text) if source.suffix.casefold() == ".csv" else _rows_of_text(text)
    institutions = tuple(
        Institution(
            " ".join(name.split()), "company", tuple(" ".join(a.split()) for a in aliases if a.strip())
        )
        for name, *aliases in rows
        if name.strip()
    )
    if not institutions:
        raise DataFormatError(f"{source}: holds no name; write one institution a line")
    return institutions


def _rows_of_text(text: str) -> list[list[str]]:
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return [line.split("|") for line in lines if line]


def _rows_of_csv(text: str) -> list[list[str]]:
    rows = [row for row in csv.reader(text.splitlines()) if any(cell.strip() for cell in row)]
    if not rows:
        return []
    heading = [cell.strip().casefold() for cell in rows[0]]
    named = next((heading.index(column) for column in _NAME_COLUMNS if column in heading), None)
    if named is None:
        return [[row[0]] for row in rows]
    aliases = [heading.index(column) for column in _ALIAS_COLUMNS if column in heading]
    return [
        [row[named], *(row[position] for position in aliases if position < len(row))]
        for row in rows[1:]
        if named < len(row)
    ]
