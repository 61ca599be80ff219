"""Cassettes of every operation on Strava, recorded from our own stand-in under the real host name.

python -m tests.support.strava_cassettes     (scripts/record-cassettes does both services)
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import vcr

from syncd.connectors.base import ActivityRef, ConnectorError
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.strava.app_calls import App
from syncd.connectors.strava.budget import StravaBudget
from syncd.connectors.strava.oauth import Places
from syncd.connectors.strava.session import StravaSession
from syncd.connectors.strava.source import StravaSource
from syncd.connectors.strava.subscriptions import listed
from syncd.connectors.strava.tokens import NEEDED_SCOPE, Login, StravaTokenFile
from syncd.domain.activity import Trait
from syncd.domain.notation import parse_workout
from syncd.formats.recording import read_recording
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.sandbox.strava.account import StandInStravaAccount
from syncd.sandbox.strava.echo import echo_of
from syncd.sandbox.strava.service import StravaStandIn
from tests.support.cassettes import FOLDER, SYNTHETIC, without_tokens

HOST = "www.strava.com"
NOW = datetime(2026, 3, 17, 20, 1, tzinfo=UTC)
RUN, HIDDEN, BY_HAND, RIDE, NOWHERE = 7001, 7002, 7003, 7004, 7999
_HEADERS = frozenset({"content-type", "accept", "content-length", "retry-after"})
_SECRET = re.compile(r"((?:client_secret|refresh_token|access_token|code|token)=)[^&]*")


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done, and what must come of it."""

    do: Callable[[StravaSession, Path], Any]
    gives: Callable[[Any], bool]
    prepare: Callable[[StravaStandIn], None] = lambda _: None
    requests: int = 1


def _source(session: StravaSession, folder: Path) -> StravaSource:
    return StravaSource(session, folder / "strava", NOW)


def _ref(number: int) -> ActivityRef:
    return ActivityRef("strava", str(number), "-", "run")


def _listed(session: StravaSession, folder: Path) -> list[str]:
    return [ref.remote_id for ref in _source(session, folder).list_since("2026-03-16")]


def _fetched(number: int) -> Callable[[StravaSession, Path], Any]:
    def fetch(session: StravaSession, folder: Path) -> Any:
        return read_recording(_source(session, folder).fetch(_ref(number)).content)

    return fetch


def _subscriptions(session: StravaSession, _: Path) -> Any:
    login = session.tokens.load()
    return listed(session.places, App(login.client_id, login.client_secret))


def _is(name: str) -> Callable[[Any], bool]:
    return lambda found: type(found).__name__ == name


def _without_streams(service: StravaStandIn) -> None:
    service.account.streams.clear()


def _without_access(service: StravaStandIn) -> None:
    service.account.logins.access.clear()


def _unpaid(service: StravaStandIn) -> None:
    service.account.logins.app_active = False


def _boxes_unticked(service: StravaStandIn) -> None:
    for grant in service.account.logins.access.values():
        grant["scopes"] = ["read"]


OPERATIONS: dict[str, Operation] = {
    "activities": Operation(_listed, lambda r: r == [str(RUN), str(HIDDEN), str(BY_HAND)]),
    "run": Operation(
        _fetched(RUN), lambda r: r.is_run and len(r.samples) > 50 and len(r.laps) >= 1, requests=2
    ),
    "hidden-start": Operation(_fetched(HIDDEN), lambda r: Trait.HIDDEN_START in r.traits, requests=2),
    "by-hand": Operation(_fetched(BY_HAND), lambda r: r.is_run and not len(r.samples)),
    "another-sport": Operation(_fetched(RIDE), lambda r: not r.is_run, requests=2),
    "without-streams": Operation(
        _fetched(RUN), lambda r: r.is_run and not len(r.samples), _without_streams, requests=2
    ),
    "detail": Operation(
        lambda s, f: _source(s, f).detail(_ref(RUN)), lambda r: (r.is_run, r.rpe, r.name) == (True, 4, "run")
    ),
    "gone": Operation(lambda s, f: _source(s, f).detail(_ref(NOWHERE)), _is("Gone")),
    "refreshed": Operation(
        _listed, lambda r: r == [str(RUN), str(HIDDEN), str(BY_HAND)], _without_access, requests=3
    ),
    "unpaid": Operation(_listed, _is("AuthRequired"), _unpaid),
    "box-unticked": Operation(_listed, _is("AuthRequired"), _boxes_unticked),
    "limited": Operation(
        _listed, _is("RateLimited"), lambda service: service.faults.begin({0: Fault.TOO_MANY})
    ),
    "subscriptions": Operation(_subscriptions, lambda r: r == ()),
}


def furnished() -> StandInStravaAccount:
    """An athlete in whose account every operation finds something; the same in every recording."""
    account = StandInStravaAccount()
    recording = simulate(parse_workout("1min E + 1min E"), Runner(vdot=40), Scenario.AUTO_LAP, seed=1)
    start = NOW - timedelta(hours=3)
    account.add(echo_of(recording, RUN, start, "run"))
    account.add(echo_of(recording, HIDDEN, start - timedelta(days=1), "run", hidden_start=True))
    account.add(echo_of(recording, BY_HAND, start - timedelta(days=3), "run", by_hand=True))
    account.add(echo_of(recording, RIDE, start - timedelta(days=4), "ride", sport_type="Skijoring"))
    account.details[str(RUN)]["perceived_exertion"] = 4
    return account


def session_on(
    folder: Path, places: Places | None = None, account: StandInStravaAccount | None = None
) -> StravaSession:
    """A session with a login that the account knows; time stands still."""
    pair = (account or StandInStravaAccount()).logins.grant(["read", NEEDED_SCOPE], NOW.timestamp())
    tokens = StravaTokenFile(folder / "strava.json")
    tokens.save(
        Login(
            "12345",
            "sandbox-client-secret",
            pair["access_token"],
            pair["refresh_token"],
            NOW.timestamp() + 20_000,
            ("read", NEEDED_SCOPE),
        )
    )
    return StravaSession(
        tokens,
        budget=BudgetFile(StravaBudget),
        places=places or Places(),
        now=NOW.timestamp,
        real_now=NOW.timestamp,
        pause=lambda: 5.0,
    )


def outcome(operation: Operation, session: StravaSession, folder: Path) -> Any:
    """What the operation returns, or the error that it ends in."""
    try:
        return operation.do(session, folder)
    except ConnectorError as error:
        return error


def recorder(record_mode: str) -> vcr.VCR:
    """One that writes the real host name and no secrets, and compares everything that is sent."""
    return vcr.VCR(
        record_mode=record_mode,
        match_on=("method", "scheme", "host", "path", "query", "body"),
        before_record_request=_request,
        before_record_response=_response,
        decode_compressed_response=True,
    )


def folder_of_version() -> Path:
    """Where the cassettes of the installed library are."""
    return FOLDER / f"stravalib-{version('stravalib')}"


def record(folder: Path) -> None:
    """All operations, each from the same account."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yaml"):
        old.unlink()
    for name, operation in OPERATIONS.items():
        service = StravaStandIn(furnished(), now=NOW.timestamp)
        with tempfile.TemporaryDirectory() as scratch, service.running():
            session = session_on(Path(scratch), Places(service.url, f"{service.url}/api/v3"), service.account)
            operation.prepare(service)
            path = folder / f"{name}.yaml"
            with recorder("all").use_cassette(str(path)):
                found = outcome(operation, session, Path(scratch))
        if not operation.gives(found):
            raise SystemExit(f"{name}: {found!r} is not what the operation gives")
        path.write_text(SYNTHETIC.replace("Garmin Connect", "Strava") + path.read_text())


def _request(request: Any) -> Any:
    parts = urlsplit(request.uri)
    query = _SECRET.sub(r"\1SCRUBBED", parts.query)
    request.uri = urlunsplit(("https", HOST, parts.path, query, ""))
    request.headers = {k: v for k, v in request.headers.items() if k.lower() in _HEADERS}
    if request.body:
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        request.body = _SECRET.sub(r"\1SCRUBBED", body).encode()
    return request


def _response(response: dict[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in response["headers"].items() if k.lower() in _HEADERS or "ratelimit" in k.lower()}
    body = json.dumps(without_tokens(json.loads(response["body"]["string"])), separators=(",", ":")).encode()
    response["headers"] = kept | {"Content-Length": [str(len(body))]}
    response["body"]["string"] = body
    return response


if __name__ == "__main__":
    record(folder_of_version())
