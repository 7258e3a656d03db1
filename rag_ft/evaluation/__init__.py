"""The instrument: questions, measures, and systems compared side by side.

What judges a system here shares no code with what the system checks itself by.
"""

from rag_ft.evaluation.results import Evaluation
from rag_ft.evaluation.runner import evaluate
from rag_ft.evaluation.systems import System, SystemConfig

__all__ = ["Evaluation", "System", "SystemConfig", "evaluate"]
