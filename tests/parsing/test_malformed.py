import sys
from pathlib import Path

import pytest

from rag_ft.parsing import ParsedFile, parse_files
from tests.parsing.malformed import make_files

SECONDS = 30.0
MOST_MEMORY = 1_500_000_000


def read_all(paths: list[Path]) -> list[ParsedFile]:
    return list(parse_files(((path, path.name) for path in paths), workers=2, seconds=SECONDS))


def check(paths: list[Path], results: list[ParsedFile]) -> None:
    """Every file comes to something, and nothing to a crash, a hang or a message over lines."""
    assert {result.path for result in results} == set(paths)
    errors = [result.error for result in results if result.error is not None]
    assert not [error for error in errors if "\n" in error]
    assert not [error for error in errors if "ended its process" in error or "not read within" in error]
    assert not [error for error in errors if "and report it" in error], "a fault of ours, not of the file"


def test_forty_malformed_files(tmp_path: Path) -> None:
    paths = make_files(tmp_path, 40, seed=1, pages=200)
    check(paths, read_all(paths))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no resource usage of child processes")
def test_five_hundred_malformed_files(tmp_path: Path) -> None:
    import resource

    paths = make_files(tmp_path, 500, seed=7, pages=10_000)
    check(paths, read_all(paths))
    # Kilobytes on Linux, bytes on a Mac.
    unit = 1 if sys.platform == "darwin" else 1024
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit < MOST_MEMORY
