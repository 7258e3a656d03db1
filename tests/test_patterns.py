"""No pattern of the package hangs on what a broken reader or file may hold."""

import importlib
import pkgutil
import re
import signal
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

import rag_ft

# A small reader may say one word for ever.
WORDS = "MAS mas 1 1. 1,000 (a) A- a-b A1 Abc “ ( [1]".split()
PHRASES = ("Abc ", "S$1 ", "of the ", "Bank of ", "section 1(a) ", "A & ", "A. ", " ")
TEXTS = tuple(each * 200 for each in (*WORDS, *PHRASES))
SECONDS = 10.0


def patterns_of(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in vars(module).items():
        inner = value.values() if isinstance(value, dict) else value
        for each in inner if isinstance(inner, tuple | list | type({}.values())) else (value,):
            if isinstance(each, re.Pattern) and isinstance(each.pattern, str):
                yield f"{module.__name__}.{name}", each


@pytest.mark.skipif(sys.platform == "win32", reason="no alarm signal")
def test_no_pattern_hangs_on_a_word_said_for_ever() -> None:
    names = (m.name for m in pkgutil.walk_packages(rag_ft.__path__, "rag_ft.") if "__main__" not in m.name)
    patterns = {
        (p.pattern, p.flags): (name, p)
        for module in names
        for name, p in patterns_of(importlib.import_module(module))
    }
    assert len(patterns) > 200

    def hangs(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, hangs)
    try:
        for name, pattern in patterns.values():
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
            try:
                for text in TEXTS:
                    assert sum(1 for _ in pattern.finditer(text + "!")) <= len(text) + 2
                    pattern.fullmatch(text + "!")
            except TimeoutError:
                pytest.fail(f"{name} takes over {SECONDS:g} seconds: {pattern.pattern}")
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
