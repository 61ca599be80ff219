"""A running stand-in, and sessions on it."""

import time
from collections.abc import Callable, Iterator

import pytest

from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn


@pytest.fixture
def service() -> Iterator[GarminStandIn]:
    with GarminStandIn(StandInGarminAccount(), hang_s=2.0).running() as running:
        yield running


@pytest.fixture
def tokens(service, tmp_path) -> GarminTokenFile:
    file = GarminTokenFile(tmp_path / "tokens" / "garmin.json")
    log_in(service, file)
    return file


@pytest.fixture
def session_of(service, tokens) -> Callable[..., GarminSession]:
    endpoints = Endpoints(service.url, service.token_url)

    def made(**more) -> GarminSession:
        return GarminSession(tokens, **{"endpoints": endpoints, "spacing_s": 0.0, "timeout_s": 5.0, **more})

    return made


def log_in(service: GarminStandIn, file: GarminTokenFile, at_s: float | None = None) -> None:
    file.save(service.account.library_tokens(time.time() if at_s is None else at_s))
