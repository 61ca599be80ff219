"""Record columns to samples: time that rises, a speed column, the timer clock."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import isnan, nan
from operator import lt

from syncd.domain.activity import Samples
from syncd.formats.clock import (
    LONGEST_S,
    PAUSE_S,
    TOLERANCE_S,
    Stop,
    fitting_pauses,
    longest_rising,
    pauses,
    timer_column,
    usual_of,
    without_pauses,
)
from syncd.formats.fit.decode import Message
from syncd.formats.fit.profile import TIMER_START, TIMER_STOPS
from syncd.formats.fit.records import Records
from syncd.formats.plausible import FASTEST_MPS, SLACK_M, Cut, counted, rises_as_a_runner, walked


@dataclass(frozen=True, slots=True)
class TidyRecords:
    """Records whose time rises strictly, and what had to be done for it."""

    records: Records
    problems: tuple[str, ...] = ()


def tidy(records: Records) -> TidyRecords:
    """Drop records without a usable time and those that run backwards; join those of one second.

    Of a recording whose time jumps about, the longest rising part is kept.
    """
    times = records.time_s
    if all(map(lt, times, times[1:])) and _all_near(times):
        return TidyRecords(records)
    rows = longest_rising(times, _near_rows(times))
    problems: tuple[str, ...] = ()
    if lost := len(times) - len(rows):
        problems = (f"{lost} of {len(times)} records left out: without a time, or time runs backwards",)
    return TidyRecords(_joined(records, rows), problems)


def samples_of(
    records: Records, start_s: int, stops: Sequence[Stop], steps_per_cycle: int
) -> tuple[Samples, Cut]:
    """Samples of tidy records, and what was cut from their distance.

    `start_s` is zero of the elapsed clock, in FIT seconds.
    """
    elapsed = array("d", [time - start_s for time in records.time_s])
    timer = timer_column(elapsed, stops)
    cadence = records.cadence_rpm
    metres = _metres(records, elapsed, stops)
    return Samples(
        elapsed_s=elapsed,
        timer_s=timer,
        distance_m=metres.distance_m,
        speed_mps=_speeds(records, metres.distance_m, timer),
        heart_rate_bpm=records.heart_rate_bpm,
        altitude_m=records.altitude_m,
        cadence_spm=array("f", [x * steps_per_cycle for x in cadence]) if steps_per_cycle != 1 else cadence,
    ), metres


def _metres(records: Records, elapsed: Sequence[float], stops: Sequence[Stop]) -> Cut:
    """The counter without leaps; the way between the positions where there is no counter."""
    metres = records.distance_m
    if rises_as_a_runner(elapsed, metres):
        return Cut(metres)
    if records.has_position and not any(value > 0 for value in metres):
        way = walked(elapsed, records.lat, records.lon)
        if way.leaps or any(value > 0 for value in way.distance_m):
            return replace(way, distance_m=without_pauses(way.distance_m, elapsed, stops))
    return counted(elapsed, metres, 0.0)


def stops_of(
    events: Sequence[Message], records: Records, start_s: int, elapsed_s: float, timer_s: float | None
) -> tuple[Stop, ...]:
    """When the timer stood still, in elapsed seconds.

    As the timer events say, unless they contradict the device's own timer and records go on meanwhile; then
    from the gaps between records, if these agree better (exports from services drop the events). Where
    nothing says when the timer stood still, gaps of 30 s are pauses.
    """
    times = records.time_s
    end = max(elapsed_s, times[-1] - start_s if times else 0.0)
    marked = _marked_stops(events, start_s, end)
    missing = end - (timer_s or end)
    if not events and missing <= TOLERANCE_S:
        return _long_gaps(records, start_s)
    if timer_s is None:
        return marked
    mismatch = abs(missing - _total(marked))
    if mismatch <= TOLERANCE_S or (missing < _total(marked) and _are_silent(marked, times, start_s)):
        return marked
    elapsed = array("d", (time - start_s for time in times))
    span, metres = (min(elapsed, default=0.0), end), records.distance_m
    gaps, left = fitting_pauses(elapsed, metres, span, missing, usual_of(elapsed, metres))
    return gaps if abs(left) < mismatch else marked


def _long_gaps(records: Records, start_s: int) -> tuple[Stop, ...]:
    elapsed = array("d", (time - start_s for time in records.time_s))
    return pauses(elapsed, records.distance_m)


def _are_silent(stops: Sequence[Stop], times: Sequence[int], start_s: int) -> bool:
    """Whether nothing was recorded in any of the stops, and they are long enough to tell."""
    for begin, stop_end in stops:
        if stop_end - begin < PAUSE_S:
            return False
        first = bisect_right(times, begin + start_s + 1)
        if first < len(times) and times[first] < stop_end + start_s - 1:
            return False
    return bool(stops)


def _total(stops: Sequence[Stop]) -> float:
    return sum(end - start for start, end in stops)


def _marked_stops(events: Sequence[Message], start_s: int, end: float) -> tuple[Stop, ...]:
    timed = [(time - start_s, event) for event in events if (time := event.whole("timestamp")) is not None]
    stops: list[Stop] = []
    stopped_at: float | None = None
    for at, event in sorted(timed, key=lambda pair: pair[0]):
        kind = event.whole("event_type")
        if kind in TIMER_STOPS and stopped_at is None:
            stopped_at = at
        elif kind == TIMER_START and stopped_at is not None:
            stops.append((stopped_at, at))
            stopped_at = None
    if stopped_at is not None:
        stops.append((stopped_at, end))
    return tuple((max(a, 0.0), min(b, end)) for a, b in stops if max(a, 0.0) < min(b, end))


def _speeds(records: Records, way: Sequence[float], timer: Sequence[float]) -> array[float]:
    """The device's speed; where it has none, metres per timer second since the sample before.

    Of what lies several seconds after the sample before, too: the speed of a moment says little of them. By
    the device's own counter, so that a step that was cut has no speed; by `way` where it has none.
    """
    speeds, counter = records.speed_mps, records.distance_m
    is_whole = not any(map(isnan, speeds))
    if is_whole and len(timer) > 1 and timer[-1] - timer[0] <= _DENSE_S * len(timer):
        return speeds
    metres = counter if any(value > 0 for value in counter) else way
    out = array("f", speeds)
    for i in range(1, len(out)):
        seconds = timer[i] - timer[i - 1]
        if isnan(out[i]) or seconds >= _SPARSE_S:
            step = metres[i] - metres[i - 1]
            if seconds > 0 and 0 <= step <= FASTEST_MPS * seconds + SLACK_M:
                out[i] = step / seconds
            elif isnan(speeds[i]):
                out[i] = nan
    return out


# Our defaults: so many seconds from one record to the next, all in all and once.
_DENSE_S, _SPARSE_S = 1.5, 2.0


def _middle(times: Sequence[int]) -> int:
    known = sorted(time for time in times[:: len(times) // 1000 + 1] if time >= 0)
    return known[len(known) // 2] if known else 0


def _all_near(times: Sequence[int]) -> bool:
    middle = _middle(times)
    return not times or (times[0] >= 0 and middle - times[0] <= LONGEST_S and times[-1] - middle <= LONGEST_S)


def _near_rows(times: Sequence[int]) -> array[int]:
    middle = _middle(times)
    return array("q", (i for i, time in enumerate(times) if time >= 0 and abs(time - middle) <= LONGEST_S))


def _joined(records: Records, rows: Sequence[int]) -> Records:
    """The chosen rows; several within one second become one, with the values that any of them has."""
    out = Records(has_position=records.has_position)
    columns = [
        (getattr(records, column.name), getattr(out, column.name))
        for column in fields(Records)
        if column.name not in ("time_s", "has_position")
    ]
    for row in rows:
        time = records.time_s[row]
        if out.time_s and out.time_s[-1] == time:
            for source, target in columns:
                if isnan(target[-1]):
                    target[-1] = source[row]
            continue
        out.time_s.append(time)
        for source, target in columns:
            target.append(source[row])
    return out
