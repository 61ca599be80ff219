"""Being there while the library logs in: what it logs is heard, and what it is answered is judged first."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from syncd.connectors.base import ConnectorError
from syncd.connectors.garmin.client import LIBRARY


class LoginStopped(BaseException):
    """Leaves the library's chain of attempts, which catches everything else; `error` is what is wrong."""

    def __init__(self, error: ConnectorError) -> None:
        super().__init__()
        self.error = error


@contextmanager
def judging(session: Any, judge: Callable[[Any], None], lost: Callable[[], None]) -> Iterator[None]:
    """Show each answer of a session to `judge` before the library sees it; `lost` where there is none."""
    post = session.post

    def judged(url: str, **more: Any) -> Any:
        try:
            answer = post(url, **more)
        except OSError:  # the errors of both HTTP libraries are
            lost()
            raise
        judge(answer)
        return answer

    session.post = judged
    try:
        yield
    finally:
        del session.post


@contextmanager
def hearing(hear: Callable[[logging.LogRecord], None]) -> Iterator[None]:
    """Hear what the library logs, and let nothing of it out: it logs tokens when debugging."""
    logger, ear = logging.getLogger(LIBRARY), _Ear(hear)
    kept = (logger.level, logger.propagate)
    logger.addHandler(ear)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(ear)
        logger.setLevel(max(kept[0], logging.CRITICAL + 1))
        logger.propagate = kept[1]


class _Ear(logging.Handler):
    """Hands each record to a function, and lets out what that raises."""

    def __init__(self, hear: Callable[[logging.LogRecord], None]) -> None:
        super().__init__()
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        self._hear(record)
