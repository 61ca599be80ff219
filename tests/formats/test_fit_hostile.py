"""Bytes that no device wrote: nothing raises, memory and time stay bounded."""

from __future__ import annotations

import os
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.activity import Activity
from syncd.domain.workout import flatten
from syncd.formats.fit import Unreadable
from syncd.formats.fit.activity import read_activity
from syncd.formats.fit.crc import checksum
from syncd.formats.fit.decode import decode
from syncd.formats.fit.workout import WorkoutFile, read_workout
from syncd.formats.recording import read_recordings
from tests.support.fitbytes import (
    ACTIVITIES,
    LAPS,
    MIDSUMMER_2024,
    SESSIONS,
    STEPS,
    define,
    file_id,
    fit,
    steady_records,
    timer_events,
)
from tests.support.shared import fit_files

START = MIDSUMMER_2024
ROUNDS = 100_000 if os.environ.get("SYNCD_SWEEP") == "full" else 2_500
SMALL_BYTES = 16_000
MEMORY_FLOOR = 16_000_000
MEMORY_PER_BYTE = 60
pytestmark = pytest.mark.long

_STEP = {"duration_type": 0, "duration_value": 60_000, "target_type": 2}
_REPEAT = {"index": 2, "duration_type": 6, "duration_value": 0, "target_value": 4, "skip_last": 1}
RECORDING = fit(
    file_id(),
    timer_events((0, 0), (40, 4), (50, 0), (90, 4)),
    STEPS.all([_STEP | {"index": 0}, _STEP | {"index": 1, "intensity": 4}, _REPEAT]),
    steady_records(range(90)),
    LAPS.all([{"start_time": START + 30 * k, "elapsed": 30, "timer": 30, "step": k} for k in range(3)]),
    SESSIONS.all([{"start_time": START, "sport": 1, "elapsed": 90, "timer": 80, "distance": 270}]),
    ACTIVITIES.all([{"timestamp": START + 90, "local_timestamp": START + 7290}]),
)


def seeds() -> list[bytes]:
    """Small files to damage: one made here, and the real ones where they are."""
    real = [path.read_bytes() for path in fit_files() if path.stat().st_size <= SMALL_BYTES]
    return [RECORDING, *(data for data in real if len(data) > 40)]


def repaired(data: bytearray) -> bytes:
    """Length and checksums put right, so that the damage gets past the door."""
    if len(data) > 20 and data[0] in (12, 14):
        data[4:8] = (len(data) - data[0] - 2).to_bytes(4, "little")
        if data[0] == 14:
            data[12:14] = checksum(bytes(data[:12])).to_bytes(2, "little")
        data[-2:] = checksum(bytes(data[:-2])).to_bytes(2, "little")
    return bytes(data)


def damaged(files: list[bytes], dice: random.Random) -> bytes:
    """A file with flipped bits, foreign bytes, a cut, a splice of another file, or several of them."""
    data = bytearray(dice.choice(files))
    for _ in range(dice.randint(1, 8)):
        place = dice.randrange(len(data))
        match dice.randrange(5):
            case 0:
                data[place] ^= 1 << dice.randrange(8)
            case 1 | 2:
                data[place] = dice.choice((0, 1, 0x40, 0x60, 0x80, 0xFF, dice.randrange(256)))
            case 3:
                other = dice.choice(files)
                start = dice.randrange(len(other))
                data[place : place + dice.randrange(40)] = other[start : start + dice.randrange(200)]
            case _ if dice.random() < 0.2:
                del data[max(place, 20) :]
        data = data or bytearray(b"\0")
    return repaired(data) if dice.random() < 0.6 else bytes(data)


def inputs() -> Iterator[bytes]:
    dice, files = random.Random(20_260_320), seeds()
    for _ in range(ROUNDS):
        yield damaged(files, dice)


def test_thousands_of_damaged_files_raise_nothing_and_give_sane_values():
    read = 0
    for data in inputs():  # both readers begin with decode
        assert isinstance(read_workout(data), WorkoutFile | Unreadable)
        activity = read_activity(data)
        if isinstance(activity, Activity):
            read += 1
            assert_sane(activity)
        else:
            assert activity.reason
    assert read > ROUNDS / 4


def assert_sane(activity: Activity) -> None:
    samples = activity.samples
    columns = (samples.timer_s, samples.distance_m, samples.speed_mps, samples.heart_rate_bpm)
    assert all(len(column) == len(samples) for column in columns)
    elapsed = list(samples.elapsed_s)
    assert elapsed == sorted(set(elapsed))
    assert all(lap.end_s >= lap.start_s for lap in activity.laps)
    assert activity.start.tzinfo is not None
    assert activity.rpe is None or 1 <= activity.rpe <= 10
    if activity.workout is not None:
        assert len(flatten(activity.workout)) <= 10_000
    assert activity.pace_s_per_km is None or activity.pace_s_per_km > 0


@given(st.binary(max_size=400))
def test_random_bytes_behind_a_good_header_raise_nothing(body: bytes):
    content = fit(body)
    assert all(reader(content) is not None for reader in (decode, read_activity, read_workout))


def _beats(count: int) -> bytes:
    """Records of two bytes each, a second apart, by compressed timestamps."""
    full = timer_events((0, 0), start=START)
    data = b"".join(bytes([0x80 | 2 << 5 | (START + k) & 31, 140]) for k in range(count))
    return fit(file_id(), full, define(2, 20, [(3, 1, 2)]), data)


def _wide_definitions(count: int) -> bytes:
    every = [(number, 1, 2) for number in range(255)]
    return fit(file_id(), define(1, 20, every) * count)


def _backwards(count: int) -> bytes:
    return fit(file_id(), steady_records(range(count, 0, -1)))


def _texts(count: int) -> bytes:
    one = define(7, 26, [(8, 255, 7), (17, 255, 7)])
    return fit(file_id(), one, (b"\x07" + b"\xff" * 510) * count)


def _laps_of_two_bytes(count: int) -> bytes:
    return fit(file_id(), define(2, 19, [(24, 1, 0)]), b"\x02\x00" * count)


def _twos_of_unknown(count: int) -> bytes:
    """Unknown messages in pairs of two kinds: the worst case for skipping by the run."""
    unknown = define(8, 900, [(0, 1, 2)]) + define(9, 901, [(0, 1, 2)])
    return fit(file_id(), unknown, b"\x08\x01\x08\x01\x09\x01\x09\x01" * count)


BOMBS: dict[str, Callable[[], bytes]] = {
    "records of two bytes": lambda: _beats(200_000),
    "definitions of 255 fields": lambda: _wide_definitions(300),
    "time that runs backwards": lambda: _backwards(30_000),
    "endless texts": lambda: _texts(1500),
    "laps of two bytes": lambda: _laps_of_two_bytes(100_000),
    "unknown messages in turn": lambda: _twos_of_unknown(30_000),
    "chained headers": lambda: fit() * 20_000,
    "empty definitions": lambda: fit(define(1, 20, []), b"\x01" * 200_000),
    "one value": lambda: b"\xff" * 600_000,
    "a long run": lambda: fit(file_id(), steady_records(range(20_000))),
}


@pytest.mark.parametrize("name", BOMBS)
def test_memory_and_time_stay_bounded(name: str):
    data = BOMBS[name]()
    read_activity(RECORDING)  # what is loaded once is not counted
    started = time.process_time()
    assert peak_memory(read_activity, data) <= MEMORY_FLOOR + MEMORY_PER_BYTE * len(data)
    assert time.process_time() - started < 30  # traced and on a busy machine; quadratic would be hours


def test_a_workout_reader_keeps_no_more_than_the_decoder():
    data = _beats(50_000)
    assert peak_memory(read_workout, data) <= MEMORY_FLOOR + MEMORY_PER_BYTE * len(data)


def test_small_real_files_stay_far_below_the_bound():
    for data in seeds():
        assert peak_memory(read_activity, data) <= 2_000_000 + MEMORY_PER_BYTE * len(data)


def peak_memory(reader: Callable[[bytes], object], data: bytes) -> int:
    tracemalloc.start()
    try:
        reader(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_bytes_of_no_kind_are_called_neither_xml_nor_a_web_page() -> None:
    for seed in range(60):
        found = read_recordings(random.Random(seed).randbytes(3000))
        assert isinstance(found, Unreadable)
        assert found.reason == "not a FIT file", seed
