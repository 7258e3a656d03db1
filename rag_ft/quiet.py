"""Transformers without its bars and notes: what a person should read is ours to say."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Silence transformers' bars, its notes on tied weights and on its renames."""
    from transformers.utils import logging as notes

    logger, bars = logging.getLogger("transformers"), notes.is_progress_bar_enabled()
    level = logger.level
    logger.setLevel(logging.ERROR)
    notes.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        logger.setLevel(level)
        if bars:
            notes.enable_progress_bar()  # type: ignore[no-untyped-call]
