"""Loaders of public sets from local files, each in the layout that its authors give it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rag_ft.errors import UsageError
from rag_ft.evaluation.benchmark import Benchmark
from rag_ft.evaluation.layouts.beir import load_beir
from rag_ft.evaluation.layouts.clapnq import load_clapnq
from rag_ft.evaluation.layouts.obliqa import load_obliqa
from rag_ft.evaluation.layouts.rgb import load_rgb
from rag_ft.evaluation.layouts.squad import load_squad

__all__ = ["LAYOUTS", "load_benchmark"]

_READERS: dict[str, Callable[[Path], Benchmark]] = {"squad2": load_squad, "clapnq": load_clapnq}
_SEARCHED: dict[str, Callable[[Path, Path], Benchmark]] = {"obliqa": load_obliqa, "beir": load_beir}
LAYOUTS = (*_READERS, *_SEARCHED, "rgb")


def load_benchmark(
    layout: str, questions: str | Path, corpus: str | Path | None = None, *, noise: float = 0.0
) -> Benchmark:
    """Load a public set.

    Args:
        layout: one of `LAYOUTS`.
        questions: the file of its questions.
        corpus: the file or folder of its passages, for sets that are searched.
        noise: of RGB: the share of passages that do not answer, 1 for its rejection test.

    Raises:
        UsageError: the layout is unknown, or its corpus was not named.
        PathNotFoundError: a file is not there.
        DataFormatError: a file is not in that layout.
    """
    file = Path(questions)
    if layout == "rgb":
        benchmark = load_rgb(file, noise)
    elif layout in _READERS:
        benchmark = _READERS[layout](file)
    elif layout not in _SEARCHED:
        raise UsageError(f"{layout!r} is no layout; these are: {', '.join(LAYOUTS)}")
    elif corpus is None:
        raise UsageError(f"layout {layout} is searched: name its passages with --corpus")
    else:
        benchmark = _SEARCHED[layout](file, Path(corpus))
    return replace(benchmark, source=str(file))
