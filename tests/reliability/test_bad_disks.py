"""A full disk and one that turned read-only: said in one line, survived, and gone on from when it is over."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from syncd.daemon.state_file import wake
from syncd.paths import locate
from syncd.store import Store
from tests.cli.conftest import folders, initialised, once, syncd  # noqa: F401 - fixtures
from tests.support.watch import run_what_is_on_the_watch

PATIENCE_S = 60


@pytest.fixture
def small_disk(home):
    """The state lives on a disk of its own, of 3 MB."""
    state = locate().state
    state.mkdir(parents=True, mode=0o700)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m,mode=700", "none", state], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"mounting is refused here: {mounted.stderr.strip()}")
    yield state
    subprocess.run(["umount", "--lazy", state], capture_output=True)


@pytest.fixture
def service(tmp_path, small_disk, initialised, monkeypatch):  # noqa: F811
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:00:00+01:00")
    log = tmp_path / "service.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "syncd", "run"], stdout=out, stderr=out)

    def until(words, times=1):
        end = time.monotonic() + PATIENCE_S
        while log.read_text().count(words) < times:
            assert time.monotonic() < end, f"never said {words!r}: {log.read_text()}"
            assert process.poll() is None, f"it ended: {log.read_text()}"
            time.sleep(0.05)  # a real process takes its own time
        return log.read_text()

    def look():
        wake(small_disk)
        process.send_signal(signal.SIGCHLD)  # a beat now, not in a minute

    until("sync: ")
    yield until, look
    process.terminate()
    assert process.wait(30) == 0


def fill(folder):
    with contextlib.suppress(OSError), (folder / "filler").open("wb") as file:
        while True:
            file.write(b"x" * 4096)
            file.flush()


def test_a_full_disk_is_said_and_the_run_is_taken_when_there_is_room(syncd, initialised, small_disk, service):  # noqa: F811
    inbox, outbox = initialised
    until, look = service
    fill(small_disk)
    run_what_is_on_the_watch(outbox, inbox, "2026-01-06")
    os.utime(inbox / "2026-01-06.fit", (1, 1))
    look()
    said = until("no room to write")
    assert "Traceback" not in said
    (small_disk / "filler").unlink()
    look()
    until("sync: 1 run")
    with Store.open(small_disk) as store:
        assert store.rows("PRAGMA integrity_check")[0][0] == "ok"


def test_on_a_read_only_disk_nothing_starts_and_one_line_says_so(syncd, initialised, small_disk):  # noqa: F811
    assert syncd("sync").code == 0
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    for words in (["sync"], ["run"], ["tidy"]):
        said = subprocess.run([sys.executable, "-m", "syncd", *words], capture_output=True, text=True)
        assert said.returncode == 1, words
        (line,) = said.stderr.splitlines()
        assert "read-only" in line.lower()
    assert syncd("status").code == 1
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert syncd("sync").code == 0
