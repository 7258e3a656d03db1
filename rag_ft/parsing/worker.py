"""A process that reads files: a JSON line in, a path and an id; lines out, one a document.

A line out begins with what it is: "D" a document, "T" a sign of life, "E" what is wrong
with the file, "." the end of the file.
"""

import json
import os
import sys
from pathlib import Path
from typing import TextIO

from rag_ft.parsing.heartbeat import listen
from rag_ft.parsing.reading import read_outcomes
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
    for outcome in read_outcomes(path, document_id):
        out.write(f"E{outcome}\n" if isinstance(outcome, str) else f"D{to_line(outcome)}\n")
        out.flush()
    out.write(".\n")
    out.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


if __name__ == "__main__":
    main()
