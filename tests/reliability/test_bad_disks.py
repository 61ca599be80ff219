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
    for words in (
        ["sync"],
        ["run"],
        ["tidy"],
        ["sync", "--dry-run"],
        ["skip", "2026-01-06"],
        ["doctor", "--restore"],
    ):
        said = subprocess.run([sys.executable, "-m", "syncd", *words], capture_output=True, text=True)
        assert said.returncode == 1, words
        (line,) = said.stderr.splitlines()
        assert "read-only" in line.lower()
        assert "Traceback" not in line
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert syncd("sync").code == 0


READING = (
    ["status"],
    ["plan"],
    ["plan", "export"],
    ["next"],
    ["why"],
    ["zones"],
    ["score"],
    ["goal"],
    ["answer"],
    ["export", "{tmp}/mine"],
    ["report", "--out", "{tmp}/report.html"],
    ["calendar", "--out", "{tmp}/plan.ics"],
)


@pytest.mark.parametrize("left", ["closed", "killed"])
def test_on_a_read_only_disk_everything_can_still_be_read(
    syncd,  # noqa: F811
    initialised,  # noqa: F811
    small_disk,
    tmp_path,
    monkeypatch,
    left,
):
    inbox, outbox = initialised
    assert syncd("sync").code == 0
    run_what_is_on_the_watch(outbox, inbox, "2026-01-06")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:00:00+01:00")
    assert syncd("sync").code == 0
    written = Store.open(small_disk)
    if left == "killed":  # what was said last is in the log alone
        written.meta.set("settings.units", "mi")
    files = {path.name: path.read_bytes() for path in small_disk.glob("syncd.db*")}
    written.close()
    for path in small_disk.glob("syncd.db*"):
        path.unlink()
    for name, content in files.items():
        if not name.endswith("-shm"):
            (small_disk / name).write_bytes(content)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    for words in READING:
        said = syncd(*(word.format(tmp=tmp_path) for word in words))
        assert said.code == 0, said.err
        assert said.err.splitlines()[0].endswith(
            "cannot be written (read-only disk, or permissions): shown as it was left"
        )
    assert (" mi easy" in syncd("status").out) == (left == "killed")
    exported = [*(tmp_path / "mine").rglob("*")]
    assert {oct(path.stat().st_mode & 0o077) for path in exported} == {"0o0"}
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert syncd("sync").code == 0
