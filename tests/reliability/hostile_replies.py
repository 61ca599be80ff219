"""Whole syncs against services that answer with nonsense: one answer of one endpoint at a time.

Each try begins with the same athlete: workouts on the calendar, one run on each service since. One endpoint
answers with something made to break what reads it; the sync has to end with a report, take the run of the
other service, and be whole again in the next sync.
"""

from __future__ import annotations

import copy
import json
import random
import re
import shutil
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from syncd.connectors.garmin.sink import GarminSink
from syncd.cycle.world import World
from syncd.domain.notation import parse_workout
from syncd.sandbox.garmin.answers import Request, StandInReply
from syncd.sandbox.stand_in import RequestOutcome, StandIn
from tests.support.both_services import BothServices, on_both

SLOWEST_S = 60.0  # on a busy machine; most take half a second
_NUMBER = re.compile(r"\d+")
_HOLD = "HOLD"
Mend = Callable[[bytes], bytes]


@dataclass
class OnBothEnds(BothServices):
    """Runs come from both services; workouts go to Garmin's calendar."""

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        with super().world(now) as world:
            sink = GarminSink(self.session(), "me", self.folder / "garmin" / "workouts.json", now)
            yield replace(world, sink=sink)


def endpoint_of(request: Request) -> str:
    """`GET /activity-service/activity/N/details`."""
    return f"{request.method} {_NUMBER.sub('N', request.path)}"


@dataclass(frozen=True)
class Attack:
    """What one endpoint answers: `body` makes it of the right answer."""

    endpoint: str
    name: str
    body: Mend
    kind: str = "application/json"


@dataclass
class Outcome:
    """What came of one attack. `wrong` is empty where the sync bore it."""

    attack: Attack
    wrong: str = ""
    seconds: float = 0.0


@dataclass
class Hostile:
    """The services of a scene, one of whose endpoints may answer with nonsense."""

    scene: OnBothEnds
    attack: Attack | None = None
    seen: dict[str, bytes] = field(default_factory=dict)
    hit: int = 0

    def __post_init__(self) -> None:
        for service in (self.scene.service, self.scene.strava.service):
            self._intercept(service)

    def _intercept(self, service: StandIn) -> None:
        honest = service.answered

        def answered(request: Request) -> RequestOutcome:
            outcome = honest(request)
            endpoint = endpoint_of(request)
            self.seen.setdefault(endpoint, outcome.reply.body)
            if self.attack is None or self.attack.endpoint != endpoint:
                return outcome
            self.hit += 1
            body = self.attack.body(outcome.reply.body)
            headers = {**outcome.reply.headers}
            return replace(outcome, reply=StandInReply(200, body, self.attack.kind, headers=headers))

        service.answered = answered  # type: ignore[method-assign]


# --- nonsense


def _always(body: bytes) -> Mend:
    return lambda _: body


def _deep(opening: bytes, count: int) -> bytes:
    return opening * count


WHOLE: Mapping[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "an empty list": b"[]",
    "an empty object": b"{}",
    "a number": b"3",
    "a text": b'"x"',
    "true": b"true",
    "not a number": b"NaN",
    "infinity": b"[Infinity, -Infinity]",
    "a list of nulls": b"[null, null]",
    "a list of lists": b"[[], [[]], {}]",
    "a list of texts": b'["a", "b"]',
    "lists in lists": _deep(b"[", 100_000),
    "lists in lists that end": _deep(b"[", 5_000) + _deep(b"]", 5_000),
    "objects in objects": _deep(b'{"a":', 100_000),
    "a million nulls": b"[" + b"null," * 1_000_000 + b"null]",
    "a million objects": b"[" + b"{}," * 1_000_000 + b"{}]",
    "a million empty lists in an object": b'{"calendarItems":[' + b"[]," * 1_000_000 + b"[]]}",
    "a text of 8 MB": b'"' + b"x" * (8 << 20) + b'"',
    "a number of 5,000 digits": b"[" + b"9" * 5_000 + b"]",
    "a number of 4,000 digits": b'{"id":' + b"9" * 4_000 + b"}",
    "bytes that are no text": b"\xff\xfe\x00\x80" * 50,
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf[]",
    "a web page": b"<!DOCTYPE html><title>Login</title>",
    "half an answer": b'{"activityId": 5, "name": "x',
    "keys that are twice there": b'{"id": 1, "id": null, "activityId": 2, "activityId": "x"}',
    "half a character": b'{"name": "\\ud800", "activityName": "\\udfff"}',
    "60 MB of blanks": b" " * (60 << 20),
    "60 MB of lists": b"[" + b"[]," * (20 << 20) + b"[]]",
}  # fmt: skip
LEAVES: Mapping[str, Any] = {
    "null": None,
    "true": True,
    "a text": "x",
    "an empty text": "",
    "half a character": "\ud800",
    "a nul": "a\0b\nc\x1b[31m",
    "a long text": "x" * 200_000,
    "a list": [],
    "a list of nonsense": [None, {}, "x", [1]],
    "an object": {},
    "minus one": -1,
    "nought": 0,
    "1e308": 1e308,
    "-1e308": -1e308,
    "a tiny number": 5e-324,
    "infinity": float("inf"),
    "not a number": float("nan"),
    "a large whole number": 10**400,
    "2**63": 2**63,
    "2**31": 2**31,
    "the year 1": "0001-01-01T00:00:00.0",
    "the year 9999": "9999-12-31T23:59:59.9",
    "the year 9999 with a space": "9999-12-31 23:59:59",
    "the year 1 with a zone": "0001-01-01T00:00:00+14:00",
}  # fmt: skip


def whole_attacks(endpoint: str) -> Iterator[Attack]:
    """The whole answer is something else."""
    for name, body in WHOLE.items():
        kind = "text/html" if name == "a web page" else "application/json"
        yield Attack(endpoint, name, _always(body), kind)


def leaf_attacks(endpoint: str, body: bytes) -> Iterator[Attack]:
    """One value in the right answer is something else; a list of a thousand is tried at its ends."""
    try:
        right = json.loads(body)
    except ValueError:
        return
    for place in _places(right):
        for name, value in LEAVES.items():
            yield Attack(endpoint, f"{'.'.join(map(str, place))} is {name}", _with(place, value))


def download_attacks(endpoint: str) -> Iterator[Attack]:
    """Archives in place of the recording."""
    from tests.support.bombs import FIT, PACKED, XML

    for name, bomb in PACKED.items():
        if bomb.ending == "zip":
            yield Attack(endpoint, name, _written(bomb.write, 200_000), "application/zip")
    for name, bomb in {**XML, **FIT}.items():
        yield Attack(endpoint, f"zipped {name}", _zipped(bomb, 150_000), "application/zip")


def _written(write: Callable[[int], Any], size: int) -> Mend:
    return lambda _: b"".join(write(size))


def _zipped(bomb: Any, size: int) -> Mend:
    from tests.support.bombs import as_zip

    return lambda _: b"".join(as_zip([(f"1.{bomb.ending}", bomb.write(size))]))


def _places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if at:
        yield at
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _places(inner, (*at, name))
    elif isinstance(value, list) and value:
        for number in sorted({0, len(value) - 1}):
            yield from _places(value[number], (*at, number))


def _with(place: tuple[str | int, ...], value: Any) -> Mend:
    def changed(body: bytes) -> bytes:
        try:
            whole = json.loads(body)
            inner = whole
            for name in place[:-1]:
                inner = inner[name]
            inner[place[-1]] = value
        except (ValueError, LookupError, TypeError):
            return body  # another answer of this endpoint: it has no such place
        return json.dumps(whole).encode()

    return changed


# --- a try


@dataclass
class Battlefield:
    """An athlete whose state, and whose accounts, are as they were before each attack."""

    scene: OnBothEnds
    hostile: Hostile
    kept: Path
    accounts: tuple[Any, Any]

    def begin_anew(self) -> None:
        """As before the first attack."""
        for name in ("state", "garmin", "logins", "inbox", "outbox", "strava"):
            shutil.rmtree(self.scene.folder / name, ignore_errors=True)
            if (self.kept / name).exists():
                shutil.copytree(self.kept / name, self.scene.folder / name)
        self.scene.service.account, self.scene.strava.service.account = copy.deepcopy(self.accounts)

    def suffer(self, attack: Attack) -> Outcome:
        """One sync with the attack, and one without."""
        self.begin_anew()
        began = time.monotonic()
        self.hostile.attack = attack
        try:
            wrong = self._wrong_under_attack(attack)
            self.hostile.attack = None
            if not wrong:
                wrong = self._wrong_afterwards()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the harness looks for
            frames = [f for f in traceback.extract_tb(error.__traceback__) if "/src/syncd/" in f.filename]
            where = (
                f"{frames[-1].filename.rpartition('/src/syncd/')[2]}:{frames[-1].lineno}" if frames else "?"
            )
            wrong = f"{type(error).__name__} in {where}: {error}"[:200]
        finally:
            self.hostile.attack = None
        outcome = Outcome(attack, wrong, time.monotonic() - began)
        if not wrong and outcome.seconds > SLOWEST_S:
            outcome.wrong = f"took {outcome.seconds:.0f} s"
        return outcome

    def _wrong_under_attack(self, attack: Attack) -> str:
        self.scene.sync(1, 21)
        mine = "garmin" if self._is_garmins(attack.endpoint) else "strava"
        others = [source for source in self.sources() if source != mine]
        return "" if others else f"the run of the other service was lost to {mine}"

    def _wrong_afterwards(self) -> str:
        """Sound answers heal: nothing fails any more two hours later."""
        report = self.scene.sync(1, 23)
        problems = [str(problem) for problem in report.problems]
        return f"still wrong two hours later: {problems[0]}" if problems else ""

    def sources(self) -> set[str]:
        """Where the recordings that are kept come from."""
        with self.scene.world(self.scene.at(1)) as world:
            rows = world.store.rows("SELECT DISTINCT source FROM recordings WHERE gone IS NULL")
        return {str(row["source"]) for row in rows}

    def _is_garmins(self, endpoint: str) -> bool:
        return "/api/v" not in endpoint and "/oauth" not in endpoint


@contextmanager
def battlefield(folder: Path) -> Iterator[Battlefield]:
    """Ready for attacks, with every endpoint seen once."""
    with on_both(folder / "scene") as made:
        scene = OnBothEnds(made.folder, service=made.service, strava=made.strava)
        scene.sync(0, 20)
        short = parse_workout("10min E")
        scene.to_garmin(1, scene.ran(1, short), hour=7)
        scene.to_strava(1, scene.ran(1, short, seed=5), hour=17)
        kept = folder / "kept"
        shutil.copytree(scene.folder, kept)
        accounts = copy.deepcopy((scene.service.account, scene.strava.account))
        field_of = Battlefield(scene, Hostile(scene), kept, accounts)
        field_of.begin_anew()
        scene.sync(1, 21)
        yield field_of


def attacks_on(seen: Mapping[str, bytes], dice: random.Random, share: float) -> list[Attack]:
    """Every attack on every endpoint, or a share of them that has each kind."""
    found: list[Attack] = []
    for endpoint, body in sorted(seen.items()):
        found += whole_attacks(endpoint)
        found += leaf_attacks(endpoint, body)
        if "download-service" in endpoint:
            found += download_attacks(endpoint)
    return [attack for attack in found if share >= 1 or dice.random() < share]
