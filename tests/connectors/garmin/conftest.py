"""A running stand-in, and sessions on it."""

import time
from collections.abc import Callable, Iterator

import pytest

from syncd.connectors.garmin.session import Endpoints, Session
from syncd.connectors.garmin.tokens import TokenFile
from syncd.sandbox.garmin.account import Account
from syncd.sandbox.garmin.service import Service


@pytest.fixture
def service() -> Iterator[Service]:
    with Service(Account(), hang_s=2.0).running() as running:
        yield running


@pytest.fixture
def tokens(service, tmp_path) -> TokenFile:
    file = TokenFile(tmp_path / "tokens" / "garmin.json")
    log_in(service, file)
    return file


@pytest.fixture
def session_of(service, tokens) -> Callable[..., Session]:
    endpoints = Endpoints(service.url, service.token_url)

    def made(**more) -> Session:
        return Session(tokens, **{"endpoints": endpoints, "spacing_s": 0.0, "timeout_s": 0.3, **more})

    return made


def log_in(service: Service, file: TokenFile, at_s: float | None = None) -> None:
    file.save(service.account.library_tokens(time.time() if at_s is None else at_s))
