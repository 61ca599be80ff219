"""Episodes of deliveries to Garmin Connect in which things go wrong, each from one seed.

No sockets: the real sink, delivery, reconcile, ledger and index talk to the stand-in's account
through a session that loses requests, answers and the process itself. Odd seeds leave out what
nobody can see through (a stale listing, a request that is carried out late) and ask for more: never
two copies at any moment.

    fault_fuzz.py FIRST COUNT
"""

import json
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from syncd.connectors.base import ConnectorError, DateRange, OutcomeUnknown, RateLimited
from syncd.connectors.delivery import deliver
from syncd.connectors.garmin.replies import Reply, fault_of, open_end
from syncd.connectors.garmin.sink import GarminSink
from syncd.domain.delivery.observation import Reading, observe
from syncd.domain.delivery.reconcile import reconcile
from syncd.domain.delivery.remote import Desired, LedgerState, find_key
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.answers import Request
from syncd.sandbox.garmin.athlete import furnished
from syncd.sandbox.garmin.routes import answer
from syncd.sandbox.weeks_on_garmin import foreign_to
from syncd.store import Store
from tests.connectors.contract import EASY, INTERVALS, key, workout

BEGIN = datetime.fromisoformat("2026-03-16T18:00:00+00:00")
TODAY = BEGIN.date()
CONTENTS = tuple(workout(each, "session") for each in (EASY, INTERVALS, "20min @5:50-6:40/km", "lap @Z2"))
KINDS = ("lost", "lost_after", "error_after", "limited", "died", "died_after", "html", "types")
UNSEEN = ("late", "stale")
TOKEN = "Bearer fuzz"


class Died(BaseException):
    """The process ends here."""


@dataclass
class Wire:
    """A session with a will of its own. `share` of the requests meet a fault."""

    account: StandInGarminAccount
    rng: Random
    share: float = 0.0
    kinds: tuple[str, ...] = KINDS
    faults: int = 0
    writes: int = 0
    late: list = field(default_factory=list)
    seen: dict = field(default_factory=dict)
    each_time: object = None

    def get(self, path, **params):
        return self._data("GET", path, {name: str(value) for name, value in params.items()})

    def post(self, path, body):
        return self._data("POST", path, body=body)

    def put(self, path, body):
        self._ask("PUT", path, body=body)

    def delete(self, path):
        self._ask("DELETE", path)

    def _data(self, method, path, query=None, body=None):
        reply = self._ask(method, path, query, body)
        try:
            return reply.json()
        except ValueError:
            raise open_end(method, "no data in the answer") from None

    def _carry_out(self, method, path, query, body):
        content = b"" if body is None else json.dumps(body).encode()
        told = answer(self.account, Request(method, path, query or {}, content, TOKEN), 0.0)
        if method != "GET":
            self.writes += 1
            if self.each_time is not None:
                self.each_time()
        return Reply(told.status, {"Content-Type": told.kind}, told.body)

    def _ask(self, method, path, query=None, body=None):
        kind = self.rng.choice(self.kinds) if self.rng.random() < self.share else ""
        self.faults += bool(kind)
        if kind == "died":
            raise Died
        if kind == "lost":
            raise open_end(method, "lost")
        if kind == "limited":
            raise RateLimited("later", BEGIN)
        if kind == "late" and method == "POST":
            self.late.append((method, path, query, body))
            raise OutcomeUnknown("late")
        if kind == "stale" and method == "GET" and path in self.seen:
            return self.seen[path]
        reply = self._carry_out(method, path, query, body)
        if method == "GET":
            self.seen[path] = reply
        if kind == "died_after":
            raise Died
        if kind in ("lost_after", "error_after"):
            raise open_end(method, kind)
        if kind == "html":
            reply = Reply(200, {"Content-Type": "text/html"}, b"<html>")
        if kind == "types":
            reply = Reply(200, {}, b'{"workoutId": [], "calendarItems": "none", "workouts": 3}')
        fault = fault_of(method, reply)
        if fault is not None:
            raise fault
        return reply

    def arrive_late(self):
        for each in self.late:
            self._carry_out(*each)
        self.late.clear()


@dataclass
class Episode:
    """One athlete, one plan that changes, and what goes wrong on the way."""

    seed: int
    store: Store
    index: Path
    made: type = GarminSink

    def __post_init__(self):
        self.rng = Random(self.seed)
        self.strict = self.seed % 2 == 1
        self.account = StandInGarminAccount()
        self.account.access["fuzz"] = float("inf")
        furnished(self.account, TODAY - timedelta(days=7))
        self.theirs = foreign_to(self.account)
        kinds = KINDS if self.strict else (*KINDS, *UNSEEN)
        self.wire = Wire(self.account, self.rng, kinds=kinds)
        self.plan = {}
        self.touched = set()
        self.now = BEGIN
        self.wrong = []
        self.stopped = False
        if self.strict:
            self.wire.each_time = self._never_twice
        self.index.unlink(missing_ok=True)
        forget(self.store)

    def run(self):
        for _ in range(self.rng.randint(2, 5)):
            self._change_the_plan()
            self._hand_of_the_athlete()
            self.wire.share = self.rng.choice((0.0, 0.1, 0.3))
            with suppress(Died):
                self._cycle()
            self._lose_something()
            self.now += timedelta(minutes=self.rng.choice((1, 11, 600)))
        self.wire.share = 0.0
        self.wire.arrive_late()
        for _ in range(4):  # absences are believed after two listings; a stale index after a night
            self._cycle()
            self.now += timedelta(minutes=13)
        self.now += timedelta(hours=25)
        for _ in range(3):
            self._cycle()
            self.now += timedelta(minutes=13)
        before = self.wire.writes
        self._cycle()
        if self.wire.writes != before:
            self.wrong.append("never comes to rest")
        self._judge()
        return self.wrong

    def _cycle(self):
        sink = self.made(self.wire, "me", self.index, self.now)
        window = DateRange(TODAY - timedelta(days=1), TODAY + timedelta(days=12))
        self.stopped = False
        try:
            listed = sink.list_owned(window)
            ledger = self.store.ledger.rows("garmin")
            reading = Reading(self.now, window.first, window.last)
            observed = observe(ledger, listed, reading, TODAY)
            ledger = observed.rows
            self.store.ledger.note_missing("garmin", ledger)
            if observed.several:
                self.stopped = True  # a person is asked
                return
            desired = [Desired(mark, day, made.name) for mark, (made, day) in self.plan.items()]
            actions = reconcile(desired, listed, ledger, today=TODAY)
            deliver(sink, self.store.ledger, actions, {m: w for m, (w, _) in self.plan.items()}, self.now)
        except ConnectorError:
            return

    def _change_the_plan(self):
        plan = {mark.session: (mark, each) for mark, each in self.plan.items()}
        for slot in range(1, 6):
            if self.rng.random() < 0.5:
                made = self.rng.choice(CONTENTS)
                mark = key(made, slot)
                day = TODAY + timedelta(days=self.rng.randint(0, 9))
                plan[mark.session] = (mark, (made, day))
            elif self.rng.random() < 0.2:
                plan.pop(key(CONTENTS[0], slot).session, None)
        self.plan = dict(plan.values())

    def _hand_of_the_athlete(self):
        """Moved, taken off the calendar, deleted or edited."""
        if self.rng.random() > 0.15:
            return
        ours = [
            (n, k) for n, each in self.account.workouts.items() if (k := find_key(str(each["description"])))
        ]
        if not ours:
            return
        number, mark = self.rng.choice(ours)
        self.touched.add(mark.session)
        entries = [str(e["id"]) for e in self.account.schedules.values() if str(e["workoutId"]) == number]
        what = self.rng.choice(("move", "take", "delete"))
        if what == "delete":
            self.account.delete_workout(number)
        elif entries and what == "take":
            self.account.unschedule(entries[0])
        elif entries:
            self.account.reschedule(entries[0], (TODAY + timedelta(days=self.rng.randint(0, 9))).isoformat())

    def _lose_something(self):
        if self.rng.random() < 0.05:
            self.index.unlink(missing_ok=True)
        if self.rng.random() < 0.05:
            forget(self.store)
            self.touched = {key(CONTENTS[0], slot).session for slot in range(1, 6)} & self.touched

    def _there(self):
        found = {}
        for number, each in self.account.workouts.items():
            mark = find_key(str(each["description"]))
            if mark is not None:
                days = sorted(
                    e["date"] for e in self.account.schedules.values() if str(e["workoutId"]) == number
                )
                found.setdefault(mark.session, []).append((mark.version, days))
        return found

    def _never_twice(self):
        for session, copies in self._there().items():
            if len(copies) > 1 or any(len(days) > 1 for _, days in copies):
                self.wrong.append(f"{session} was there twice: {copies}")

    def _judge(self):
        released = {
            row.key.session for row in self.store.ledger.rows("garmin") if row.state is LedgerState.RELEASED
        }
        wanted = {mark.session: (mark.version, [day.isoformat()]) for mark, (_, day) in self.plan.items()}
        there = self._there()
        for session in set() if self.stopped else {*wanted, *there} - released - self.touched:
            copies = there.get(session, [])
            if copies != ([wanted[session]] if session in wanted else []):
                self.wrong.append(f"{session}: there {copies}, wanted {wanted.get(session)}")
        for session, copies in there.items():
            # What arrives a day late for a session that is the athlete's by then stays: it is theirs. While a
            # person is asked nothing is taken away.
            if len(copies) > 1 and not self.stopped and (self.strict or session not in self.touched):
                self.wrong.append(f"{session} is there {len(copies)} times")
        if released - self.touched and self.strict:
            self.wrong.append(f"{released - self.touched} taken for the athlete's")
        if foreign_to(self.account) != self.theirs:
            self.wrong.append("something of the athlete's was touched")


def forget(store: Store) -> None:
    store._database.run("DELETE FROM ledger")
    store._database.run("DELETE FROM pushed")


def fuzz(first: int, count: int, made: type = GarminSink, until_wrong: bool = False) -> dict:
    wrong, faults, began = [], 0, time.monotonic()
    memory = Path("/dev/shm")  # noqa: S108 - syncs cost nothing there
    place = memory if memory.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as folder, Store.open(Path(folder)) as store:
        for seed in range(first, first + count):
            episode = Episode(seed, store, Path(folder) / "index.json", made)
            wrong += [f"seed {seed}: {each}" for each in episode.run()]
            faults += episode.wire.faults
            if wrong and until_wrong:
                break
    seconds = round(time.monotonic() - began, 1)
    return {"episodes": count, "faults": faults, "seconds": seconds, "wrong": wrong}


if __name__ == "__main__":
    told = fuzz(int(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps(told | {"wrong": told["wrong"][:20], "count": len(told["wrong"])}))  # noqa: T201
