"""The stravalib client on a transport of ours: bounded in time and size, never redirected.

Imported only where a request is made: the library takes half a second to load.
"""

from __future__ import annotations

import logging
import os
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from syncd.connectors.deadline import DeadlinePassed, deadline
from syncd.connectors.garmin.replies import Reply, read_whole
from syncd.connectors.pinned_session import PinnedSession

_CONNECT_S = 5.0
_OF_THE_LIBRARY = ("STRAVA_CLIENT_ID", "STRAVA_CLIENT_SECRET")
Recorder = Callable[[Mapping[str, str], str], None]


class Transport(HTTPAdapter):
    """Reads each answer whole, keeps it as `last`, and lets no redirect carry a login elsewhere."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__()
        self.last: Reply | None = None
        self._timeout_s = timeout_s

    def send(self, request: requests.PreparedRequest, *_: Any, **more: Any) -> requests.Response:
        """One request and its whole answer. Raises requests.RequestException."""
        self.last = None
        deadline_s = time.monotonic() + self._timeout_s
        waits = (min(_CONNECT_S, self._timeout_s), self._timeout_s)
        try:
            with deadline(self._timeout_s):
                response = super().send(request, **{**more, "stream": True, "timeout": waits})
                reply = read_whole(response, deadline_s)
        except DeadlinePassed as error:
            raise requests.ReadTimeout(str(error)) from error
        if response.is_redirect:
            raise requests.RequestException("the answer points elsewhere")
        self.last = reply
        return response


def client_of(access_token: str, recorder: Recorder, timeout_s: float) -> tuple[Any, Transport]:
    """A client whose requests go through the transport; `recorder` sees the headers of each answer.

    The library's own refresh stays off: it keeps nothing, and would spend the token that we keep.
    """
    session = PinnedSession()
    transport = Transport(timeout_s)
    for scheme in ("https://", "http://"):
        session.mount(scheme, transport)
    with _tamed():
        from stravalib import Client

        limiter: Any = recorder  # any callable will do; the library's type wants a class of its own
        client = Client(access_token=access_token, requests_session=session, rate_limiter=limiter)
    client.protocol.client_id = client.protocol.client_secret = None
    return client, transport


@contextmanager
def _tamed() -> Iterator[None]:
    """Loading the library resets the warnings of the whole process, and making a client logs advice."""
    silenced = os.environ.get("SILENCE_TOKEN_WARNINGS")
    kept = {name: os.environ.pop(name) for name in _OF_THE_LIBRARY if name in os.environ}
    os.environ["SILENCE_TOKEN_WARNINGS"] = "true"  # noqa: S105 - a switch
    try:
        with warnings.catch_warnings():
            yield
    finally:
        logging.captureWarnings(False)
        os.environ.pop("SILENCE_TOKEN_WARNINGS")
        os.environ.update(kept | ({} if silenced is None else {"SILENCE_TOKEN_WARNINGS": silenced}))
