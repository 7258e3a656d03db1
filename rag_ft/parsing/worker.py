"""A process that reads files: a JSON line in, a path and an id; lines out, one a document.

A line out begins with what it is: "D" a document, "T" a sign of life, "E" what is wrong
with the file, "." the end of the file.
"""

import json
import os
import sys
from pathlib import Path
from typing import TextIO

from rag_ft.errors import DocumentError
from rag_ft.parsing.heartbeat import listen
from rag_ft.parsing.reading import iter_documents
from rag_ft.parsing.wire import to_line

# Most memory of a reading process, in bytes: a file that needs more is refused.
MEMORY_LIMIT = 4_000_000_000


def main() -> None:
    """Read files until the input ends."""
    _limit_memory()
    # Libraries that print must not get between the lines: they print to stderr.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)

    def sign() -> None:
        out.write("T\n")
        out.flush()

    listen(sign)
    for line in sys.stdin:
        path, document_id = json.loads(line)
        _read(Path(path), document_id, out)


def _read(path: Path, document_id: str, out: TextIO) -> None:
    try:
        for document in iter_documents(path, document_id):
            out.write(f"D{to_line(document)}\n")
            out.flush()
    except DocumentError as error:
        out.write(f"E{_one_line(str(error))}\n")
    except MemoryError:
        out.write(f"E{path.name}: needs more than {MEMORY_LIMIT // 10**9} GB to read: split it\n")
    except Exception as error:  # one bad file never loses the others, whatever a library raises on it
        reason = f"{type(error).__name__}: {error}"
        out.write(f"E{path.name}: cannot be read ({_one_line(reason)[:200]}): leave it out, and report it\n")
    out.write(".\n")
    out.flush()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


if __name__ == "__main__":
    main()
