"""Kill a delivery into a folder at each thing it does to the disk, run it again, and tell what is there.

Run as a program: it forks, which only a process without threads should do. A point lies before
every SQL statement that writes and every rename, removal and sync of a file.
"""

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from syncd.connectors.delivery import DeliveryReport
from syncd.connectors.folder import FolderSink
from syncd.store import Store
from tests.connectors.contract import EASY, INTERVALS, TUESDAY, WINDOW, key, synchronise, workout

KEEP, CHANGE, MOVE, DROP, NEW, BOTH = (
    workout(INTERVALS, name) for name in ("keep", "change", "move", "drop", "new", "both")
)
CHANGED, CHANGED_TOO = workout(EASY, "change"), workout(EASY, "both")
BEFORE = {
    key(KEEP, 1): (KEEP, TUESDAY),
    key(CHANGE, 2): (CHANGE, TUESDAY),
    key(MOVE, 3): (MOVE, TUESDAY),
    key(DROP, 4): (DROP, TUESDAY),
    key(BOTH, 6): (BOTH, TUESDAY),
}
AFTER = {
    key(KEEP, 1): (KEEP, TUESDAY),
    key(CHANGED, 2): (CHANGED, TUESDAY),
    key(MOVE, 3): (MOVE, TUESDAY + timedelta(days=1)),
    key(NEW, 5): (NEW, TUESDAY),
    key(CHANGED_TOO, 6): (CHANGED_TOO, TUESDAY + timedelta(days=1)),
}
STRANGERS = ("mine.fit", "2026-03-17 w12-5 new.fit", "notes.txt")
WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT")


def arm(lives: int) -> Callable[[], None]:
    """From now on this process dies at its `lives`-th change of the disk, counted from 0.

    What is returned counts one more point.
    """
    left = [lives]

    def point() -> None:
        if left[0] == 0:
            os._exit(9)
        left[0] -= 1

    def before(owner, name: str) -> None:
        real = getattr(owner, name)

        def counted(*arguments, **more):
            point()
            return real(*arguments, **more)

        setattr(owner, name, counted)

    for name in ("replace", "rename", "unlink", "fsync"):
        before(os, name)
    connect = sqlite3.connect

    def traced(*arguments, **more):
        connection = connect(*arguments, **more)
        connection.set_trace_callback(lambda sql: point() if sql.lstrip().startswith(WRITES) else None)
        return connection

    sqlite3.connect = traced
    return point


def cycle(home: Path, plan) -> DeliveryReport:
    with Store.open(home) as store:
        return synchronise(FolderSink(home / "outbox", "me"), store, plan)


def strangers(home: Path) -> list[str]:
    return [sha256((home / "outbox" / name).read_bytes()).hexdigest() for name in STRANGERS]


def begin(home: Path) -> None:
    outbox = home / "outbox"
    outbox.mkdir(parents=True)
    for name in STRANGERS:
        (outbox / name).write_bytes(f"the athlete's own {name}".encode())
    cycle(home, BEFORE)


def judged(home: Path, untouched: list[str]) -> list[str]:
    """What is wrong after the next cycle; empty when all is well."""
    wrong = []
    report = cycle(home, AFTER)
    if report.failed or report.unknown:
        wrong.append(f"not delivered: {report.failed} {report.unknown}")
    sink = FolderSink(home / "outbox", "me")
    listed = sink.list_owned(WINDOW)
    there = {
        (remote.key, remote.day, remote.intact, sink.read_back(remote.remote_id).content_hash)
        for remote in listed
    }
    if not all(remote.remote_id.startswith(f"{remote.day} {remote.key.tag} ") for remote in listed):
        wrong.append(f"names: {[remote.remote_id for remote in listed]}")
    if there != {(mark, day, True, mark.version) for mark, (_, day) in AFTER.items()}:
        wrong.append(f"listed: {sorted(map(str, there))}")
    with Store.open(home) as store:
        states = [row.state.value for row in store.ledger.rows("folder")]
    if states != ["done"] * len(AFTER):
        wrong.append(f"ledger: {states}")
    files = sorted(p.name for p in (home / "outbox").iterdir() if p.suffix == ".fit")
    if len(files) != len(AFTER) + len([name for name in STRANGERS if name.endswith(".fit")]):
        wrong.append(f"files: {files}")
    if strangers(home) != untouched:
        wrong.append("a file of the athlete was changed")
    if cycle(home, AFTER) != DeliveryReport():
        wrong.append("a second look still finds something to do")
    return wrong


def main(folder: Path, losing: str, step: int) -> None:
    master = folder / "master"
    begin(master)
    untouched = strangers(master)
    points, wrong, killed = 0, [], True
    while killed:
        home = folder / str(points)
        shutil.copytree(master, home)
        child = os.fork()
        if child == 0:
            arm(points)
            cycle(home, AFTER)
            os._exit(0)
        killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        for lost in [*home.glob("syncd.db*")] if losing == "database" else []:
            lost.unlink()
        if losing == "index":
            (home / "outbox" / ".syncd.json").unlink(missing_ok=True)
        wrong += [f"point {points}: {each}" for each in judged(home, untouched)]
        points += step * killed
    print(json.dumps({"points": points, "wrong": wrong}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
