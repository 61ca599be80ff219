"""Kill a delivery to Garmin Connect at each thing it does, run it again, and tell what is there.

Run as a program: the service is another process, and this one has no threads, so that it can fork.
A point lies before every SQL statement that writes, every rename, removal and sync of a file, and
everything that is sent over a connection.

    killed_on_garmin.py FOLDER nothing|database|index|both|recovery STEP [PLANTED]

STEP 1 is every point. PLANTED is a sink with a fault, to show that the sweep finds it.
"""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from copy import deepcopy
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path

import requests

from syncd.connectors.base import ConnectorError
from syncd.connectors.delivery import DeliveryReport
from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.sink import GarminSink
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.domain.delivery.remote import find_key
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.answers import as_json
from syncd.sandbox.garmin.athlete import furnished
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.garmin.sso import TOKEN_PATH
from syncd.sandbox.weeks_on_garmin import foreign_to
from syncd.store import Store
from tests.connectors import killed_deliveries as deliveries
from tests.connectors.contract import NOW, TUESDAY, synchronise


def serve() -> None:
    """The service as a process: its whole state can be read and put back, also as each request found it."""
    service, found = GarminStandIn(StandInGarminAccount()), []

    def control(request):
        if request.path == "/_found":
            return as_json(found)
        if request.path != "/_state":
            found.append(deepcopy(asdict(service.account)))
            return None
        if request.method == "PUT":
            service.account = StandInGarminAccount(**json.loads(request.body))
            service.requests.clear()
            found.clear()
        return as_json({"account": asdict(service.account), "requests": service.requests})

    service.control = control
    with service.running():
        print(service.url, flush=True)  # noqa: T201
        sys.stdin.read()


class Remote:
    """The service of another process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", __spec__.name, "serve"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def state(self) -> tuple[StandInGarminAccount, list[str]]:
        told = requests.get(f"{self.url}/_state", timeout=10).json()
        return StandInGarminAccount(**told["account"]), told["requests"]

    def found(self) -> list[StandInGarminAccount]:
        """The account as each request since it was put back found it, and as the last one left it."""
        found = requests.get(f"{self.url}/_found", timeout=10).json()
        return [*(StandInGarminAccount(**account) for account in found), self.state()[0]]

    def put_back(self, account: StandInGarminAccount) -> None:
        requests.put(f"{self.url}/_state", json=asdict(account), timeout=10)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class Forgetful(GarminSink):
    """Planted: what was asked for is remembered only when the answer is there."""

    def _save(self, index):
        index.pending = False
        for known in index.workouts.values():
            known.unsure = False
        super()._save(index)


class Blind(GarminSink):
    """Planted: the library is never looked through for what an earlier process left."""

    def _read_library(self, index):
        index.pending = False


SINKS = {each.__name__: each for each in (GarminSink, Forgetful, Blind)}


def cycle(home: Path, url: str, plan, made=GarminSink) -> DeliveryReport:
    endpoints = Endpoints(url, f"{url}{TOKEN_PATH}")
    session = GarminSession(
        GarminTokenFile(home / "logins" / "garmin.json"), endpoints=endpoints, spacing_s=0.0
    )
    with Store.open(home) as store:
        return synchronise(made(session, "me", home / "garmin" / "workouts.json", NOW), store, plan)


def arm(lives: int) -> None:
    """From now on this process dies at its `lives`-th step that others can see, counted from 0."""
    point = deliveries.arm(lives)

    def before(name: str) -> None:
        real = getattr(socket.socket, name)

        def sent(self, *arguments):
            point()
            return real(self, *arguments)

        setattr(socket.socket, name, sent)

    for name in ("connect", "sendall", "send"):
        before(name)


def killed(home: Path, url: str, at: int, made) -> bool:
    """A cycle in a child that dies at a point; whether it came so far."""
    child = os.fork()
    if child == 0:
        arm(at)
        with suppress(ConnectorError):
            cycle(home, url, deliveries.AFTER, made)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


class Unsynced(sqlite3.Connection):
    """Planted: nothing that is committed is on the disk."""

    def execute(self, sql, *values):
        return super().execute("PRAGMA synchronous=OFF" if "synchronous" in sql else sql, *values)


def forget_to_sync() -> None:
    """Planted: from now on this process syncs nothing."""
    os.fsync = lambda _: None
    sqlite3.connect = partial(sqlite3.connect, factory=Unsynced)


def judged(account: StandInGarminAccount, theirs: str) -> list[str]:
    """What differs from the plan on the service itself."""
    wanted = {mark.marker: day.isoformat() for mark, (_, day) in deliveries.AFTER.items()}
    wrong, found = [], {}
    for number, kept in account.workouts.items():
        mark = find_key(str(kept["description"]))
        if mark is None:
            continue
        days = [each["date"] for each in account.schedules.values() if str(each["workoutId"]) == number]
        if mark.marker in found or len(days) != 1:
            wrong.append(f"{mark.session} is there {1 + (mark.marker in found)} times, on {days}")
        found[mark.marker] = days[0] if days else None
    if found != wanted:
        wrong.append(f"there: {found}, wanted: {wanted}")
    if foreign_to(account) != theirs:
        wrong.append("something of the athlete's was touched")
    return wrong


def lose(home: Path, what: str) -> None:
    if what in ("database", "both"):
        for file in home.glob("syncd.db*"):
            file.unlink()
    if what in ("index", "both"):
        (home / "garmin" / "workouts.json").unlink(missing_ok=True)


def recovered(home: Path, remote: Remote, theirs: str, made) -> list[str]:
    """What is wrong after one undisturbed cycle, and whether a second one still finds something to do."""
    with suppress(ConnectorError):
        cycle(home, remote.url, deliveries.AFTER, made)
    account, before = remote.state()
    wrong = judged(account, theirs)
    if cycle(home, remote.url, deliveries.AFTER, made) != DeliveryReport():
        wrong.append("a second cycle still finds something to do")
    _, after = remote.state()
    if [each for each in after[len(before) :] if not each.startswith("GET ")]:
        wrong.append("a second cycle writes")
    return wrong


def main(folder: Path, losing: str, step: int, planted: str = "GarminSink", first: int = 0) -> None:
    made = SINKS[planted]
    remote = Remote()
    account = StandInGarminAccount()
    furnished(account, TUESDAY - timedelta(days=15))
    master = folder / "master"
    GarminTokenFile(master / "logins" / "garmin.json").save(account.library_tokens(time.time()))
    remote.put_back(account)
    cycle(master, remote.url, deliveries.BEFORE)
    begun, _ = remote.state()
    theirs = foreign_to(begun)
    points, at, wrong, alive = 0, first, [], False
    while not alive and not (wrong and made is not GarminSink):  # one fault that is found is enough
        home = folder / str(at)
        shutil.copytree(master, home)
        remote.put_back(begun)
        alive = not killed(home, remote.url, at, made)
        if losing == "recovery" and not alive:
            killed(home, remote.url, (at * 7) % 23, made)
        lose(home, losing)
        wrong += [f"point {at}: {each}" for each in recovered(home, remote, theirs, made)]
        shutil.rmtree(home)
        points += not alive
        at += step
    remote.close()
    print(json.dumps({"points": points, "wrong": wrong}))  # noqa: T201


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    elif sys.argv[1] == "cycle":
        if sys.argv[4:] == ["unsynced"]:
            forget_to_sync()
        cycle(Path(sys.argv[2]), sys.argv[3], deliveries.AFTER)
    else:
        main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
