"""The library's client as a login needs it: it says what it waits for, and asks nothing twice."""

from __future__ import annotations

import importlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from syncd.connectors.base import ConnectorError
from syncd.connectors.garmin.replies import Reply, read_whole

_LIBRARY = "garminconnect"
_PROFILE = "/userprofile-service/socialProfile"
_TIMEOUT_S = 15.0


class Stop(BaseException):
    """Leaves the library's chain of attempts, which catches everything else; `error` is what is wrong."""

    def __init__(self, error: ConnectorError) -> None:
        super().__init__()
        self.error = error


def login_client(*, china: bool) -> Any:
    """A client without a login."""
    from garminconnect import Garmin

    return Garmin(is_cn=china).client


def verifies(client: Any) -> bool:
    """Whether this version tries its tokens before it calls a login one."""
    return hasattr(client, "verify_login")


def profile_reply(client: Any) -> Reply | None:
    """One request with the client's tokens, without its refresh and second try; None without an answer."""
    import requests

    try:
        with requests.Session() as session:
            response = session.get(
                f"{client._connectapi}{_PROFILE}",
                headers=client.get_api_headers(),
                timeout=_TIMEOUT_S,
                allow_redirects=False,
                stream=True,
            )
            return read_whole(response, time.monotonic() + _TIMEOUT_S)
    except requests.RequestException:
        return None


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
    logger, ear = logging.getLogger(_LIBRARY), _Ear(hear)
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


@contextmanager
def waiting(client: Any, wait: Callable[[float], None]) -> Iterator[None]:
    """Let `wait` do the library's waiting; it sleeps through the `time` of the module with the login."""
    module: Any = importlib.import_module(type(client).login.__module__)
    kept = module.time
    module.time = _Time(wait)
    try:
        yield
    finally:
        module.time = kept


class _Time:
    """The module `time` with another sleep."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self.sleep = sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


class _Ear(logging.Handler):
    """Hands each record to a function, and lets out what that raises."""

    def __init__(self, hear: Callable[[logging.LogRecord], None]) -> None:
        super().__init__()
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        self._hear(record)
