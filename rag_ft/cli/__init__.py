"""The command `ragft`: parse, call one public function, print."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run `ragft`; an error is one line on stderr and exit code 1 (failed) or 2 (wrong call)."""
    if sys.argv[1:] in ([], ["--help"], ["-h"], ["help"]):
        from rag_ft.cli.overview import overview

        print(overview())  # noqa: T201  the help page
        return
    if sys.argv[1:] == ["--version"]:
        from importlib.metadata import version

        print(f"ragft {version('ragft')}")  # noqa: T201
        return
    from rag_ft.cli.app import app
    from rag_ft.errors import RagFtError

    try:
        app(prog_name="ragft")
    except RagFtError as error:
        sys.stderr.write(f"ragft: {error}\n")
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        sys.stderr.write("ragft: stopped\n")
        raise SystemExit(130) from None
