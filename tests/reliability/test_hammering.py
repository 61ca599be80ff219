"""Service and command line at the same state, as fast as they can: nobody is locked out, nothing is lost.

SYNCD_HAMMER_S says for how many seconds. It takes all processors, so only .ci/run does that.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from syncd.paths import locate
from syncd.store import Store
from syncd.store.overrides import OverrideKind
from tests.cli.conftest import folders, initialised, once, syncd  # noqa: F401 - fixtures
from tests.support.watch import run_what_is_on_the_watch

SECONDS = float(os.environ.get("SYNCD_HAMMER_S", "0"))
pytestmark = [
    pytest.mark.skipif(not SECONDS, reason="SYNCD_HAMMER_S names no seconds"),
    pytest.mark.disk,  # a sync that takes its time holds the locks for as long
]


def command(*words):
    return subprocess.run([sys.executable, "-m", "syncd", *words], capture_output=True, text=True)


def test_commands_and_the_service_at_the_same_state(syncd, initialised, monkeypatch):  # noqa: F811
    inbox, outbox = initialised
    assert syncd("sync").code == 0
    run_what_is_on_the_watch(outbox, inbox, "2026-01-06")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:00:00+01:00")
    assert syncd("sync").code == 0
    ends = time.monotonic() + SECONDS
    failures, efforts, done = [], [], {}

    def hammer(name, words):
        number = 0
        while time.monotonic() < ends:
            said = command(*words(number))
            number += 1
            if said.returncode != 0 or "syncd:" in said.stderr:
                failures.append((name, said.returncode, said.stderr))
        done[name] = number

    def effort(number):
        value = 1 + number % 10
        efforts.append(value)
        return ("rpe", "1", str(value))

    hammers = {
        "sync": lambda _: ("sync", "--json"),
        "rpe": effort,
        "status": lambda _: ("status", "--json"),
        "tidy": lambda _: ("tidy",),
    }
    service = subprocess.Popen(
        [sys.executable, "-m", "syncd", "run"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    threads = [threading.Thread(target=hammer, args=each) for each in hammers.items()]
    for thread in threads:
        thread.start()
    looks = 0
    while time.monotonic() < ends:  # a look as often as the service can
        (locate().state / "service.wake").touch()
        service.send_signal(signal.SIGCHLD)  # a beat now, not in a minute
        looks += 1
        time.sleep(0.5)
    for thread in threads:
        thread.join()
    service.send_signal(signal.SIGTERM)
    said, _ = service.communicate(timeout=30)

    assert failures == []
    assert service.returncode == 0
    lines = [line for line in said.splitlines() if "sync: " in line]
    assert len(lines) >= 2
    assert not any(word in said for word in ("warning", "error", "locked", "in use"))
    assert all(number > 0 for number in done.values()), done
    with Store.open(locate().state) as store:
        kept = [
            json.loads(str(row["detail"]))["rpe"]
            for row in store.rows(
                "SELECT detail FROM words WHERE kind = ? ORDER BY id", (OverrideKind.RPE.value,)
            )
        ]
        assert kept == efforts
        assert store.activities.count_runs() == 1
        assert store.rows("PRAGMA integrity_check")[0][0] == "ok"
