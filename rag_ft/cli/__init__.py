"""The command `ragft`: parse, call one public function, print."""

import sys

from rag_ft.cli.app import app
from rag_ft.errors import RagFtError

__all__ = ["app", "main"]


def main() -> None:
    """Run `ragft`; an error is one line on stderr and exit code 1 (failed) or 2 (wrong call)."""
    try:
        app()
    except RagFtError as error:
        sys.stderr.write(f"ragft: {error}\n")
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        sys.stderr.write("ragft: stopped\n")
        raise SystemExit(130) from None
