"""Recordings are read in a process of their own: what they do to it is done to nothing else."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syncd.formats import recording
from syncd.formats.fit import Unreadable
from syncd.formats.reading import Breakdown, BrokenDown, NoReader, ReadingLimits
from syncd.formats.reading_apart import ReadingApart
from tests.support.reading_bombs import SMALL

LIMITS = ReadingLimits(memory_bytes=48 << 20, processor_s=30.0, deadline_s=60.0, answer_bytes=1 << 20)
AT_ONCE = ReadingLimits(deadline_s=0.3)


def open_files() -> set[str]:
    return {place.name for place in Path("/proc/self/fd").iterdir()}


def crash() -> None:
    ctypes.string_at(0)


def grow() -> None:
    held = []
    while True:
        held.append(bytearray(1 << 20))


def go_on() -> None:
    while True:
        pass


def nest() -> None:
    nest()


def answer_much() -> Unreadable:
    return Unreadable("x" * (2 << 20))


ENDLESS: dict[str, Callable[[], object]] = {"a loop": go_on, "a nap": lambda: time.sleep(60)}
PLANTED: dict[str, tuple[Callable[[], object], Breakdown]] = {
    "a crash": (crash, Breakdown.CRASHED),
    "a kill": (lambda: os.kill(os.getpid(), signal.SIGKILL), Breakdown.KILLED),
    "an abort": (os.abort, Breakdown.CRASHED),
    "an exit": (lambda: os._exit(0), Breakdown.CRASHED),
    "another exit": (lambda: sys.exit(3), Breakdown.CRASHED),
    "memory": (grow, Breakdown.OUTGREW),
    "recursion": (nest, Breakdown.FAULT),
    "a fault": (lambda: {}["heart"], Breakdown.FAULT),
    "a large answer": (answer_much, Breakdown.OUTGREW),
}


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReadingApart]:
    """With a parser that does what the name in a payload says, and reads every other payload."""
    read = recording.read_recordings

    def planted(content: bytes) -> object:
        name = content.decode("ascii", "replace")
        if name in ENDLESS:
            return ENDLESS[name]()
        return PLANTED[name][0]() if name in PLANTED else read(content)

    monkeypatch.setattr(recording, "read_recordings", planted)
    with ReadingApart(LIMITS) as reader:
        yield reader


@pytest.mark.parametrize("what", PLANTED)
def test_whatever_a_recording_does_is_named_and_the_next_is_read(reading: ReadingApart, what: str) -> None:
    with pytest.raises(BrokenDown) as broken:
        reading.read(what.encode())
    assert broken.value.cause is PLANTED[what][1]
    assert not isinstance(reading.read(SMALL), Unreadable)


@pytest.mark.usefixtures("reading")
@pytest.mark.parametrize("what", ENDLESS)
def test_what_does_not_end_is_ended(what: str) -> None:
    with ReadingApart(AT_ONCE) as reader:
        with pytest.raises(BrokenDown) as broken:
            reader.read(what.encode())
        assert broken.value.cause is Breakdown.TOO_LONG
        assert reader.pid is None


def test_it_reads_what_is_read_here(reading: ReadingApart) -> None:
    assert repr(reading.read(SMALL)) == repr(recording.read_recordings(SMALL))  # nan is not nan
    assert reading.read(b"no recording") == recording.read_recordings(b"no recording")


def test_a_loop_ends_by_the_time_of_the_processor_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "read_recordings", lambda _: go_on())
    with (
        ReadingApart(ReadingLimits(processor_s=0.1, deadline_s=60)) as reader,
        pytest.raises(BrokenDown) as broken,
    ):
        reader.read(b"x")
    assert broken.value.cause is Breakdown.TOO_LONG
    assert "SIGXCPU" in broken.value.detail


def test_one_that_grows_is_ended_also_where_the_system_sets_no_limits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slowly() -> None:
        held = []
        while True:
            held.append(bytearray(os.urandom(1 << 20)))
            time.sleep(0.001)

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(recording, "read_recordings", lambda _: slowly())
    monkeypatch.setattr("resource.setrlimit", refused)
    with (
        ReadingApart(ReadingLimits(memory_bytes=32 << 20, deadline_s=60)) as reader,
        pytest.raises(BrokenDown) as broken,
    ):
        reader.read(b"x")
    assert broken.value.cause is Breakdown.OUTGREW


def test_one_that_ended_while_nobody_asked_is_replaced_without_a_word(reading: ReadingApart) -> None:
    reading.read(SMALL)
    first = reading.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert not isinstance(reading.read(SMALL), Unreadable)
    assert reading.pid != first


def test_it_works_where_nobody_is_told_of_children_that_end(reading: ReadingApart) -> None:
    earlier = signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # as some supervisors start what they watch
    try:
        for _ in range(2):
            with pytest.raises(BrokenDown) as broken:
                reading.read(b"a crash")
            assert broken.value.cause is Breakdown.CRASHED
        assert not isinstance(reading.read(SMALL), Unreadable)
        reading.close()
    finally:
        signal.signal(signal.SIGCHLD, earlier)


def test_an_order_to_stop_leaves_no_answer_behind(
    reading: ReadingApart, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    reading.read(SMALL)
    earlier = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(KeyboardInterrupt):
            reading.read(b"a nap")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)
    assert reading.pid is None
    assert not isinstance(reading.read(SMALL), Unreadable)


def test_it_starts_with_the_first_recording_and_is_gone_when_closed() -> None:
    open_before = open_files()
    with ReadingApart() as reader:
        assert reader.pid is None
        reader.read(SMALL)
        child = reader.pid
        assert child is not None
        assert open_before < open_files()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert open_files() == open_before


def test_it_holds_no_lock_and_no_file_of_the_process_that_started_it(tmp_path) -> None:
    with (tmp_path / "lock").open("w") as lock, ReadingApart() as reader:
        reader.read(SMALL)
        held = {str(place.readlink()) for place in Path(f"/proc/{reader.pid}/fd").iterdir()}
        assert lock.name not in held
        assert {place for place in held if not place.startswith("pipe:")} == {os.devnull}


def test_it_is_the_first_to_go_where_memory_runs_out() -> None:
    with ReadingApart() as reader:
        reader.read(SMALL)
        assert int(Path(f"/proc/{reader.pid}/oom_score_adj").read_text()) == 1000


def test_where_no_process_can_be_started_nothing_is_held_against_a_recording(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)
    with ReadingApart() as reader, pytest.raises(NoReader, match="next sync tries again"):
        reader.read(SMALL)
