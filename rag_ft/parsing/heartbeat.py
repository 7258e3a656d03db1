"""A sign of life from long work, so that only work without any is stopped."""

from collections.abc import Callable
from contextvars import ContextVar

_listener: ContextVar[Callable[[], None] | None] = ContextVar("_listener", default=None)


def listen(listener: Callable[[], None]) -> None:
    """Have every later beat of this process reported."""
    _listener.set(listener)


def beat() -> None:
    """Report that work goes on, where anyone listens."""
    listener = _listener.get()
    if listener is not None:
        listener()
