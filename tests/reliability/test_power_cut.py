"""The power fails after any call: what the disk then holds is enough to go on as if nothing had happened.

One traced run gives every point at which the power can fail. Every n-th of them here, each with
SYNCD_SWEEP=full. Skipped where processes cannot be traced.
"""

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.athlete import furnished
from syncd.sandbox.weeks_on_garmin import foreign_to
from syncd.store import StoreError
from tests.connectors import killed_deliveries as deliveries
from tests.connectors.contract import TUESDAY
from tests.cycle.killed_cycles import begin, outcome
from tests.reliability.killed_on_garmin import GarminSink, Remote, cycle, recovered
from tests.support.power_cut import Disk, DiskEvent, events_of, require_strace
from tests.support.scene import Scene
from tests.support.sweep import FULL

ROOT = Path(__file__).parents[2]
SETTLES = ("sync", "folder-sync", "request")  # between these the disk holds nothing more for certain
STEP = 1 if FULL else 7
pytestmark = [pytest.mark.long, pytest.mark.disk]


@pytest.fixture(scope="module")
def folder(disk):
    require_strace()
    return Path(tempfile.mkdtemp(dir=disk))


def traced(home: Path, *program: str) -> tuple[Disk, list[DiskEvent]]:
    """The disk before a program runs, and what it then did."""
    before = Disk.of(home)
    return before, events_of(home, [sys.executable, "-m", *program], home.with_name("trace"), cwd=ROOT)


def wrong_after_cuts(
    home: Path, disk: Disk, events: list[DiskEvent], judge: Callable[[int], list[str]], step: int = STEP
) -> tuple[int, list[str]]:
    """How often the power failed, and what was wrong later. `judge` is given how many requests were out."""
    out, points, wrong, settled = 0, 0, [], 0
    for at, event in enumerate(events):
        disk.take(event)
        out += event.kind == "request"
        settled += event.kind in SETTLES
        strict = event.kind in SETTLES and settled % step == 0
        for chance in [None] * strict + [random.Random(at)] * (at % (3 * step) == 0):
            disk.leave(home, chance)
            points += 1
            try:
                found = judge(out)
            except (StoreError, AssertionError, OSError, ValueError) as error:
                found = [repr(error)]
            how = "nothing more" if chance is None else "by chance"
            wrong += [f"after {at} {event.kind} {event.path[-30:]}, {how}: {fault}" for fault in found]
    return points, wrong


@pytest.fixture(scope="module")
def garmin(folder):
    """A service, and a state in which five workouts are delivered."""
    remote, account = Remote(), StandInGarminAccount()
    furnished(account, TUESDAY - timedelta(days=15))
    GarminTokenFile(folder / "master" / "logins" / "garmin.json").save(account.library_tokens(time.time()))
    remote.put_back(account)
    cycle(folder / "master", remote.url, deliveries.BEFORE)
    yield remote, remote.state()[0]
    remote.close()


def delivery_in_the_dark(folder, garmin, *planted: str, step: int = STEP) -> tuple[int, list[str]]:
    remote, account = garmin
    theirs, home = foreign_to(account), folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(folder / "master", home)
    remote.put_back(account)
    disk, events = traced(
        home, "tests.reliability.killed_on_garmin", "cycle", str(home), remote.url, *planted
    )
    found = remote.found()
    assert len(found) == 1 + sum(event.kind == "request" for event in events) > 12

    def judge(requests_out: int) -> list[str]:
        remote.put_back(found[requests_out])
        return recovered(home, remote, theirs, GarminSink)

    return wrong_after_cuts(home, disk, events, judge, step)


def test_a_delivery_goes_on_from_what_the_disk_holds(folder, garmin):
    points, wrong = delivery_in_the_dark(folder, garmin)
    sys.stdout.write(f"\na delivery: {points} power cuts\n")
    assert wrong == []
    assert points >= 10


def test_the_cuts_find_a_program_that_syncs_nothing(folder, garmin):
    _, wrong = delivery_in_the_dark(folder, garmin, "unsynced", step=2)
    assert wrong


def test_a_whole_sync_goes_on_from_what_the_disk_holds(folder):
    master = Scene(folder / "scene")
    begin(master)
    whole = Scene(Path(shutil.copytree(master.folder, folder / "never cut")))
    whole.sync(1)
    expected = outcome(whole)
    home = Path(shutil.copytree(master.folder, folder / "cut"))
    disk, events = traced(home, "tests.cycle.killed_cycles", str(home), "once")

    def judge(_: int) -> list[str]:
        scene = Scene(home)
        scene.sync(1)
        found = outcome(scene)
        wrong = [f"{name} {found[name]}" for name in expected if found[name] != expected[name]]
        if not scene.sync(1).quiet:
            wrong.append("a further sync still finds something to do")
        return wrong

    points, wrong = wrong_after_cuts(home, disk, events, judge)
    sys.stdout.write(f"\na whole sync: {points} power cuts\n")
    assert wrong == []
    assert points >= 10
