"""ragft: cited answers from the documents of the Monetary Authority of Singapore.

The public names load on first use (PEP 562), so importing the package costs nothing.
"""

from typing import TYPE_CHECKING

from rag_ft.lazy_names import loader

if TYPE_CHECKING:
    from rag_ft.evaluation import evaluate
    from rag_ft.examples import make_examples
    from rag_ft.indexing import build_index
    from rag_ft.pipeline import Pipeline
    from rag_ft.reader import load_reader
    from rag_ft.retrieval.passage_index import PassageIndex
    from rag_ft.training import TrainingConfig, train_reader

__all__ = [
    "PassageIndex",
    "Pipeline",
    "TrainingConfig",
    "build_index",
    "evaluate",
    "load_reader",
    "make_examples",
    "train_reader",
]

_HOMES = {
    "PassageIndex": "rag_ft.retrieval.passage_index",
    "Pipeline": "rag_ft.pipeline",
    "TrainingConfig": "rag_ft.training",
    "build_index": "rag_ft.indexing",
    "evaluate": "rag_ft.evaluation",
    "load_reader": "rag_ft.reader",
    "make_examples": "rag_ft.examples",
    "train_reader": "rag_ft.training",
}

__getattr__ = loader(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted(__all__)
