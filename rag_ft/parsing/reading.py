"""One file into one Document, whatever its format."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rag_ft.errors import DocumentError
from rag_ft.parsing.act_lines import read_act_lines
from rag_ft.parsing.assembling import assemble
from rag_ft.parsing.blocks import Source
from rag_ft.parsing.contents import check_content, read_text_file
from rag_ft.parsing.front_matter import read_side_car
from rag_ft.schema import Document

SUPPORTED_SUFFIXES = frozenset(
    {".pdf", ".html", ".htm", ".md", ".markdown", ".docx", ".txt", ".jsonl", ".gz"}
)


def read_document(path: Path, document_id: str) -> Document:
    """Read one file; a YAML file beside it ("notice.pdf.yaml", "notice.yaml") says what it is.

    Raises:
        DocumentError: the file is encrypted, broken, empty, in no readable encoding, or
            not what its name says.
    """
    path = Path(path)
    source = _source(path)
    declared = dict(source.declared) | read_side_car(path)
    return assemble(replace(source, declared=tuple(declared.items())), path, document_id)


def iter_documents(path: Path, document_id: str) -> Iterator[Document]:
    """Read every document of a file: one, but for a JSON-lines file of Acts.

    An Act's id is the file's id, "#" and its short title. Lines are read one at a time.

    Raises:
        DocumentError: as `read_document`, or a line is no Act.
    """
    path = Path(path)
    if path.name.lower().endswith((".jsonl", ".jsonl.gz")):
        for short, source in read_act_lines(path):
            yield assemble(source, path, f"{document_id}#{short}")
    else:
        yield read_document(path, document_id)


def read_outcomes(path: Path, document_id: str) -> Iterator[Document | str]:
    """Give every document of a file; what is wrong with it comes last, as one line."""
    try:
        yield from iter_documents(path, document_id)
    except DocumentError as error:
        yield _one_line(str(error))
    except MemoryError:
        yield f"{path.name}: needs more memory to read than there is: split it"
    except Exception as error:  # one bad file never loses the others, whatever a library raises on it
        reason = _one_line(f"{type(error).__name__}: {error}")
        yield f"{path.name}: cannot be read ({reason[:200]}): leave it out, and report it"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _source(path: Path) -> Source:
    suffix = path.suffix.lower()
    check_content(path, suffix, SUPPORTED_SUFFIXES)
    if suffix == ".pdf":
        from rag_ft.parsing.pdf import read_pdf

        return read_pdf(path)
    if suffix == ".docx":
        from rag_ft.parsing.word import read_word

        return read_word(path)
    if suffix in (".md", ".markdown"):
        from rag_ft.parsing.markdown import read_markdown

        return read_markdown(read_text_file(path), path.name)
    if suffix in (".html", ".htm"):
        from rag_ft.parsing.html import read_html

        return read_html(read_text_file(path), path.name)
    if suffix == ".txt":
        from rag_ft.parsing.plain import read_text

        return read_text(read_text_file(path))
    raise DocumentError(f"{path.name}: many documents in one file: index it, or read it with iter_documents")
