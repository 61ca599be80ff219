"""Record columns to samples: time that rises, a speed column, the timer clock."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from math import isnan, nan
from operator import lt

from syncd.domain.activity import Samples
from syncd.formats.fit.decode import Message
from syncd.formats.fit.profile import TIMER_START, TIMER_STOPS
from syncd.formats.fit.records import Records
from syncd.formats.fit.summary import LONGEST_S

# Our defaults. Stops are recorded in whole seconds: real files add up within 2.4 s. A gap shorter
# than 10 s is smart recording, not a pause.
CLOCK_TOLERANCE_S = 5.0
MIN_PAUSE_S = 10.0

Stop = tuple[float, float]


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
    rows = _longest_rising(times, _near_rows(times))
    problems: tuple[str, ...] = ()
    if lost := len(times) - len(rows):
        problems = (f"{lost} of {len(times)} records left out: without a time, or time runs backwards",)
    return TidyRecords(_joined(records, rows), problems)


def samples_of(records: Records, start_s: int, stops: Sequence[Stop], steps_per_cycle: int) -> Samples:
    """Samples of tidy records; `start_s` is zero of the elapsed clock, in FIT seconds."""
    elapsed = array("d", [time - start_s for time in records.time_s])
    timer = timer_column(elapsed, stops)
    cadence = records.cadence_rpm
    return Samples(
        elapsed_s=elapsed,
        timer_s=timer,
        distance_m=records.distance_m,
        speed_mps=_speeds(records, timer),
        heart_rate_bpm=records.heart_rate_bpm,
        altitude_m=records.altitude_m,
        cadence_spm=array("f", [x * steps_per_cycle for x in cadence]) if steps_per_cycle != 1 else cadence,
    )


def stops_of(
    events: Sequence[Message], times: Sequence[int], start_s: int, elapsed_s: float, timer_s: float | None
) -> tuple[Stop, ...]:
    """When the timer stood still, in elapsed seconds.

    As the timer events say, unless they contradict the device's own timer; then from the gaps
    between records, if these agree better (exports from services drop the events).
    """
    end = max(elapsed_s, times[-1] - start_s if times else 0.0)
    marked = _marked_stops(events, start_s, end)
    if timer_s is None:
        return marked
    missing = end - timer_s
    mismatch = abs(missing - _total(marked))
    if mismatch <= CLOCK_TOLERANCE_S:
        return marked
    gaps = _pauses_from_gaps(times, start_s, missing)
    return gaps if abs(missing - _total(gaps)) < mismatch else marked


def timer_column(elapsed: Sequence[float], stops: Sequence[Stop]) -> array[float]:
    """The elapsed clock without the stops; both in order of time."""
    if not stops:
        return array("d", elapsed)
    out = array("d")
    stopped, coming = 0.0, 0
    for moment in elapsed:
        while coming < len(stops) and stops[coming][1] <= moment:
            stopped += stops[coming][1] - stops[coming][0]
            coming += 1
        inside = max(0.0, moment - stops[coming][0]) if coming < len(stops) else 0.0
        out.append(moment - stopped - inside)
    return out


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


def _pauses_from_gaps(times: Sequence[int], start_s: int, missing: float) -> tuple[Stop, ...]:
    """The longest gaps between records that together fit into the time the timer lacks."""
    gaps = [(later - earlier, earlier - start_s) for earlier, later in pairwise(times)]
    if not gaps:
        return ()
    usual = sorted(length for length, _ in gaps)[len(gaps) // 2]
    pauses: list[Stop] = []
    for length, at in sorted(gaps, reverse=True):
        pause = length - usual
        if pause < MIN_PAUSE_S:
            break
        if pause <= missing + CLOCK_TOLERANCE_S:
            pauses.append((at + usual, at + length))
            missing -= pause
    return tuple(sorted(pauses))


def _speeds(records: Records, timer: Sequence[float]) -> array[float]:
    """The device's speed; where it has none, metres per timer second since the sample before."""
    speeds, distance = records.speed_mps, records.distance_m
    if not any(map(isnan, speeds)):
        return speeds
    out = array("f", speeds)
    for i in range(1, len(out)):
        if isnan(out[i]):
            metres, seconds = distance[i] - distance[i - 1], timer[i] - timer[i - 1]
            out[i] = metres / seconds if metres >= 0 and seconds > 0 else nan
    return out


def _middle(times: Sequence[int]) -> int:
    known = sorted(time for time in times[:: len(times) // 1000 + 1] if time >= 0)
    return known[len(known) // 2] if known else 0


def _all_near(times: Sequence[int]) -> bool:
    middle = _middle(times)
    return not times or (times[0] >= 0 and middle - times[0] <= LONGEST_S and times[-1] - middle <= LONGEST_S)


def _near_rows(times: Sequence[int]) -> array[int]:
    middle = _middle(times)
    return array("q", (i for i, time in enumerate(times) if time >= 0 and abs(time - middle) <= LONGEST_S))


def _longest_rising(times: Sequence[int], rows: array[int]) -> array[int]:
    """The longest part of `rows` in which time never goes back (patience sorting)."""
    tops: array[int] = array("q")  # the earliest time on which a part of each length can end
    top_at: array[int] = array("q")  # and the place in rows where it does
    before: array[int] = array("q")  # per place: the place before it, -1 at a beginning
    for place, row in enumerate(rows):
        time = times[row]
        length = bisect_right(tops, time)
        before.append(top_at[length - 1] if length else -1)
        if length == len(tops):
            tops.append(time)
            top_at.append(place)
        else:
            tops[length], top_at[length] = time, place
    chosen: array[int] = array("q")
    place = top_at[-1] if top_at else -1
    while place >= 0:
        chosen.append(rows[place])
        place = before[place]
    chosen.reverse()
    return chosen


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
