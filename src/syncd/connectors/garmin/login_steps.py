"""Following the library's login: its log records are read, its answers are judged before it sees them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from syncd.connectors.base import ConnectorError
from syncd.connectors.garmin.client import LIBRARY


class LoginStopped(BaseException):
    """Leaves the library's chain of attempts, which catches everything else; `error` is what is wrong."""

    def __init__(self, error: ConnectorError) -> None:
        super().__init__()
        self.error = error


@contextmanager
def log_intercepted(handle: Callable[[logging.LogRecord], None]) -> Iterator[None]:
    """Pass the library's log records to `handle` and nowhere else: it logs tokens when debugging."""
    logger, handler = logging.getLogger(LIBRARY), _LogHandler(handle)
    kept = (logger.level, logger.propagate)
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(max(kept[0], logging.CRITICAL + 1))
        logger.propagate = kept[1]


class _LogHandler(logging.Handler):
    """Passes each record to a function; what that raises comes out."""

    def __init__(self, handle: Callable[[logging.LogRecord], None]) -> None:
        super().__init__()
        self._handle = handle

    def emit(self, record: logging.LogRecord) -> None:
        self._handle(record)
