"""The same delivery under strace: killed inside the kernel's calls, in an order that a power cut respects.

Skipped where processes cannot be traced. Every n-th call here; each one with SYNCD_SWEEP=full.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.athlete import furnished
from syncd.sandbox.weeks_on_garmin import foreign_to
from tests.connectors import killed_deliveries as deliveries
from tests.connectors.contract import TUESDAY
from tests.reliability.killed_on_garmin import GarminSink, Remote, cycle, recovered
from tests.support.power_cut import require_strace

CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,sendto,connect,unlink,rename,renameat,renameat2"
STEP = 1 if os.environ.get("SYNCD_SWEEP") == "full" else 37
WROTE = re.compile(r"^\d+\s+(?P<call>\w+)\((?P<arguments>.*)$")
FILE = re.compile(r"^\d+<(?P<path>/[^>]*)>")
MUTATES = re.compile(r'"(POST|PUT|DELETE) /(?!di-oauth2)')
pytestmark = [pytest.mark.long, pytest.mark.disk]


@pytest.fixture(scope="module")
def place(disk):
    """A service, a state in which five workouts are delivered, and that of the service then."""
    require_strace()
    folder, remote = Path(tempfile.mkdtemp(dir=disk)), Remote()
    account = StandInGarminAccount()
    furnished(account, TUESDAY - timedelta(days=15))
    GarminTokenFile(folder / "master" / "logins" / "garmin.json").save(account.library_tokens(time.time()))
    remote.put_back(account)
    cycle(folder / "master", remote.url, deliveries.BEFORE)
    yield folder, remote, remote.state()[0]
    remote.close()


def begun(place) -> Path:
    """The state at the beginning, on both sides."""
    folder, remote, account = place
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(folder / "master", home)
    remote.put_back(account)
    return home


def traced(place, home: Path, *options: str) -> tuple[int, list[str]]:
    """A delivery in a traced process: its exit code, and the trace."""
    folder, remote, _ = place
    log = folder / "trace"
    program = [sys.executable, "-m", "tests.reliability.killed_on_garmin", "cycle", str(home), remote.url]
    command = ["strace", "-f", "-y", "-s", "64", "-o", str(log), "-e", f"trace={CALLS}", *options, *program]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, log.read_text().splitlines()


def own(home: Path, lines: list[str]) -> list[tuple[str, str]]:
    """Call and arguments of what touches our files or the network."""
    found = [(m["call"], m["arguments"]) for line in lines if (m := WROTE.match(line))]
    return [(call, told) for call, told in found if str(home) in told or call in ("sendto", "connect")]


def test_everything_that_was_decided_is_on_the_disk_before_a_request_that_changes_something(place):
    home = begun(place)
    code, lines = traced(place, home)
    assert code == 0
    waiting, sent, synced = set(), 0, False
    for call, told in own(home, lines):
        file = FILE.match(told)
        path = file["path"] if file else ""
        if call in ("write", "pwrite64", "ftruncate") and not path.endswith(("-shm", ".lock")):
            waiting.add(path)
        elif call in ("fsync", "fdatasync"):
            waiting.discard(path)
            synced = True
        elif call == "sendto" and MUTATES.search(told):
            sent += 1
            assert waiting == set(), f"{told[:60]} went out before {waiting} was on the disk"
            assert synced, f"{told[:60]} went out, and nothing on the disk tells of it"
            synced = False
    assert sent >= 8


def test_a_delivery_that_is_killed_inside_any_call_ends_as_if_nothing_had_happened(place):
    _, remote, account = place
    theirs = foreign_to(account)
    home = begun(place)
    _, lines = traced(place, home)
    counts = Counter(m["call"] for line in lines if (m := WROTE.match(line)))
    ours = {call for call, _ in own(home, lines)}
    points = [(call, at) for call in sorted(ours) for at in range(1, counts[call] + 1)][::STEP]
    died, wrong = 0, []
    for call, at in points:
        home = begun(place)
        code, _ = traced(place, home, "-e", f"inject={call}:signal=SIGKILL:when={at}")
        died += code in (-9, 137)
        wrong += [f"{call} {at}: {each}" for each in recovered(home, remote, theirs, GarminSink)]
    assert wrong == []
    assert died > 0.9 * len(points) >= 4  # calls of the start-up differ by one or two from run to run
