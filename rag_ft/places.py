"""Where things stand by default, below the folder that the command runs in."""

from pathlib import Path

DEFAULT_INDEX = Path("index/default")
# One line: the reader folder that a training run promoted.
CURRENT_READER = Path("data/readers/CURRENT")
