"""What a file holds, whatever its name says; and text files, decoded."""

import codecs
from collections.abc import Collection
from pathlib import Path

from rag_ft.errors import DocumentError

_SNIFFED = 4096
# A text file larger than this is no document, in bytes.
_LARGEST = 100_000_000
_KINDS = {
    ".pdf": "PDF",
    ".docx": "Word file",
    ".html": "HTML page",
    ".htm": "HTML page",
    ".md": "Markdown text",
    ".markdown": "Markdown text",
    ".txt": "plain text",
}
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"))


def check_content(path: Path, suffix: str, supported: Collection[str]) -> None:
    """Refuse a file that is empty, or whose content is not what its name says.

    Raises:
        DocumentError: it is so; the message says what the content is.
    """
    if suffix not in supported:
        known = ", ".join(sorted(supported))
        raise DocumentError(
            f"{path.name}: no reader for {suffix or 'a name without a suffix'}: use one of {known}"
        )
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFFED)
    except OSError as error:
        raise DocumentError(f"{path.name}: cannot be opened ({error.strerror}): check the file") from None
    if not start.strip():
        raise DocumentError(f"{path.name}: the file is empty: replace it or leave it out")
    found = _sniffed(start)
    expected = _KINDS.get(suffix)
    if found is None or expected is None or found == expected:
        return
    if expected == "Markdown text" and found == "HTML page":
        return
    raise DocumentError(f"{path.name}: the content is a {found}, not a {expected}: give it its right suffix")


def _sniffed(start: bytes) -> str | None:
    """Tell the formats that begin with a signature; None for text without one."""
    if b"%PDF-" in start[:1024]:
        return "PDF"
    if start.startswith(b"PK\x03\x04"):
        return "Word file"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "old or encrypted Office file"
    if start.startswith(b"\x1f\x8b"):
        return "gzip file"
    if start.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        return "picture"
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return "HTML page"
    return None


def read_text_file(path: Path) -> str:
    """Decode a text file: by its byte order mark, else UTF-8, else Windows' Western encoding.

    Raises:
        DocumentError: it is too large, or no text in any of them.
    """
    if path.stat().st_size > _LARGEST:
        raise DocumentError(f"{path.name}: larger than {_LARGEST // 10**6} MB: split it")
    raw = path.read_bytes()
    marked = next(
        (encoding for mark, encoding in (*_MARKS, (codecs.BOM_UTF16_BE, "utf-16")) if raw.startswith(mark)),
        None,
    )
    for encoding in (marked,) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    raise DocumentError(f"{path.name}: its encoding cannot be read as text: save it as UTF-8")


def _is_text(text: str) -> bool:
    sample = text[:_SNIFFED]
    strange = sum(character < " " and character not in "\t\n\r\f" for character in sample)
    return strange <= len(sample) // 100
