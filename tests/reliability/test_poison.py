"""A recording that kills, hangs or swells whatever reads it, in whole syncs of the program."""

from __future__ import annotations

import ctypes
import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syncd.cli.main import main
from syncd.cycle import arrivals, set_aside
from syncd.daemon.child import Ended
from syncd.daemon.journal import RECORDING_SET_ASIDE
from syncd.daemon.sync_outcome import read_sync_outcome
from syncd.formats import reading_apart, recording
from syncd.formats.reading import ReadingLimits
from syncd.sandbox.fitfile import write_activity
from syncd.store.quarantine import Quarantine
from tests.support.strava_scene import recorded
from tests.support.sweep import FULL

pytestmark = pytest.mark.long

NOW = "2026-01-26T20:00:00+01:00"
GOOD = datetime.fromisoformat("2026-01-20T09:00:00+01:00")
POISON = b"<gpx>poison</gpx>"
LIMITS = ReadingLimits(memory_bytes=64 << 20, processor_s=30.0, deadline_s=60.0)
AT_ONCE = ReadingLimits(deadline_s=0.4)
Say = Callable[..., dict[str, Any]]


def swell() -> None:
    held = []
    while True:
        held.append(bytearray(1 << 20))


def nest() -> None:
    nest()


def loop() -> None:
    while True:
        pass


KINDS: dict[str, tuple[Callable[[], object], str]] = {
    "crash": (lambda: ctypes.string_at(0), "crashed"),
    "kill": (lambda: os.kill(os.getpid(), signal.SIGKILL), "killed"),
    "swell": (swell, "outgrew"),
    "loop": (loop, "too_long"),
    "nest": (nest, "fault"),
}


@dataclass
class Life:
    """An inbox with good runs around a poisoned one, and the program."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __post_init__(self) -> None:
        for name in ("inbox", "outbox"):
            (self.folder / name).mkdir()
        sections = {
            "athlete": {"timezone": "Europe/Rome"},
            "fitness": {"five_k": "25:00"},
            "folder": {name: str(self.folder / name) for name in ("inbox", "outbox")},
        }
        lines = [
            line
            for section, values in sections.items()
            for line in (f"[{section}]", *(f'{key} = "{value}"' for key, value in values.items()))
        ]
        (self.folder / "config.toml").write_text("\n".join(lines))
        for number, name in enumerate(("a", "c")):
            start = GOOD + timedelta(days=number)
            content = write_activity(recorded(), start=start, utc_offset=start.utcoffset() or timedelta(0))
            self.put(f"{name} good.fit", content)
        self.put("b poison.gpx", POISON)
        self.monkeypatch.setenv("SYNCD_NOW", NOW)

    def put(self, name: str, content: bytes) -> None:
        (self.folder / "inbox" / name).write_bytes(content)
        os.utime(self.folder / "inbox" / name, (1_700_000_000, 1_700_000_000))

    def plant(self, does: Callable[[], object], limits: ReadingLimits = LIMITS) -> None:
        read = recording.read_recordings

        def reading(content: bytes) -> object:
            return does() if content == POISON else read(content)

        self.monkeypatch.setattr(recording, "read_recordings", reading)
        self.monkeypatch.setattr(reading_apart, "ReadingLimits", lambda: limits)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output and complaints; 137 where the program itself was killed."""
        self.capsys.readouterr()
        code = main(["--config", str(self.folder / "config.toml"), *arguments])
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err

    def said(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(*arguments, "--json")[1])
        return found

    def runs(self) -> set[str]:
        """The recordings that became runs."""
        return {row["name"] for row in self.said("sync")["arrived"] if row["outcome"] == "run"}


@pytest.fixture
def life(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Life:
    return Life(tmp_path, capsys, monkeypatch)


@pytest.mark.parametrize("kind", KINDS if FULL else ("crash", "swell", "loop"))
def test_a_sync_goes_past_it_and_says_so(life: Life, kind: str) -> None:
    does, cause = KINDS[kind]
    life.plant(does, AT_ONCE if cause == "too_long" else LIMITS)
    code, out, err = life.run("sync", "--json")
    assert (code, err) == (0, "")
    report = json.loads(out)
    by_name = {row["name"]: row for row in report["arrived"]}
    if cause != "too_long":  # on a busy machine others take too long too
        assert [row["outcome"] for row in by_name.values()] == ["run", "unreadable", "run"]
    assert by_name["b poison.gpx"]["set_aside"] is True
    events = read_sync_outcome(Ended(0, out, "")).events
    assert [event.message_id for event in events if "b poison.gpx" in event.message] == [RECORDING_SET_ASIDE]


def test_status_and_doctor_name_it_until_it_is_tried_again(life: Life) -> None:
    life.plant(os.abort)
    life.run("sync")
    (aside,) = life.said("status")["set_aside"]
    assert (aside["name"], aside["cause"]) == ("b poison.gpx", "crashed")
    assert "1 recording set aside: b poison.gpx (its reader crashed)" in life.run("status")[1]
    doctor = {check["name"]: check for check in life.said("doctor")["checks"]}
    assert "b poison.gpx" in doctor["set aside"]["words"]
    assert doctor["set aside"]["state"] == "warn"
    life.plant(lambda: (_ for _ in ()).throw(AssertionError("read where nobody asked for it")))
    assert life.said("sync")["arrived"] == []
    life.monkeypatch.undo()
    life.monkeypatch.setenv("SYNCD_NOW", NOW)
    (again,) = life.said("sync", "--retry")["arrived"]
    assert (again["name"], again["set_aside"]) == ("b poison.gpx", False)
    assert life.said("status")["set_aside"] == []
    assert "set aside" not in {check["name"] for check in life.said("doctor")["checks"]}


def test_a_quiet_sync_starts_no_second_process(life: Life) -> None:
    (life.folder / "inbox" / "b poison.gpx").unlink()
    for _ in range(2):  # the second one still looks at what the new plan may have meant for the old runs
        life.run("sync")

    def refused() -> int:
        raise AssertionError("a process was started")

    life.monkeypatch.setattr(os, "fork", refused)
    assert life.run("sync", "--json")[0] == 0
    assert life.run("status", "--json")[0] == 0


def survives(life: Life) -> str:
    """What is wrong with how two killed syncs and a third one went; "" where nothing is."""
    for _ in range(set_aside.MOST_FAILURES):
        pid = os.fork()
        if not pid:
            try:
                life.run("sync", "--json")
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
    pid = os.fork()
    if not pid:
        try:
            names = life.runs()
            os._exit(0 if "c good.fit" in names else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return "the third sync was killed too"
    return "" if os.waitstatus_to_exitcode(status) in (0, 1) else "the third sync failed"


@dataclass
class HereOnly:
    """A version of syncd that reads in its own process."""

    def __init__(self, *_: object) -> None: ...

    def __enter__(self) -> HereOnly:
        return self

    def __exit__(self, *_: object) -> None: ...

    def read(self, content: bytes) -> object:
        return recording.read_recordings(content)


def test_even_one_that_takes_the_whole_sync_with_it_is_passed_the_third_time(life: Life) -> None:
    life.plant(lambda: os.kill(os.getpid(), signal.SIGKILL))
    life.monkeypatch.setattr(reading_apart, "ReadingApart", HereOnly)
    assert survives(life) == ""


PLANTED: dict[str, Callable[[pytest.MonkeyPatch], object]] = {
    "the attempt is not noted": lambda patch: patch.setattr(Quarantine, "begin", lambda *_: None),
    "what was interrupted is not counted": lambda patch: patch.setattr(
        arrivals, "attempt_at", lambda _world, ref, now: set_aside.ReadingAttempt(
            ref.source, ref.remote_id, ref.fingerprint, ref.name, set_aside.this_version(), now
        )
    ),
    "nothing is ever set aside": lambda patch: patch.setattr(arrivals, "is_set_aside", lambda *_: False),
}  # fmt: skip


@pytest.mark.parametrize("bug", PLANTED)
def test_the_harness_finds_planted_bugs(life: Life, bug: str) -> None:
    life.plant(lambda: os.kill(os.getpid(), signal.SIGKILL))
    life.monkeypatch.setattr(reading_apart, "ReadingApart", HereOnly)
    PLANTED[bug](life.monkeypatch)
    assert survives(life) == "the third sync was killed too"
