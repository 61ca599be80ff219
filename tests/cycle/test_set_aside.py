"""A recording that breaks its reader twice is set aside by name; everything behind it goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syncd.cycle import set_aside
from syncd.cycle.recordings import activity_in
from syncd.cycle.same_run import keep_recording
from syncd.cycle.set_aside import MOST_FAILURES, is_set_aside
from syncd.cycle.world import World
from syncd.domain.arrival import PayloadOutcome
from syncd.formats import recording
from syncd.formats.reading import Breakdown, BrokenDown, NoReader, ReadingLimits
from syncd.formats.reading_apart import ReadingApart
from syncd.store.quarantine import ReadingAttempt
from tests.support.scene import Scene
from tests.support.tracks import gpx, steady

POISON = b"<gpx>poison</gpx>"
LIMITS = ReadingLimits(memory_bytes=64 << 20, deadline_s=60.0)
Do = Callable[[], object]


@dataclass
class Poisoned(Scene):
    """Recordings are read in a process of their own, and one of them does what `does` says."""

    reading: ReadingApart | None = None

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        with super().world(now) as world:
            yield world if self.reading is None else replace(world, reading=self.reading)

    def put(self, name: str, content: bytes) -> Path:
        path = self.inbox / name
        path.write_bytes(content)
        os.utime(path, (1_700_000_000, 1_700_000_000))
        return path

    def attempts(self) -> tuple[ReadingAttempt, ...]:
        with super().world(self.at(0)) as world:
            return world.store.quarantine.failed(0)


def run_on(scene: Scene, day: int) -> bytes:
    """An hour in the morning of that day."""
    return gpx(steady(3600), start=scene.at(day, 7))


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Poisoned]:
    with ReadingApart(LIMITS) as reading:
        scene = Poisoned(tmp_path, reading=reading)
        scene.put("a good run.gpx", run_on(scene, 0))
        scene.put("b poison.gpx", POISON)
        scene.put("c good run.gpx", run_on(scene, 1))
        yield scene


@pytest.fixture
def plant(scene: Poisoned, monkeypatch: pytest.MonkeyPatch) -> Callable[[Do | None], None]:
    """What reading the poison does; None: nothing bad."""
    read = recording.read_recordings

    def planted(does: Do | None) -> None:
        def reading(content: bytes) -> object:
            if content == POISON and does is not None:
                does()
            return read(content)

        monkeypatch.setattr(recording, "read_recordings", reading)
        if scene.reading is not None:
            scene.reading.close()  # the next one reads so

    return planted


def test_what_is_behind_it_is_read_in_the_same_sync(scene: Poisoned, plant) -> None:
    plant(os.abort)
    report = scene.sync(2)
    outcomes = {arrived.name: arrived.outcome for arrived in report.arrived}
    assert outcomes == {
        "a good run.gpx": PayloadOutcome.RUN,
        "b poison.gpx": PayloadOutcome.UNREADABLE,
        "c good run.gpx": PayloadOutcome.RUN,
    }
    aside = next(arrived for arrived in report.arrived if arrived.set_aside)
    assert aside.reason.startswith("set aside: its reader crashed (SIGABRT)")
    assert report.problems == ()


def test_it_is_left_alone_from_then_on(scene: Poisoned, plant) -> None:
    tried = scene.folder / "tried"
    tried.touch()

    def crash() -> None:
        tried.write_text(tried.read_text() + "x")
        os.abort()

    plant(crash)
    for day in range(2, 6):
        scene.sync(day)
    assert tried.read_text() == "x" * MOST_FAILURES
    assert [attempt.remote_id for attempt in scene.attempts()] == ["b poison.gpx"]


def test_a_new_version_of_the_file_is_read(scene: Poisoned, plant) -> None:
    plant(os.abort)
    scene.sync(2)
    scene.put("b poison.gpx", run_on(scene, 2))
    assert [arrived.outcome for arrived in scene.sync(3).arrived] == [PayloadOutcome.RUN]
    assert scene.attempts() == ()


def test_one_that_is_gone_is_named_no_more(scene: Poisoned, plant) -> None:
    plant(os.abort)
    scene.sync(2)
    (scene.inbox / "b poison.gpx").unlink()
    scene.sync(3)
    assert scene.attempts() == ()


def test_another_version_of_syncd_tries_it_again(
    scene: Poisoned, plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(os.abort)
    scene.sync(2)
    plant(None)
    assert scene.sync(3).arrived == ()
    monkeypatch.setattr(set_aside, "this_version", lambda: "99.0")
    report = scene.sync(4)
    assert [(arrived.name, arrived.set_aside) for arrived in report.arrived] == [("b poison.gpx", False)]
    assert scene.attempts() == ()


def test_the_athlete_can_have_it_tried_again(scene: Poisoned, plant) -> None:
    plant(os.abort)
    scene.sync(2)
    plant(None)
    with scene.world(scene.at(3)) as world:
        assert world.store.quarantine.forgive() == 1
    assert [arrived.name for arrived in scene.sync(3).arrived] == ["b poison.gpx"]
    assert scene.attempts() == ()


def test_the_attempt_is_on_disk_before_the_bytes_are_looked_at(scene: Poisoned, plant) -> None:
    seen = scene.folder / "seen"

    def look() -> None:  # in a process of its own: SQLite does not bear to be forked
        program = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall())"
        sql = "SELECT remote_id, began FROM quarantine"
        command = [sys.executable, "-c", program, str(scene.state / "syncd.db"), sql]
        seen.write_text(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    plant(look)
    scene.sync(2)
    assert seen.read_text() == "('b poison.gpx', 1)\n"
    assert scene.attempts() == ()


def killed_in_a_sync(scene: Poisoned) -> None:
    """A sync that reads in its own process, which is killed."""
    pid = os.fork()
    if not pid:
        try:
            Poisoned(scene.folder).sync(2)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def test_a_sync_that_dies_of_it_twice_goes_past_it_the_third_time(scene: Poisoned, plant) -> None:
    plant(kill)
    for _ in range(MOST_FAILURES):
        killed_in_a_sync(scene)
    report = Poisoned(scene.folder).sync(2)
    assert [(arrived.name, arrived.set_aside) for arrived in report.arrived] == [
        ("b poison.gpx", True),
        ("c good run.gpx", False),
    ]


def test_what_may_not_be_its_fault_is_tried_again_a_day_later(scene: Poisoned, plant) -> None:
    plant(kill)
    scene.sync(2)
    plant(None)
    assert scene.sync(2, 22).arrived == ()
    assert [arrived.name for arrived in scene.sync(3, 21).arrived] == ["b poison.gpx"]
    assert scene.attempts() == ()


def test_an_order_to_stop_is_not_held_against_a_recording(scene: Poisoned, plant) -> None:
    class Stopped:
        def read(self, content: bytes) -> object:
            raise KeyboardInterrupt

    stopped = Poisoned(scene.folder, reading=Stopped())  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            stopped.sync(2)
    assert scene.attempts() == ()
    assert len(scene.sync(2).arrived) == 3


def test_where_no_process_can_be_started_everything_waits(scene: Poisoned) -> None:
    class Nobody:
        def read(self, content: bytes) -> object:
            raise NoReader(11, "no process can be started; the next sync tries again")

    waiting = Poisoned(scene.folder, reading=Nobody())  # type: ignore[arg-type]
    for _ in range(3):
        outcomes = {arrived.outcome for arrived in waiting.sync(2).arrived}
        assert outcomes == {PayloadOutcome.WAITING}
    assert scene.attempts() == ()
    assert len(scene.sync(2).arrived) == 3


def test_a_recording_that_is_kept_and_breaks_its_reader_is_left_alone_too(scene: Poisoned, plant) -> None:
    scene.put("b poison.gpx", b"")
    scene.sync(2)
    tries = []

    class Broken:
        def read(self, content: bytes) -> object:
            tries.append(content)
            raise BrokenDown(Breakdown.CRASHED, "SIGSEGV")

    with scene.world(scene.at(3)) as world:
        broken = replace(world, reading=Broken())  # type: ignore[arg-type]
        run = world.store.activities.newest(1)[0]
        assert [activity_in(broken, run.raw_hash) for _ in range(3)] == [None] * 3
        assert activity_in(world, run.raw_hash) is None
        assert len(tries) == MOST_FAILURES
        world.store.quarantine.forgive()
        assert activity_in(world, run.raw_hash) is not None


def test_a_fault_of_ours_in_what_follows_costs_that_recording_only(
    scene: Poisoned, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(world, raw, *more):  # as faults are that nobody has found yet
        if raw.ref.remote_id.startswith("a"):
            raise OverflowError("cannot convert float infinity to integer")
        return keep_recording(world, raw, *more)

    monkeypatch.setattr("syncd.cycle.arrivals.keep_recording", faulty)
    report = scene.sync(2)
    aside = [arrived for arrived in report.arrived if arrived.set_aside]
    assert [arrived.name for arrived in aside] == ["a good run.gpx"]
    assert "OverflowError" in aside[0].reason
    assert [arrived.name for arrived in report.arrived if arrived.outcome is PayloadOutcome.RUN] == [
        "c good run.gpx"
    ]


@pytest.mark.parametrize("cause", list(Breakdown))
def test_one_failure_sets_nothing_aside(scene: Poisoned, cause: Breakdown) -> None:
    now = scene.at(2)
    once = ReadingAttempt("folder", "x", "1", "x", set_aside.this_version(), now, failures=1, cause=cause)
    assert not is_set_aside(once, now)
    assert is_set_aside(replace(once, failures=MOST_FAILURES), now)
    later = now + timedelta(days=30)
    again = cause in (Breakdown.KILLED, Breakdown.INTERRUPTED)
    assert is_set_aside(replace(once, failures=MOST_FAILURES), later) is not again
