"""Cassettes of every operation on Garmin Connect: how they are recorded, scrubbed and played.

Recorded from our own stand-in under the real host names; what a maintainer records from a real
account goes through the same scrubber. One entry of `OPERATIONS` is one operation.

    python -m tests.support.cassettes            from the stand-in (scripts/record-cassettes)
    python -m tests.support.cassettes --real     from the account of the default profile: reads only
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import vcr
import vcr.stubs
from vcr.stubs import VCRHTTPResponse

from syncd.connectors.base import ActivityRef, ConnectorError
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin.budget import GarminBudget
from syncd.connectors.garmin.codec import encode
from syncd.connectors.garmin.device import last_device_sync
from syncd.connectors.garmin.listing import calendar_entries, library
from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.source import GarminSource
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.domain.notation import parse_workout
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.activity import listed_run, listed_weather
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.connectors.contract import key

FOLDER = Path(__file__).parents[1] / "cassettes"
SYNTHETIC = "# synthetic: recorded from syncd's own stand-in for Garmin Connect, see README.md\n"
SCRUBBED_MARK = "# scrubbed: recorded from a real account, see README.md\n"
FAR = 4_000_000_000.0  # tokens that never end, and are the same in every recording
API, AUTH = "connectapi.garmin.com", "diauth.garmin.com"
DAY = date(2026, 3, 17)
MADE = parse_workout(
    "10min @5:50-6:40/km + 3x(800m @4:00-4:10/km + 2min jog) + lap @HR120-140", name="3 x 800 m"
)
RUN, WORKOUT = 5001, 1_000_003
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done, and what must come of it; `writes` are never played on a real account."""

    do: Callable[[GarminSession], Any]
    gives: Callable[[Any], bool]
    writes: bool = False
    prepare: Callable[[GarminStandIn], None] = lambda _: None


def _source(session: GarminSession) -> GarminSource:
    return GarminSource(session, DAY)


def _ref() -> ActivityRef:
    return ActivityRef("garmin", str(RUN), NOTHING, "run")


def _expired(service: GarminStandIn) -> None:
    service.account.access.clear()


def _created(session: GarminSession) -> Any:
    return session.post("/workout-service/workout", encode(MADE, key(MADE)))


def _scheduled(session: GarminSession) -> Any:
    return session.post(f"/workout-service/schedule/{WORKOUT}", {"date": DAY.isoformat()})


OPERATIONS: dict[str, Operation] = {
    "activities": Operation(
        lambda s: [ref.remote_id for ref in _source(s).list_since(DAY.isoformat())], lambda r: r == [str(RUN)]
    ),
    "download": Operation(
        lambda s: _source(s).fetch(_ref()), lambda r: (r.kind, r.content) == ("fit", b"run")
    ),
    "detail": Operation(lambda s: _source(s).detail(_ref()), lambda r: (r.is_run, r.rpe) == (True, 4.0)),
    "splits": Operation(
        lambda s: s.get(f"/activity-service/activity/{RUN}/splits"), lambda r: len(r["lapDTOs"]) >= 1
    ),
    "points": Operation(
        lambda s: s.get(f"/activity-service/activity/{RUN}/details", maxChartSize=100_000, maxPolylineSize=0),
        lambda r: r["metricDescriptors"][0]["key"] == "sumElapsedDuration",
    ),
    "weather": Operation(lambda s: _source(s).weather(_ref()), lambda r: r == (15.0, 8.9)),
    "library": Operation(library, lambda r: [row.workout_id for row in r] == [str(WORKOUT)]),
    "workout": Operation(
        lambda s: s.get(f"/workout-service/workout/{WORKOUT}"), lambda r: r["workoutId"] == WORKOUT
    ),
    "create": Operation(_created, lambda r: r["workoutId"] > WORKOUT, writes=True),
    "replace": Operation(
        lambda s: s.put(f"/workout-service/workout/{WORKOUT}", encode(MADE, key(MADE))),
        lambda r: r is None,
        writes=True,
    ),
    "schedule": Operation(_scheduled, lambda r: r["calendarDate"] == DAY.isoformat(), writes=True),
    "calendar": Operation(
        lambda s: calendar_entries(s, ((2026, 3),)), lambda r: [each.day for each in r] == [DAY]
    ),
    "unschedule": Operation(
        lambda s: s.delete("/workout-service/schedule/1000010"), lambda r: r is None, writes=True
    ),
    "delete": Operation(
        lambda s: s.delete(f"/workout-service/workout/{WORKOUT}"), lambda r: r is None, writes=True
    ),
    "device": Operation(last_device_sync, lambda r: r.at == datetime(2026, 3, 17, 6, tzinfo=UTC)),
    "profile": Operation(
        lambda s: s.get("/userprofile-service/socialProfile"), lambda r: isinstance(r["profileId"], int)
    ),
    "gone": Operation(lambda s: s.get("/workout-service/workout/1"), lambda r: type(r).__name__ == "Gone"),
    "expired": Operation(lambda s: len(library(s)), lambda r: r == 1, prepare=_expired),
    "limited": Operation(
        library,
        lambda r: type(r).__name__ == "RateLimited",
        prepare=lambda service: service.faults.begin({0: Fault.TOO_MANY_WITH_TIME}),
    ),
}


def outcome(operation: Operation, session: GarminSession) -> Any:
    """What the operation returns, or the error that it ends in."""
    try:
        return operation.do(session)
    except ConnectorError as error:
        return error


def furnished() -> StandInGarminAccount:
    """An account in which every operation finds something; the same in every recording."""
    account = StandInGarminAccount()
    account.create_workout(encode(MADE, key(MADE)))
    account.schedules["1000010"] = {
        "id": 1_000_010, "workoutId": WORKOUT, "date": DAY.isoformat(), "protected": False,
    }  # fmt: skip
    account.workouts = {str(WORKOUT): next(iter(account.workouts.values())) | {"workoutId": WORKOUT}}
    account.next_id = 1_000_020
    start = datetime(2026, 3, 17, 7, tzinfo=UTC)
    recording = simulate(parse_workout("30s E + 30s E"), Runner(vdot=40), Scenario.PERFECT, seed=1)
    run = listed_run(recording, RUN, start, "run", workout_id=WORKOUT)
    run.detail["summaryDTO"]["directWorkoutRpe"] = 40
    account.add_activity(run.row, run.detail, b"run", {**run.parts, "weather": listed_weather(RUN, 59, 48)})
    account.sync_watch(datetime(2026, 3, 17, 6, tzinfo=UTC))
    return account


# --- recording and playing


class _Played(VCRHTTPResponse):  # type: ignore[misc]
    """As urllib3 hands out an answer: read in pieces, decoded."""

    def read1(self, amount: int = -1, decode_content: bool | None = None) -> bytes:
        return bytes(self._content.read1(amount))


vcr.stubs.VCRHTTPResponse = _Played


def recorder(record_mode: str, *, real: bool = False) -> vcr.VCR:
    """One that writes real host names and no secrets, and compares everything that is sent.

    `real`: the answers are somebody's own.
    """
    return vcr.VCR(
        record_mode=record_mode,
        match_on=("method", "scheme", "host", "path", "query", "body"),
        before_record_request=_request,
        before_record_response=_response_of_theirs if real else _response_of_ours,
        decode_compressed_response=True,
    )


def folder_of_version() -> Path:
    """Where the cassettes of the installed library are."""
    return FOLDER / f"garminconnect-{version('garminconnect')}"


def session_on(
    folder: Path, endpoints: Endpoints | None = None, account: StandInGarminAccount | None = None
) -> GarminSession:
    """A session with a login that is the same in every recording."""
    tokens = GarminTokenFile(folder / "garmin.json")
    tokens.save((account or StandInGarminAccount()).library_tokens(FAR))
    return GarminSession(
        tokens, budget=BudgetFile(GarminBudget), endpoints=endpoints or Endpoints(), spacing_s=0.0
    )


def record(folder: Path) -> None:
    """All operations, each from the same account."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yaml"):
        old.unlink()
    for name, operation in OPERATIONS.items():
        with tempfile.TemporaryDirectory() as scratch, GarminStandIn(furnished()).running() as service:
            endpoints = Endpoints(service.url, service.token_url)
            session = session_on(Path(scratch), endpoints, service.account)
            operation.prepare(service)
            with without_curl(), recorder("all").use_cassette(str(folder / f"{name}.yaml")):
                found = outcome(operation, session)
            if not operation.gives(found):
                raise SystemExit(f"{name}: {found!r} is not what the operation gives")
        path = folder / f"{name}.yaml"
        path.write_text(SYNTHETIC + path.read_text())


@contextmanager
def without_curl() -> Iterator[None]:
    """Let the library refresh through what a cassette sees; libcurl is invisible to it."""
    import garminconnect.client as package

    before, package.HAS_CFFI = package.HAS_CFFI, False
    try:
        yield
    finally:
        package.HAS_CFFI = before


# --- nothing that belongs to anybody

_KEPT_HEADERS = frozenset({"content-type", "accept", "content-length", "retry-after"})
_TOKENS = frozenset({"access_token", "refresh_token", "id_token", "serviceTicketId"})
_KINDS = re.compile(
    r"key$|^(item|intensity|step)?type$|^(unit|error)$", re.IGNORECASE
)  # of a fixed vocabulary
_TIME = re.compile(r"[\dT :.+Z-]{10,}")
_BORN = re.compile(r"birth", re.IGNORECASE)
_ID = re.compile(r"(id|pk|number)$", re.IGNORECASE)
_POSITION = re.compile(r"^(lat|lon|lng)|(Lat|Lon|Lng)$|latitude|longitude|polyline", re.IGNORECASE)
_FORM = re.compile(r"((?:refresh_token|service_ticket|access_token)=)[^&]*")
_LARGEST_PLAIN = 10_000  # ids of types stay below; those of things and people do not
NO_FILE = b"synthetic: a file was here"


def _request(request: Any) -> Any:
    parts = urlsplit(request.uri)
    host = AUTH if "/di-oauth2-service/" in parts.path else API
    request.uri = urlunsplit(("https", host, parts.path, parts.query, ""))
    request.headers = {k: v for k, v in request.headers.items() if k.lower() in _KEPT_HEADERS}
    if request.body:
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        request.body = _FORM.sub(r"\1SCRUBBED", body).encode()
    return request


def _response_of_ours(response: dict[str, Any]) -> dict[str, Any]:
    """Nothing of the stand-in belongs to anybody; its tokens only look as if they did."""
    return _response(response, without_tokens, lambda body: body)


def _response_of_theirs(response: dict[str, Any]) -> dict[str, Any]:
    return _response(response, scrubbed, lambda _: NO_FILE)


def _response(
    response: dict[str, Any], clean: Callable[[Any], Any], clean_file: Callable[[bytes], bytes]
) -> dict[str, Any]:
    response["headers"] = {k: v for k, v in response["headers"].items() if k.lower() in _KEPT_HEADERS}
    body = response["body"]["string"]
    try:
        cleaned = json.dumps(clean(json.loads(body)), separators=(",", ":")).encode()
    except ValueError:
        cleaned = clean_file(body) if body else body
    response["body"]["string"] = cleaned
    for name in [each for each in response["headers"] if each.lower() == "content-length"]:
        response["headers"][name] = [str(len(cleaned))]
    return response


def without_tokens(value: Any) -> Any:
    """The same, with another text for each token."""
    if isinstance(value, dict):
        return {k: "synthetic" if k in _TOKENS else without_tokens(v) for k, v in value.items()}
    return [without_tokens(each) for each in value] if isinstance(value, list) else value


def scrubbed(value: Any, name: str = "") -> Any:
    """The same shape and types, and nothing that tells who or where.

    Every text goes, unless it is a time or of a fixed vocabulary: the service adds fields whose
    names nobody foresees.
    """
    if isinstance(value, dict):
        return _without_columns({key: scrubbed(each, key) for key, each in value.items()})
    if isinstance(value, list):
        return [scrubbed(each, name) for each in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        kept = not _BORN.search(name) and (_KINDS.search(name) or _TIME.fullmatch(value))
        return value if kept and not _POSITION.search(name) else "synthetic"
    if _POSITION.search(name):
        return type(value)(0)
    return 1_000_000 if _ID.search(name) and value >= _LARGEST_PLAIN else value


def _without_columns(answer: dict[str, Any]) -> dict[str, Any]:
    """The points of a recording name their columns elsewhere."""
    columns = {
        each.get("metricsIndex")
        for each in answer.get("metricDescriptors") or []
        if _POSITION.search(str(each.get("key", "")))
    }
    for row in answer.get("activityDetailMetrics") or [] if columns else []:
        row["metrics"] = [0.0 if at in columns else each for at, each in enumerate(row["metrics"])]
    return answer


_OF_ANY_ACCOUNT = ("activities", "library", "calendar", "device", "profile")  # the rest asks for our ids


def record_real(folder: Path) -> None:
    """What only reads, from the account of the default profile."""
    from syncd.connectors.garmin.kept_login import KeptLogin
    from syncd.paths import locate

    kept = KeptLogin(locate().logins)
    folder.mkdir(parents=True, exist_ok=True)
    for name in _OF_ANY_ACCOUNT:
        path = folder / f"{name}.yaml"
        path.unlink(missing_ok=True)
        with without_curl(), recorder("all", real=True).use_cassette(str(path)):
            found = outcome(OPERATIONS[name], GarminSession(kept.tokens, budget=kept.budget))
        if path.exists():
            path.write_text(SCRUBBED_MARK + path.read_text())
        if isinstance(found, ConnectorError):
            raise SystemExit(f"{name}: {found}")
        print(f"{name}: kept in {path}")  # noqa: T201


if __name__ == "__main__":
    if "--real" in sys.argv:
        answer = input("Read the Garmin account of the default profile and keep scrubbed answers? (yes/no) ")
        if answer == "yes":
            record_real(FOLDER / f"real-{version('garminconnect')}")
    else:
        record(folder_of_version())
