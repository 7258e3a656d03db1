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
    try:
        from rag_ft.cli.running import run

        code = run()
    except KeyboardInterrupt:
        # Stopped while the commands were imported.
        sys.stderr.write("ragft: stopped\n")
        code = 130
    raise SystemExit(code)
