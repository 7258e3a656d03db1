"""One run of the command line: whatever goes wrong ends as one line on stderr and an exit code."""

import os
import sys
from typing import cast

from typer import BadParameter

from rag_ft.cli.app import app
from rag_ft.errors import RagFtError

# What typer raises for a wrong call; it exports only this kind of it.
_WrongCall = cast("type[BadParameter]", BadParameter.__bases__[0])
_ASKING = frozenset({"ask", "search"})
_STOPPED = 130


def run() -> int:
    """Run the command that the arguments name.

    Returns:
        0 for success, 1 where the work failed, 2 for a wrong call, 130 where it was stopped.
    """
    try:
        code = app(prog_name="ragft", standalone_mode=False)
        sys.stdout.flush()  # a reader that has gone shows here, not as Python ends
    except RagFtError as error:
        return _say(str(error), error.exit_code)
    except KeyboardInterrupt:
        code = _STOPPED
    except BrokenPipeError:
        # `ragft ... | head` has read enough; Python would complain as it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        return _say(f"{named}{error.strerror or error}", 1)
    except Exception as error:
        if isinstance(error, _WrongCall):
            return _say(_wrong_call(error), 2)
        if os.environ.get("RAGFT_TRACEBACK"):
            raise
        return _say(f"a fault of ragft: {type(error).__name__}: {error}; RAGFT_TRACEBACK=1 shows where", 1)
    if code == _STOPPED:
        return _say("stopped", _STOPPED)
    return code if isinstance(code, int) else 0


def _wrong_call(error: BadParameter) -> str:
    """Say what typer found wrong, and where the help for it is."""
    said = error.format_message().rstrip(".").replace("Value error, ", "")
    context = error.ctx
    if context is None:
        return said
    if context.info_name in _ASKING and "unexpected extra argument" in said:
        said += ": put the question in quotes"
    return f"{said}; see `{context.command_path} --help`"


def _say(what: str, code: int) -> int:
    sys.stderr.write(f"ragft: {' '.join(what.split())}\n")
    return code
